"""Slack's rate limits: a tier of calls a minute per method, one post a second per channel."""

import math

from bot.playground.slack.web_api.arguments import Arguments
from bot.playground.slack.web_api.methods import Method
from bot.playground.slack.workspace import Workspace

POST_BURST = 3
"""chat.postMessage: one a second per channel, short bursts allowed (docs.slack.dev, Rate limits).

How long a burst may be isn't documented; 3 is our reading.
"""

BURST = 10
"""Calls at once that any tier accepts; our reading, so that an app can open its ten connections."""


class Rates:
    """Token buckets, full at the start."""

    def __init__(self, workspace: Workspace) -> None:
        self._clock = workspace.clock
        self._conditions = workspace.conditions
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait(self, name: str, method: Method, arguments: Arguments) -> int:
        """Return the seconds until this call would be accepted; 0 if it's accepted now."""
        if self._conditions.distributed and method.reads == "history":
            return self._take(f"{name}:distributed", 1 / 60, 1)
        if not self._conditions.rate_limits:
            return 0
        if method.per_minute == 0:
            return self._take(f"{name}:{arguments.text('channel')}", 1.0, POST_BURST)
        return self._take(name, method.per_minute / 60, max(method.per_minute, BURST))

    def _take(self, key: str, per_second: float, size: int) -> int:
        now = self._clock()
        level, since = self._buckets.get(key, (float(size), now))
        level = min(float(size), level + (now - since) * per_second)
        if level < 1:
            self._buckets[key] = (level, now)
            return max(1, math.ceil((1 - level) / per_second))
        self._buckets[key] = (level - 1, now)
        return 0
