"""Was it posted? Looked up by number and seal, in our own messages of the minutes in question."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.message import Kind, Message
from handlers.transport.api_errors import UNREACHABLE, Meaning, code_of, meaning_of

log = structlog.get_logger(__name__)

PAGE, SMALL_PAGE = 200, 15
"""As many as Slack returns; a distributed app gets 15, once a minute (conversations.history, Rate limits)."""
BEFORE, AFTER = 120.0, 300.0
"""Seconds around the attempt in which its message is dated: Slack's clock may be off, its answer late."""
MOST_LOOKS = 8
"""How often to look before posting anyway: a duplicate is better than none."""


class Lookup:
    """Finds what an attempt with an unknown outcome has posted."""

    def __init__(self, slack: AsyncWebClient) -> None:
        self._slack = slack
        self._key = hashlib.sha256(b"image-bot-message:" + (slack.token or "").encode()).digest()
        self._bot_id = ""
        self._page = PAGE

    def mac(self, message: Message) -> str:
        """Return a seal that only we can put on a message: others see our metadata and can write theirs."""
        mine = json.dumps([message.subject.kind, message.subject.id, message.id])
        return hmac.new(self._key, mine.encode(), hashlib.sha256).hexdigest()[:32]

    async def find(self, message: Message, channel: str) -> str | None:
        """Return the ts of the message; None if it isn't there, or if we aren't allowed to look.

        Raises what the Web API raises when looking may work later.
        """
        try:
            return await self._find(message, channel)
        except UNREACHABLE as error:
            if code_of(error) == "not_in_channel" and await self.join(channel):
                return await self._find(message, channel)
            if code_of(error) == "invalid_limit":
                self._page = SMALL_PAGE  # no page says whether Slack refuses more or cuts it
            if _passes(error) and message.tries < MOST_LOOKS:
                raise
            log.warning("not_looked_up", message=message.id, channel=channel, reason=code_of(error))
            return None

    async def join(self, channel: str) -> bool:
        """Join a public channel; tell whether that worked."""
        try:
            await self._slack.conversations_join(channel=channel)
        except UNREACHABLE as error:
            log.info("channel_not_joined", channel=channel, reason=code_of(error))
            return False
        return True

    async def _find(self, message: Message, channel: str) -> str | None:
        if not self._bot_id:
            self._bot_id = str((await self._slack.auth_test())["bot_id"])
        mac = self.mac(message)
        async for posted in self._posted(message, channel):
            payload = (posted.get("metadata") or {}).get("event_payload") or {}
            given = str(payload.get("mac") or "")
            if posted.get("bot_id") == self._bot_id and hmac.compare_digest(given.encode(), mac.encode()):
                return str(posted["ts"])
        return None

    async def _posted(self, message: Message, channel: str) -> AsyncIterator[Mapping[str, Any]]:
        """Return what was posted in the thread, or in the channel, in the minutes around the attempt."""
        began, cursor = message.in_doubt_since or 0.0, ""
        while True:
            page: dict[str, Any] = {"channel": channel, "limit": self._page, "include_all_metadata": True}
            page |= {"oldest": f"{began - BEFORE:.6f}", "latest": f"{began + AFTER:.6f}"}
            page |= {"cursor": cursor} if cursor else {}
            if message.kind is Kind.ENTRY:
                answer = await self._slack.conversations_replies(ts=str(message.thread_ts), **page)
            else:
                answer = await self._slack.conversations_history(**page)
            for posted in answer["messages"]:
                yield posted
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return


def _passes(error: Exception) -> bool:
    """Tell whether looking may work later; even without the scope for it, the post may work."""
    meant = meaning_of(error)
    return code_of(error) != "missing_scope" and meant not in (Meaning.NOWHERE, Meaning.FINAL)
