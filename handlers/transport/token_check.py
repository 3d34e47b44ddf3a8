"""Are the tokens good? Asked once, so that a wrong one ends the start with a line instead of silence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True)
class TokenCheck:
    """The tokens that Slack refuses, and what auth.test tells of the bot; None when Slack wasn't reached."""

    refused: tuple[RefusedToken, ...] = ()
    identity: Mapping[str, Any] | None = None


async def check_tokens(slack: AsyncWebClient, app_token: str | None) -> TokenCheck:
    """Ask Slack about each token; a Slack that isn't reached refuses nothing."""
    answers = [await _asked("SLACK_BOT_TOKEN", slack, "auth.test", slack.token)]
    identity = answers[0] if isinstance(answers[0], Mapping) else None
    if app_token:
        answers.append(await _asked("SLACK_APP_TOKEN", slack, "apps.connections.open", app_token))
    return TokenCheck(tuple(each for each in answers if isinstance(each, RefusedToken)), identity)


async def _asked(
    name: str, slack: AsyncWebClient, method: str, token: str | None
) -> RefusedToken | Mapping[str, Any] | None:
    try:
        answer = await slack.api_call(method, headers={"Authorization": f"Bearer {token}"})
    except UNREACHABLE as error:
        code = code_of(error)
        if code in REFUSED:
            return RefusedToken(name, method, code)
        log.warning("token_not_checked", token=name, reason=code)
        return None
    return answer.data if isinstance(answer.data, dict) else None
