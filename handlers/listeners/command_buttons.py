"""Buttons and menus that run a sub-command, as if the person had typed it.

Their value comes through the client: it's parsed and decided again, for the person who presses.
"""

import hashlib

from slack_bolt.context.ack.async_ack import AsyncAck

from handlers.commands import table
from handlers.commands.call import Call
from handlers.commands.grammar import tokens_of
from handlers.draft import Mistaken
from handlers.listeners.context import ListenerContext
from handlers.transport import payloads
from handlers.transport.payloads import Body
from handlers.views import answers, requests_list
from handlers.views.blocks import Post


class CommandButtons:
    """The listeners of what runs a command."""

    def __init__(self, context: ListenerContext) -> None:
        self._context = context

    async def on_menu(self, ack: AsyncAck, body: Body) -> None:
        """Run what was chosen beside a request in a list."""
        what, request_id = requests_list.chosen(payloads.selected(body))
        await self._answer(ack, body, f"{what} {request_id}")

    async def on_run(self, ack: AsyncAck, body: Body) -> None:
        """Run the command in the button, and answer below it."""
        await self._answer(ack, body, payloads.pressed(body))

    async def on_turn(self, ack: AsyncAck, body: Body) -> None:
        """Run the command in the button, and replace the page that it's on."""
        await self._answer(ack, body, payloads.pressed(body), instead=True)

    async def _answer(self, ack: AsyncAck, body: Body, text: str, *, instead: bool = False) -> None:
        post = await self._run(body, text)
        if post:
            self._context.reply(self._context.address(body), post, instead=instead)
        await ack()

    async def _run(self, body: Body, text: str) -> Post | None:
        person, address = self._context.person(body), self._context.address(body)
        words, tokens = await self._context.words(person.user_id), tokens_of(text)
        if isinstance(tokens, Mistaken) or not tokens or tokens[0].text not in table.SUBCOMMANDS:
            return answers.said(words("button-unreadable"))
        trigger_id, key = payloads.trigger(body), _key(person.user_id, body, text)
        return await table.run(Call(self._context, person, address, trigger_id, text, tokens, words, key=key))


def _key(user_id: str, body: Body, text: str) -> str:
    """One button of one message is one request, however often it's pressed."""
    pressed = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
    return f"{user_id}:{payloads.message(body)}:{pressed}"
