"""The menu beside a request in a list: show it, cancel it, ask for the same again."""

from slack_bolt.context.ack.async_ack import AsyncAck

from handlers.commands import table
from handlers.commands.call import Call
from handlers.commands.grammar import tokens_of
from handlers.draft import Mistaken
from handlers.listeners.context import ListenerContext
from handlers.transport import payloads
from handlers.transport.payloads import Body
from handlers.views import answers, requests_list


class RequestMenu:
    """Runs the sub-command that was chosen, as if its owner had typed it."""

    def __init__(self, context: ListenerContext) -> None:
        self._context = context

    async def on_choice(self, ack: AsyncAck, body: Body) -> None:
        """Answer in private; what the menu holds came through the client and is read anew."""
        person, address = self._context.person(body), self._context.address(body)
        words = await self._context.words(person.user_id)
        what, request_id = requests_list.chosen(payloads.selected(body))
        tokens = tokens_of(f"{what} {request_id}")
        if isinstance(tokens, Mistaken) or what not in table.SUBCOMMANDS:
            self._context.reply(address, answers.said(words("button-unreadable")))
            await ack()
            return
        text = f"{what} {request_id}"
        post = await table.run(
            Call(self._context, person, address, payloads.trigger(body), text, tokens, words)
        )
        if post:
            self._context.reply(address, post)
        await ack()
