"""Private answers to one person, after the acknowledgement, and the forms that open for them."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import structlog
from cachetools import LRUCache
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.transport.api_errors import UNREACHABLE, code_of
from handlers.transport.payloads import Address
from handlers.transport.signed_metadata import Origin, SignedMetadata
from handlers.views.blocks import Block, Post

log = structlog.get_logger(__name__)


@dataclass
class _Form:
    """An open form: how often it should have been redrawn, and its hash once we have drawn it."""

    wanted: int = 0
    hash: str = ""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Replies:
    """Reaches a person in the first way that works; a reply that can't be delivered is logged."""

    def __init__(self, slack: AsyncWebClient) -> None:
        self._slack = slack
        self.seal = SignedMetadata(slack.token or "")
        self._forms: LRUCache[str, _Form] = LRUCache(1000)

    async def send(self, to: Address, post: Post, *, instead: bool = False) -> None:
        """Tell one person; `instead` of the private message with the button, if Slack still can."""
        for way in (self._by_response_url, self._ephemeral, self._directly):
            try:
                if await way(to, post, instead):
                    return
            except UNREACHABLE as error:
                log.info("reply_not_taken", way=way.__name__, reason=code_of(error))
        log.warning("reply_lost", user=to.user_id)

    async def say(self, to: Address, post: Post) -> None:
        """Answer in the person's own conversation with the bot."""
        try:
            await self._slack.chat_postMessage(channel=to.channel_id, **post.payload())
        except UNREACHABLE as error:
            log.warning("reply_lost", user=to.user_id, reason=code_of(error))

    async def open(self, trigger_id: str, view: Block, whom: Address) -> bool:
        """Open a form; tell whether Slack still let us (a trigger is valid for three seconds, once)."""
        try:
            await self._slack.views_open(trigger_id=trigger_id, view=self.seal.opening(view, _origin(whom)))
        except UNREACHABLE as error:
            log.warning("form_not_opened", reason=code_of(error))
            return False
        return True

    def sealed(self, view: Block, view_id: str, whom: Address) -> Block:
        """Return a form to replace one that is open, in an acknowledgement; no redraw under way undoes it."""
        self.turn_of(view_id)
        return self.seal.redrawing(view, _origin(whom), view_id)

    def turn_of(self, view_id: str) -> int:
        """Return the number of what a form shows next; taken when a change arrives, before it's drawn."""
        form = self._form(view_id)
        form.wanted += 1
        return form.wanted

    async def redraw(
        self, view_id: str, view_hash: str, view: Block, whom: Address, turn: int, reset: str = ""
    ) -> None:
        """Redraw a form, unless its next turn (`turn_of`) has begun.

        A field keeps its content, whatever the new view says (Slack, "views.update"); `reset` is one
        that is taken out first, so that it comes back as the view has it.
        """
        form, sealed = self._form(view_id), self.seal.redrawing(view, _origin(whom), view_id)
        without = [block for block in sealed["blocks"] if block.get("block_id") != reset]
        try:
            async with form.turn:
                for step in [{**sealed, "blocks": without}, sealed] if reset else [sealed]:
                    if form.wanted == turn:
                        await self._update(form, view_id, step, form.hash or view_hash)
        except UNREACHABLE as error:
            log.info("form_not_redrawn", reason=code_of(error))

    def _form(self, view_id: str) -> _Form:
        return self._forms.setdefault(view_id, _Form())

    async def _update(self, form: _Form, view_id: str, view: dict[str, Any], view_hash: str) -> None:
        """Update a view and keep its new hash, over what another process drew but not over a later one."""
        mine = form.wanted
        try:
            shown = await self._slack.views_update(view_id=view_id, hash=view_hash, view=view)
        except SlackApiError as error:
            if code_of(error) != "hash_conflict" or form.wanted != mine:
                raise
            shown = await self._slack.views_update(view_id=view_id, view=view)
        form.hash = str(shown["view"]["hash"])

    async def _by_response_url(self, to: Address, post: Post, instead: bool) -> bool:
        session = self._slack.session
        if not to.response_url or session is None:
            return False
        body = {"response_type": "ephemeral", "replace_original": instead, **post.payload()}
        async with session.post(to.response_url, json=body, proxy=self._slack.proxy) as answer:
            return answer.status == 200

    async def _ephemeral(self, to: Address, post: Post, _: bool) -> bool:
        if not to.channel_id:
            return False
        await self._slack.chat_postEphemeral(channel=to.channel_id, user=to.user_id, **post.payload())
        return True

    async def _directly(self, to: Address, post: Post, _: bool) -> bool:
        opened = await self._slack.conversations_open(users=to.user_id)
        await self._slack.chat_postMessage(channel=opened["channel"]["id"], **post.payload())
        return True


def _origin(whom: Address) -> Origin:
    return Origin(whom.user_id, whom.team_id, whom.channel_id)
