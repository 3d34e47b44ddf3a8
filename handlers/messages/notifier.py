"""The only place that posts about requests: cards, thread entries, notices and direct messages.

Slack has no idempotency key, so a message carries its own number in its metadata, and before a second attempt
it is looked for (Slack, "Message metadata"). Nothing here is sent twice blindly.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from cachetools import LRUCache
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.lifecycle import Event
from bot.domain.request import Kind, Message, Request
from bot.ports import CardFacts, Directory
from handlers.i18n import Translations
from handlers.people.display_names import DisplayNames
from handlers.people.locales import Locales
from handlers.transport.api_errors import UNREACHABLE, meaning
from handlers.views.requests import ends
from handlers.views.thread import drawing

CARD_EVENT, ENTRY_EVENT = "image_request", "image_request_event"
PAGE = 200
CLOCK_SKEW = 120.0
"""Seconds by which Slack's clock may be behind ours when a message is looked for."""


class SlackNotifier:
    """Implements `bot.ports.Notifier`."""

    def __init__(self, slack: AsyncWebClient, translations: Translations, directory: Directory) -> None:
        self._slack = slack
        self._readers = Locales(translations, directory)
        self._naming = DisplayNames(directory)
        self._direct: LRUCache[str, str] = LRUCache(1000)

    async def deliver(self, message: Message, request: Request, facts: CardFacts) -> str:
        """Post the message, or edit it; return its ts. Raises `NotifierLater` or `NotifierRefused`."""
        try:
            channel = await self._channel(message)
            found = message.ts or (await self._find(message, channel) if message.tries else None)
            if found and (message.ts is None or message.kind is not Kind.CARD):
                return found
            return await self._put(message, request, facts, channel)
        except UNREACHABLE as error:
            raise meaning(error, message.tries) from error

    async def _put(self, message: Message, request: Request, facts: CardFacts, channel: str) -> str:
        words = self._readers.everybody()
        if message.kind is Kind.DIRECT:
            words = await self._readers.words(message.channel)
        post = await self._naming.put_into(lambda names: drawing(message, request, facts, words, names))
        content = post.payload()
        content |= {"metadata": metadata(message, request)}
        if message.ts:
            await self._slack.chat_update(channel=channel, ts=message.ts, **content)
            return message.ts
        content |= {"unfurl_links": False, "unfurl_media": False}
        if message.kind is Kind.ENTRY and message.thread_ts:
            content |= {"thread_ts": message.thread_ts, "reply_broadcast": _is_told_to_all(message)}
        posted = await self._slack.chat_postMessage(channel=channel, **content)
        return str(posted["ts"])

    async def _channel(self, message: Message) -> str:
        """The channel to post in; a direct message has one of its own, opened when first needed."""
        if message.kind is not Kind.DIRECT:
            return message.channel
        if message.channel not in self._direct:
            opened = await self._slack.conversations_open(users=message.channel)
            self._direct[message.channel] = str(opened["channel"]["id"])
        return self._direct[message.channel]

    async def _find(self, message: Message, channel: str) -> str | None:
        """The ts of the message if an earlier attempt got through, None when it surely did not."""
        async for posted in self._posted(message, channel):
            about = posted.get("metadata") or {}
            payload = about.get("event_payload") or {}
            if (payload.get("request_id"), payload.get("seq")) == (message.request_id, message.id):
                return str(posted["ts"])
        return None

    async def _posted(self, message: Message, channel: str) -> AsyncIterator[Mapping[str, Any]]:
        """What stands in the thread, or in the channel since the message was due."""
        cursor = ""
        while True:
            page: dict[str, Any] = {"channel": channel, "limit": PAGE, "include_all_metadata": True}
            page |= {"cursor": cursor} if cursor else {}
            if message.kind is Kind.ENTRY and message.thread_ts:
                answer = await self._slack.conversations_replies(ts=message.thread_ts, **page)
            else:
                answer = await self._slack.conversations_history(
                    oldest=f"{message.at - CLOCK_SKEW:.6f}", **page
                )
            for posted in answer["messages"]:
                yield posted
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return


def metadata(message: Message, request: Request) -> dict[str, Any]:
    """What other apps, and we ourselves, can know a message by; nothing secret."""
    is_card = message.kind is Kind.CARD
    payload = {
        "request_id": request.id,
        "status": str(request.status if is_card else message.status),
        "event": str(message.event),
        "seq": message.id,
    }
    return {"event_type": CARD_EVENT if is_card else ENTRY_EVENT, "event_payload": payload}


def _is_told_to_all(message: Message) -> bool:
    """Whether the channel itself shows the entry: the one that ends a request, and a broken glass."""
    return message.event is Event.BYPASS or ends(message.status, message.event)
