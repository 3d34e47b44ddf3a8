"""Are the tokens good? Asked once, so that a wrong one ends the start with a line instead of silence."""

from dataclasses import dataclass

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from handlers.transport.api_errors import UNREACHABLE, code_of

log = structlog.get_logger(__name__)

REFUSED = frozenset(
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
"""Slack's codes for a token that it will not take, now or later (the two methods' pages, "Errors")."""


@dataclass(frozen=True)
class RefusedToken:
    """The setting that holds the token, what it was used for, and Slack's code."""

    name: str
    method: str
    code: str


async def refusals(slack: AsyncWebClient, app_token: str | None) -> tuple[RefusedToken, ...]:
    """Return each token that Slack refuses; a Slack that is not reached refuses nothing."""
    found = [await _asked("SLACK_BOT_TOKEN", slack, "auth.test", slack.token)]
    if app_token:
        found.append(await _asked("SLACK_APP_TOKEN", slack, "apps.connections.open", app_token))
    return tuple(refused for refused in found if refused)


async def _asked(name: str, slack: AsyncWebClient, method: str, token: str | None) -> RefusedToken | None:
    try:
        await slack.api_call(method, headers={"Authorization": f"Bearer {token}"})
    except UNREACHABLE as error:
        code = code_of(error)
        if code in REFUSED:
            return RefusedToken(name, method, code)
        log.warning("token_not_checked", token=name, reason=code)
    return None
