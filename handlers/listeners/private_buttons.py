"""The buttons in private answers: why something was denied, and whether approval should really be skipped.

Their values come back through the client: each is parsed and decided again.
"""

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.service.outcomes import Explained, Refused, Submitted
from handlers.commands import create
from handlers.commands.machine import settle
from handlers.draft import Draft, Mistaken
from handlers.i18n import Localizer
from handlers.listeners.context import ListenerContext
from handlers.transport import payloads
from handlers.transport.payloads import Body
from handlers.views import answers
from handlers.views import confirmation as question
from handlers.views import denial as verdicts
from handlers.views.blocks import Post
from handlers.views.denial import refusal_view


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
            outcome = await self._service.questions.why_not(person, asked.action, asked.target)
            post = await self._explained(outcome, words)
        self._context.reply(self._context.address(body), post)
        await ack()

    async def _explained(self, outcome: Explained | Refused, words: Localizer) -> Post:
        if isinstance(outcome, Refused):
            return refusal_view(outcome, words)
        return await self._context.named(lambda names: verdicts.explained(outcome, words, names))

    async def on_break_glass(self, ack: AsyncAck, body: Body) -> None:
        """Submit the request of the command in the button; pressed twice, it's one request."""
        words = await self._context.words(self._context.person(body).user_id)
        self._context.reply(self._context.address(body), await self._break_glass(body, words))
        await ack()

    async def _break_glass(self, body: Body, words: Localizer) -> Post:
        person, draft = self._context.person(body), create.typed_in(payloads.pressed(body))
        if not (isinstance(draft, Draft) and draft.break_glass):
            return answers.said(words("button-unreadable"))
        settled = await settle(self._context, draft, payloads.pressed(body), person, words)
        if isinstance(settled, Post):
            return settled
        key = f"{person.user_id}:{payloads.message(body)}"
        submission = await self._context.submission(settled, key, person)
        if isinstance(submission, Mistaken):
            return answers.mistaken(submission.mistakes, submission.problems, None, words)
        outcome = await self._service.submit(person, submission)
        if isinstance(outcome, Submitted):
            return await self._context.named(lambda names: answers.submitted(outcome, words, names))
        return refusal_view(outcome, words)
