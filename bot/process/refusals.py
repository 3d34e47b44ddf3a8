"""What Slack and the cloud refuse to the bot itself: tokens, scopes, keys, permissions. For `readyz`."""

import time
from collections.abc import Callable

import structlog
from cachetools import TTLCache

from bot.alibaba.errors import KEYS_REFUSED, refusal
from bot.errors import NOT_ALLOWED

log = structlog.get_logger(__name__)

REMEMBERED_SECONDS = 300.0
"""How long a refusal counts that isn't met again: in HTTP mode who isn't ready is asked nothing."""
OF_THE_KEYS = KEYS_REFUSED | {"cloud-clock"}
NO_CREDENTIALS = "credentials"
OPEN_SOCKET = "apps.connections.open"
"""Its refusals are the connection's trouble."""
SLACK_TOKEN, CLOUD_KEYS = "Slack refuses the bot token", "the cloud refuses the credentials"


class Refusals:
    """Standing refusals, by a sentence; an answer to the same thing takes them back. Each is logged once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._standing: TTLCache[str, str] = TTLCache(100, REMEMBERED_SECONDS, clock)

    def called_slack(self, method: str, outcome: str) -> None:
        """Take note of a call of Slack's: a refused token is every method's, a missing scope this one's."""
        if method == OPEN_SOCKET:
            return
        if outcome == "ok":
            self._take_back(SLACK_TOKEN, f"Slack refuses {method}")
        elif outcome == "missing_scope":
            self._stand(f"Slack refuses {method}", outcome)
        elif outcome in NOT_ALLOWED:
            self._stand(SLACK_TOKEN, outcome)

    def called_cloud(self, operation: str, code: str) -> None:
        """Take note of a call of the cloud's: refused keys are every operation's, a permission this one's."""
        explanation = refusal(code, 0).explanation
        if code == "OK":
            self._take_back(CLOUD_KEYS, f"the cloud refuses {operation}")
        elif explanation in OF_THE_KEYS or code == NO_CREDENTIALS:
            self._stand(CLOUD_KEYS, code)
        elif explanation == "cloud-forbidden":
            self._stand(f"the cloud refuses {operation}", code)

    def reasons(self) -> tuple[str, ...]:
        """Return what stands, a sentence each; `image-bot doctor` says what to do."""
        return tuple(f"{what}: {code}" for what, code in self._standing.items())

    def _stand(self, what: str, code: str) -> None:
        if what not in self._standing:
            log.error("bot_refused", sentence=f"{what}: {code}", todo="run `image-bot doctor`")
        self._standing[what] = code

    def _take_back(self, *what: str) -> None:
        for each in what:
            if self._standing.pop(each, None):
                log.info("bot_refused_no_more", sentence=each)
