"""What begins without a command: the two shortcuts open the form, a direct message is answered with help."""

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.request import Person
from bot.domain.text import clean
from handlers.commands import table
from handlers.commands.call import Call
from handlers.commands.help import HELP
from handlers.commands.tokenizer import split
from handlers.draft import Draft
from handlers.listeners.context import ListenerContext
from handlers.transport import payloads
from handlers.transport.payloads import Address, Body
from handlers.views import form_state


class Shortcuts:
    """The listeners of shortcuts, and of what people write to the bot itself."""

    def __init__(self, context: ListenerContext) -> None:
        self._context = context

    async def on_shortcut(self, ack: AsyncAck, body: Body) -> None:
        """Open the form; on a message its text is the reason."""
        message = body.get("message")
        text = clean(str(message.get("text") or "")) if isinstance(message, dict) else ""
        draft = Draft(reason=text[: form_state.REASON_LENGTH])
        person, to = self._context.person(body), self._context.address(body)
        self._context.open_form(payloads.trigger(body), draft, person, to)
        await ack()

    async def on_message(self, event: Body) -> None:
        """Answer a person; what bots write (we among them), and edits, are none of our business."""
        user_id = str(event.get("user") or "")
        if not user_id or event.get("bot_id") or event.get("subtype"):
            return
        words = await self._context.words(user_id)
        to = Address(user_id, str(event.get("channel") or ""))
        person = Person(user_id, str(event.get("team") or ""), to.channel_id)
        help_alone = Call(self._context, person, to, "", HELP.name, tuple(split(HELP.name)), words)
        post = await table.run(help_alone)
        if post:
            self._context.background.start(self._context.replies.say(to, post))

    async def on_home(self) -> None:
        """Take the event: nothing follows from it."""
