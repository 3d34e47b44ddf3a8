"""Are the tokens good? Asked once, so that a wrong one ends the start with a line instead of silence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NOT_ALLOWED
from handlers.transport.questions import Answer, ask

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class TokenCheck:
    """What Slack says to each token; `app` is None where there is no app-level token to ask about."""

    bot: Answer
    app: Answer | None = None

    @property
    def identity(self) -> Mapping[str, Any] | None:
        """What auth.test tells of the bot; None when Slack wasn't reached or refused."""
        return self.bot.body if self.bot.ok else None


async def check_tokens(slack: AsyncWebClient, app_token: str | None) -> TokenCheck:
    """Ask Slack about each token; a Slack that isn't reached refuses nothing."""
    checked = TokenCheck(
        await ask(slack, "auth.test"),
        await ask(slack, "apps.connections.open", token=app_token) if app_token else None,
    )
    for name, answer in (("SLACK_BOT_TOKEN", checked.bot), ("SLACK_APP_TOKEN", checked.app)):
        if answer is not None and not answer.ok and answer.code not in NOT_ALLOWED:
            log.warning("token_not_checked", token=name, reason=answer.code)
    return checked
