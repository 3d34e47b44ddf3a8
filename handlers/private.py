"""The buttons in private answers: why something was denied, and whether a glass is really to be broken.

Their values come back through the client: each is read anew, and what it asks for is decided anew.
"""

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.outcomes import Explained, Refused, Submitted
from handlers import incoming
from handlers.desk import Desk, no
from handlers.incoming import Body
from handlers.parsing import parse
from handlers.views import answers, question, verdicts
from handlers.views.blocks import Post
from handlers.wishes import Create, Mistaken
from handlers.words import Words


class Private:
    """The listeners of buttons that one person sees."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._service = desk.service

    async def on_why(self, ack: AsyncAck, body: Body) -> None:
        """Explain the denial above the button, as it would be decided now."""
        person, asked = self._desk.person(body), question.parse(incoming.pressed(body))
        words = await self._desk.words(person.user_id)
        if asked is None:
            post = answers.said(words("button-unreadable"))
        else:
            outcome = await self._service.why_not(person, asked.action, asked.image, asked.requester)
            post = await self._explained(outcome, words)
        self._desk.reply(self._desk.address(body), post)
        await ack()

    async def _explained(self, outcome: Explained | Refused, words: Words) -> Post:
        if isinstance(outcome, Refused):
            return no(outcome, words)
        return verdicts.explained(outcome, words, await self._desk.names(outcome))

    async def on_break_glass(self, ack: AsyncAck, body: Body) -> None:
        """File the request that the command in the button asks for; pressed twice it is one request."""
        words = await self._desk.words(self._desk.person(body).user_id)
        self._desk.reply(self._desk.address(body), await self._break_glass(body, words))
        await ack()

    async def _break_glass(self, body: Body, words: Words) -> Post:
        person, command = self._desk.person(body), parse(incoming.pressed(body))
        if not (isinstance(command, Create) and command.draft.break_glass and not command.asks_why):
            return answers.said(words("button-unreadable"))
        key = f"{person.user_id}:{incoming.message(body)}"
        submission = await self._desk.submission(command.draft, key, person)
        if isinstance(submission, Mistaken):
            return answers.mistaken(submission.mistakes, submission.problems, None, words)
        outcome = await self._service.submit(person, submission)
        if isinstance(outcome, Submitted):
            return answers.submitted(outcome, words, await self._desk.names(outcome))
        return no(outcome, words)
