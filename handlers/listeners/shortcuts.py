"""What works without a command: the two shortcuts open the form, a direct message is answered with help."""

import re

from cachetools import TTLCache
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.request import Person
from bot.domain.text import clean, one_line
from handlers.commands import table
from handlers.commands.call import Call
from handlers.commands.help import HELP
from handlers.commands.tokenizer import split
from handlers.draft import Draft, settled
from handlers.listeners.context import ListenerContext
from handlers.transport import payloads
from handlers.transport.payloads import Address, Body
from handlers.views import form_state

ANSWER_SECONDS = 10.0
"""Seconds between two answers to a person who writes to the bot."""
MOST_ANSWERED = 5_000
MOST_WORDS = 12
"""Words of a message that are looked up as a machine's name."""
_ID = re.compile(r"\b(?:ws|ecd)-[a-z0-9]{3,60}\b", re.IGNORECASE)
_WORD = re.compile(r"[\w.-]{4,}")


class Shortcuts:
    """The listeners of shortcuts, and of what people write to the bot itself."""

    def __init__(self, context: ListenerContext) -> None:
        self._context = context
        self._answered: TTLCache[str, bool] = TTLCache(MOST_ANSWERED, ANSWER_SECONDS)

    async def on_shortcut(self, ack: AsyncAck, body: Body) -> None:
        """Open the form; for a message, with its text as the reason and the machine it mentions."""
        self._context.background.start(self._open(body))
        await ack()

    async def _open(self, body: Body) -> None:
        message = body.get("message")
        text = clean(str(message.get("text") or "")) if isinstance(message, dict) else ""
        person, to = self._context.person(body), self._context.address(body)
        draft = Draft(await self._machine(person, text), text[: form_state.REASON_LENGTH])
        self._context.open_form(payloads.trigger(body), draft, person, to)

    async def _machine(self, person: Person, text: str) -> dict[str, str]:
        """Return the machine that a text mentions, by its ID or name; nothing if there is none."""
        if found := _ID.search(text):
            return {form_state.INSTANCE_ID: found[0].lower()}
        offer = await self._context.instances.search(person)
        words = {word.casefold() for word in _WORD.findall(text)[:MOST_WORDS]}
        named = [each for each in offer.instances if one_line(each.name).casefold() in words]
        return dict(settled(Draft(), named[0]).fields) if len(named) == 1 else {}

    async def on_message(self, event: Body) -> None:
        """Answer a person; ignore edits and bots (including us)."""
        user_id = str(event.get("user") or "")
        if not user_id or event.get("bot_id") or event.get("subtype") or user_id in self._answered:
            return
        self._answered[user_id] = True
        words = await self._context.words(user_id)
        to = Address(user_id, str(event.get("channel") or ""))
        person = Person(user_id, str(event.get("team") or ""), to.channel_id)
        help_alone = Call(self._context, person, to, "", HELP.name, tuple(split(HELP.name)), words)
        post = await table.run(help_alone)
        if post:
            self._context.background.start(self._context.replies.say(to, post))
