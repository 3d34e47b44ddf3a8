"""What Slack and the cloud refuse to the bot itself: tokens, scopes, keys, permissions. For `readyz`."""

import time
from collections.abc import Callable

import structlog
from cachetools import TTLCache

from bot.alibaba.errors import KEYS_REFUSED, refusal
from bot.errors import NOT_ALLOWED
from handlers.transport.api_errors import SLOWEST_SECONDS
from handlers.transport.questions import OPEN_SOCKET

log = structlog.get_logger(__name__)

REMEMBERED_SECONDS = SLOWEST_SECONDS + 60.0
"""How long a refusal counts that isn't met again; what is tried again meets it sooner."""
OF_THE_KEYS = KEYS_REFUSED | {"cloud-clock"}
NO_CREDENTIALS = "credentials"
TOKEN, KEYS = "the bot token", "the credentials"


class Refusals:
    """Current refusals, by what is refused; a later success removes them.

    Several may be one sentence, which is told and logged once: a scope that three methods miss.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._standing: TTLCache[str, str] = TTLCache(100, REMEMBERED_SECONDS, clock)

    def called_slack(self, method: str, outcome: str, scope: str = "") -> None:
        """Take note of a call of Slack's: a refused token is every method's, a missing scope this one's."""
        if method == OPEN_SOCKET:  # the connection's own trouble
            return
        if outcome == "ok":
            self._take_back(TOKEN, method)
        elif outcome == "missing_scope" and scope:
            self._stand(method, f"SLACK_BOT_TOKEN lacks the scope {scope}")
        elif outcome == "missing_scope":
            self._stand(method, f"Slack refuses {method}: {outcome}")
        elif outcome in NOT_ALLOWED:
            self._stand(TOKEN, f"Slack refuses {TOKEN}: {outcome}")

    def called_cloud(self, operation: str, code: str) -> None:
        """Take note of a call of the cloud's: refused keys are every operation's, a permission this one's."""
        explanation = refusal(code, 0).explanation
        if code == "OK":
            self._take_back(KEYS, operation)
        elif explanation in OF_THE_KEYS or code == NO_CREDENTIALS:
            self._stand(KEYS, f"Alibaba Cloud refuses {KEYS}: {code}")
        elif explanation == "cloud-forbidden":
            self._stand(operation, f"Alibaba Cloud refuses {operation}: {code}")

    def reasons(self) -> tuple[str, ...]:
        """Return what stands, a sentence each; `image-bot doctor` says what to do."""
        return tuple(dict.fromkeys(self._standing.values()))

    def _stand(self, what: str, sentence: str) -> None:
        if sentence not in self.reasons():
            log.error("bot_refused", sentence=sentence, todo="run `image-bot doctor`")
        self._standing[what] = sentence

    def _take_back(self, *what: str) -> None:
        for each in what:
            sentence = self._standing.pop(each, None)
            if sentence and sentence not in self.reasons():
                log.info("bot_refused_no_more", sentence=sentence)
