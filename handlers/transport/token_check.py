"""Checks the tokens once, so that a wrong one stops the startup with a message instead of silence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NOT_ALLOWED
from handlers.transport.questions import OPEN_SOCKET, TRIES, Answer, ask

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class TokenCheck:
    """What Slack says about each token; `app` is None without an app-level token."""

    bot: Answer
    app: Answer | None = None

    @property
    def identity(self) -> Mapping[str, Any] | None:
        """Return what auth.test says about the bot; None if Slack wasn't reached or refused."""
        return self.bot.body if self.bot.ok else None


async def check_tokens(slack: AsyncWebClient, app_token: str | None, *, tries: int = TRIES) -> TokenCheck:
    """Ask Slack about each token; if Slack isn't reached, nothing is refused.

    An app-level token is checked by requesting a ticket for a connection; after the first few, Slack gives
    about one a minute (apps.connections.open, Tier 1). `tries` limits how often each is asked about while
    Slack says to come back later; with 1 there's no wait.
    """
    checked = TokenCheck(
        await ask(slack, "auth.test", tries=tries),
        await ask(slack, OPEN_SOCKET, token=app_token, tries=tries) if app_token else None,
    )
    for name, answer in (("SLACK_BOT_TOKEN", checked.bot), ("SLACK_APP_TOKEN", checked.app)):
        if answer is not None and not answer.ok and answer.code not in NOT_ALLOWED:
            log.warning("token_not_checked", token=name, reason=answer.code)
    return checked
