"""What an error of the Web API's means: come back later, or never. Pure.

Codes: Slack, the methods' reference pages, "Errors".
"""

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import NotifierLater, NotifierRefused

UNREACHABLE = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError)
"""Everything that a call of the Web API raises when it does not succeed."""

PASSING = frozenset(
    {
        "accesslimited",
        "account_inactive",
        "fatal_error",
        "internal_error",
        "invalid_auth",
        "missing_scope",
        "not_authed",
        "rate_limited",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
"""Slack is not well, or the operator has to mend the token: the message is kept until then."""

LONGEST_SECONDS = 60.0


def code_of(error: Exception) -> str:
    """Slack's code, the HTTP status of an answer without one, or the kind of breakage."""
    response = error.response if isinstance(error, SlackApiError) else None
    if response is None:
        return type(error).__name__
    code = response.get("error") if isinstance(getattr(response, "data", None), dict) else None
    return str(code) if code else f"http_{status_of(error)}"


def status_of(error: Exception) -> int:
    """The HTTP status of Slack's answer, 0 for none."""
    response = error.response if isinstance(error, SlackApiError) else None
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0) or 0)


def meaning(error: Exception, tries: int) -> NotifierLater | NotifierRefused:
    """The error as the core knows it; without advice from Slack the wait grows with the number of tries."""
    code, status = code_of(error), status_of(error)
    if status == 429:
        return NotifierLater(retry_after(error), code)
    if status == 200 and code not in PASSING:
        return NotifierRefused(code)
    return NotifierLater(min(LONGEST_SECONDS, 2.0 ** min(tries, 10)), code)


def retry_after(error: Exception) -> float:
    """Return the seconds that Slack asks to wait, 1 when it does not say."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    given = str(headers.get("Retry-After") or headers.get("retry-after") or "")
    return max(1.0, float(given)) if given.isdigit() else 1.0
