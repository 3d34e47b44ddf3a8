"""The buttons in private answers: why something was denied, and whether a glass is really to be broken.

Their values come back through the client: each is read anew, and what it asks for is decided anew.
"""

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.service.outcomes import Explained, Refused, Submitted
from handlers.commands.commands import Create
from handlers.commands.parser import parse
from handlers.draft import Mistaken
from handlers.i18n import Localizer
from handlers.listeners.context import ListenerContext, refusal_view
from handlers.transport import payloads
from handlers.transport.payloads import Body
from handlers.views import answers
from handlers.views import confirmation as question
from handlers.views import denial as verdicts
from handlers.views.blocks import Post


class PrivateButtons:
    """The listeners of buttons that one person sees."""

    def __init__(self, context: ListenerContext) -> None:
        self._context = context
        self._service = context.service

    async def on_why(self, ack: AsyncAck, body: Body) -> None:
        """Explain the denial above the button, as it would be decided now."""
        person, asked = self._context.person(body), question.parse(payloads.pressed(body))
        words = await self._context.words(person.user_id)
        if asked is None:
            post = answers.said(words("button-unreadable"))
        else:
            outcome = await self._service.why_not(person, asked.action, asked.target)
            post = await self._explained(outcome, words)
        self._context.reply(self._context.address(body), post)
        await ack()

    async def _explained(self, outcome: Explained | Refused, words: Localizer) -> Post:
        if isinstance(outcome, Refused):
            return refusal_view(outcome, words)
        return verdicts.explained(outcome, words, await self._context.names(outcome))

    async def on_break_glass(self, ack: AsyncAck, body: Body) -> None:
        """File the request that the command in the button asks for; pressed twice it is one request."""
        words = await self._context.words(self._context.person(body).user_id)
        self._context.reply(self._context.address(body), await self._break_glass(body, words))
        await ack()

    async def _break_glass(self, body: Body, words: Localizer) -> Post:
        person, command = self._context.person(body), parse(payloads.pressed(body))
        if not (isinstance(command, Create) and command.draft.break_glass and not command.asks_why):
            return answers.said(words("button-unreadable"))
        key = f"{person.user_id}:{payloads.message(body)}"
        submission = await self._context.submission(command.draft, key, person)
        if isinstance(submission, Mistaken):
            return answers.mistaken(submission.mistakes, submission.problems, None, words)
        outcome = await self._service.submit(person, submission)
        if isinstance(outcome, Submitted):
            return answers.submitted(outcome, words, await self._context.names(outcome))
        return refusal_view(outcome, words)
