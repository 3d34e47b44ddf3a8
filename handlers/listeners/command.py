"""`/image`: read what was typed, let its sub-command answer with the acknowledgement."""

from slack_bolt.context.ack.async_ack import AsyncAck

from handlers.commands import table
from handlers.commands.call import Call
from handlers.commands.grammar import tokens_of
from handlers.draft import Draft, Mistaken
from handlers.listeners.context import ListenerContext
from handlers.transport import payloads
from handlers.transport.payloads import Body
from handlers.views.blocks import Post


class Commands:
    """The listener of the slash command."""

    def __init__(self, context: ListenerContext) -> None:
        self._context = context

    async def on_image(self, ack: AsyncAck, body: Body) -> None:
        """Answer the command; alone it opens the form. The acknowledgement leaves when this returns."""
        person, address = self._context.person(body), self._context.address(body)
        words = await self._context.words(person.user_id)
        text, trigger_id = str(body.get("text") or ""), payloads.trigger(body)
        tokens = tokens_of(text)
        read = () if isinstance(tokens, Mistaken) else tokens
        call = Call(self._context, person, address, trigger_id, text, read, words)
        post = call.mistaken(tokens) if isinstance(tokens, Mistaken) else await self._answer(call)
        await (ack(response_type="ephemeral", **post.payload()) if post else ack())

    async def _answer(self, call: Call) -> Post | None:
        if call.tokens:
            return await table.run(call)
        self._context.open_form(call.trigger_id, Draft(), call.person, call.address)
        return None
