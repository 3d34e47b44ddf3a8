"""The one place that posts the outbox's messages: rendered, looked for if in doubt, then posted or edited.

Slack has no idempotency key, so a message carries its own number in its metadata. An attempt whose outcome
nobody knows is followed by a look for that number; a refusal has posted nothing and needs none.
"""

from collections.abc import Callable, Mapping
from typing import Any

from cachetools import LRUCache
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.message import TO_PEOPLE, Kind, Message
from bot.domain.request import Request
from bot.ports import Directory, Posted
from handlers.i18n import Translations
from handlers.messages.lookup import Lookup
from handlers.messages.renderers import RENDERERS, Drawing, is_told_to_all
from handlers.people.display_names import DisplayNames
from handlers.people.locales import Locales
from handlers.transport.api_errors import UNREACHABLE, code_of, outcome

CARD_EVENT, ENTRY_EVENT, NOTICE_EVENT = "image_request", "image_request_event", "image_bot_notice"


class SlackNotifier:
    """Implements `bot.ports.Notifier`."""

    def __init__(
        self,
        slack: AsyncWebClient,
        translations: Translations,
        directory: Directory,
        permalink: Callable[[Posted], str] = lambda _: "",
    ) -> None:
        self._slack = slack
        self._permalink = permalink
        self._readers = Locales(translations, directory)
        self._naming = DisplayNames(directory)
        self._lookup = Lookup(slack)
        self._direct: LRUCache[str, str] = LRUCache(1000)

    async def deliver(self, message: Message, request: Request | None, now: float, others: int = 0) -> Posted:
        """Post the message, or edit it; return where it is."""
        content = await self._draw(message, request, now, others)
        in_doubt = message.ts is None and message.in_doubt_since is not None
        try:
            channel = await self._channel(message)
            if in_doubt and (found := await self._lookup.find(message, channel)):
                return Posted(channel, found)
            in_doubt = False
            return await self._put(message, channel, content)
        except UNREACHABLE as error:
            raise outcome(error, edits=bool(message.ts), tries=message.tries, in_doubt=in_doubt) from error

    async def _draw(
        self, message: Message, request: Request | None, now: float, others: int
    ) -> dict[str, Any]:
        """Return the message's blocks, its text and its metadata."""
        words = self._readers.everybody()
        if message.kind in TO_PEOPLE:
            words = await self._readers.words(message.target)
        render = RENDERERS[message.kind]
        post = await self._naming.put_into(
            lambda names: render(Drawing(message, request, now, words, names, others, self._permalink))
        )
        return post.payload() | {"metadata": self._metadata(message, request)}

    async def _put(self, message: Message, channel: str, content: Mapping[str, Any]) -> Posted:
        if message.ts:
            await self._slack.chat_update(channel=channel, ts=message.ts, **content)
            return Posted(channel, message.ts)
        place: dict[str, Any] = {"channel": channel, "unfurl_links": False, "unfurl_media": False}
        if message.kind is Kind.ENTRY:
            place |= {"thread_ts": message.thread_ts, "reply_broadcast": is_told_to_all(message)}
        try:
            posted = await self._slack.chat_postMessage(**place, **content)
        except UNREACHABLE as error:
            if code_of(error) != "not_in_channel" or not await self._lookup.join(channel):
                raise
            posted = await self._slack.chat_postMessage(**place, **content)
        return Posted(str(posted.get("channel") or channel), str(posted["ts"]))

    async def _channel(self, message: Message) -> str:
        """Return the channel to post in; a direct message has its own, opened when first needed."""
        if message.kind not in TO_PEOPLE or message.posted_in:
            return message.channel
        if message.target not in self._direct:
            opened = await self._slack.conversations_open(users=message.target)
            self._direct[message.target] = str(opened["channel"]["id"])
        return self._direct[message.target]

    def _metadata(self, message: Message, request: Request | None) -> dict[str, Any]:
        """Return what other apps, and we ourselves, can identify a message by; nothing secret."""
        mark = {"seq": message.id, "mac": self._lookup.mac(message)}
        if request is None:
            return {"event_type": NOTICE_EVENT, "event_payload": {"event": message.last.event} | mark}
        is_card = message.kind is Kind.CARD
        payload: dict[str, Any] = {
            "request_id": request.id,
            "status": str(request.status if is_card else message.last.status),
            "event": str(message.last.event),
        }
        if len(message.told) > 1:
            payload["events"] = [str(told.event) for told in message.told]
        return {"event_type": CARD_EVENT if is_card else ENTRY_EVENT, "event_payload": payload | mark}
