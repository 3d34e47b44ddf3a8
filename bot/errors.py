"""Every exception that the bot raises on purpose, as one tree split by what to do about it.

    ImageBotError
    ├── CloudError            the cloud didn't do what we asked
    │   ├── CloudRefused      final, and nothing was made: tell the person
    │   ├── CloudBusy         not now, and nothing was made by this call: ask again later
    │   ├── CloudUnknown      it may or may not have happened: look before asking again
    │   ├── CloudUnreachable  the request never left: safe to send again
    │   └── CloudCredentials  there is nobody to sign as: the operator has to act
    ├── StoreUnavailable      the database can't be used now: nothing was written
    │   └── StoreOutcomeUnknown  it failed while committing: look before writing again
    ├── DirectoryDown         Slack can't say who somebody is: anything that depends on it is denied
    ├── SlackDoesNotTell      Slack can't say who and what exists: we don't say it either
    ├── NotifierLater         Slack can't take the message now: come back
    ├── NotifierNowhere       the place doesn't accept it until somebody there lets the bot in
    ├── NotifierFrozen        what was posted can no longer be edited
    ├── NotifierRefused       Slack will never take the message
    ├── BadSettings           the environment can't be used (bot.settings)
    └── IllegalEvent          the lifecycle has no such step (bot.domain.lifecycle)

What people are told about a `CloudError` is its `explanation`, a key of the message catalog.
"""

# The names say what happened, as httpx names do; the tree above says that they are errors.

from enum import StrEnum

from bot.network_words import in_words

__all__ = [
    "NO_CREDENTIALS",
    "CloudBusy",
    "CloudCredentials",
    "CloudError",
    "CloudRefused",
    "CloudUnknown",
    "CloudUnreachable",
    "DirectoryDown",
    "Fault",
    "ImageBotError",
    "NotifierFrozen",
    "NotifierLater",
    "NotifierNowhere",
    "NotifierRefused",
    "Retry",
    "SlackDoesNotTell",
    "StoreOutcomeUnknown",
    "StoreUnavailable",
]


class ImageBotError(Exception):
    """The root of the tree."""


class Fault(StrEnum):
    """Who can do something about a refusal."""

    REQUESTER = "requester"
    OPERATOR = "operator"
    CLOUD = "cloud"
    NOBODY = "nobody"


class Retry(StrEnum):
    """Whether the same request may be sent again."""

    NEVER = "never"
    LATER = "later"
    LOOK_FIRST = "look_first"


class CloudError(ImageBotError):
    """One call to the cloud that failed.

    Attributes:
        code: the cloud's own error code, or one of the client's own for what never became an answer.
        message: the cloud's own sentence in English, "" when it gave none. Never holds a secret.
        status: the HTTP status, None when there was no answer.
        request_id: the cloud's id of the call, None when there was no answer or it named none.
        operation: the API operation, such as "CreateImageByInstance".
        fault, retry: who can act, and whether to send again.
        explanation: key of the sentence in the message catalog.
        retry_after: seconds that the cloud asked to wait, None when it did not say.
    """

    def __init__(
        self,
        code: str,
        message: str = "",
        status: int | None = None,
        request_id: str | None = None,
        operation: str = "",
        *,
        fault: Fault = Fault.CLOUD,
        retry: Retry = Retry.NEVER,
        explanation: str = "cloud-other",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(code, message, status, request_id, operation)
        self.code = code
        self.message = message
        self.status = status
        self.request_id = request_id
        self.operation = operation
        self.fault = fault
        self.retry = retry
        self.explanation = explanation
        self.retry_after = retry_after

    @property
    def words(self) -> str:
        """The code, or in words what kept an answer away."""
        return in_words(self.code, self.message)

    def __str__(self) -> str:
        status = f" (HTTP {self.status})" if self.status else ""
        message = f": {self.message}" if self.message else ""
        request_id = f" [{self.request_id}]" if self.request_id else ""
        return f"{self.operation}: {self.code}{status}{message}{request_id}"


class CloudRefused(CloudError):
    """The cloud said no for good; nothing was made."""


class CloudBusy(CloudError):
    """The cloud said not now (throttled, quota, task under way); this call made nothing."""


class CloudUnknown(CloudError):
    """Time-out after sending, connection lost, 5xx or an unreadable answer: look before asking again."""


class CloudUnreachable(CloudError):
    """No connection was made, so nothing was sent: safe to send again."""


NO_CREDENTIALS = "credentials"
"""The code of a `CloudCredentials`: ours, as nobody was asked. Its message names files, for the operator."""


class CloudCredentials(CloudError):
    """The credential chain gave nothing to sign with; nothing was sent."""


class StoreUnavailable(ImageBotError):
    """The database is down, locked for too long or does not answer; `reason` is the kind of failure.

    The message has the database's own words, which name hosts and files: for the operator, not for a page.
    """

    def __init__(self, reason: str, said: str = "") -> None:
        super().__init__(f"the database can't be used: {said or reason}")
        self.reason = reason


class StoreOutcomeUnknown(StoreUnavailable):
    """A commit was on its way when the database failed or time ran out: it may or may not be there."""


NOT_ALLOWED = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)
"""Slack's codes for a token that it doesn't accept, or not for that call (the methods' pages, "Errors")."""


class DirectoryDown(ImageBotError):
    """Slack did not answer a question about people, and nothing fresh enough is remembered."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Slack cannot say who is who: {reason}")
        self.reason = reason

    @property
    def lasts(self) -> bool:
        """Whether waiting won't help: an operator has to give the bot a scope or a token."""
        return self.reason in NOT_ALLOWED


class SlackDoesNotTell(ImageBotError):
    """Slack could not be asked who and what exists.

    Attributes:
        code: Slack's code, or the kind of breakage.
        needed: the scope that is missing, "" when none is.
    """

    def __init__(self, code: str, needed: str = "") -> None:
        super().__init__(f"Slack doesn't tell who and what exists: {in_words(code)}")
        self.code = code
        self.needed = needed


class NotifierLater(ImageBotError):
    """Slack asked to come back in `seconds`, or was not reached.

    Attributes:
        in_doubt: the message may be there or not, so look before posting it again.
        operator: what the operator has to fix, in a few words; "" if it passes on its own.
    """

    def __init__(
        self, seconds: float, reason: str = "", *, in_doubt: bool = True, operator: str = ""
    ) -> None:
        super().__init__(f"Slack takes it in {seconds:g} s: {reason}")
        self.seconds = seconds
        self.reason = reason
        self.in_doubt = in_doubt
        self.operator = operator


class NotifierNowhere(ImageBotError):
    """The channel doesn't take messages of the bot now; nothing was posted. Come back in `seconds`."""

    def __init__(self, code: str, seconds: float = 60.0) -> None:
        super().__init__(f"the channel doesn't take it: {code}")
        self.code = code
        self.seconds = seconds


class NotifierFrozen(ImageBotError):
    """The message stays as it is: Slack no longer lets anybody edit it."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Slack lets nobody edit it: {code}")
        self.code = code


class NotifierRefused(ImageBotError):
    """Slack will not take the message, now or later; `code` is Slack's error code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Slack refused the message: {code}")
        self.code = code
