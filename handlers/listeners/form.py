"""The form that asks for an image: opened, redrawn when the type of instance changes, submitted."""

from collections.abc import Iterable
from dataclasses import replace

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.field_errors import FieldError
from bot.service.outcomes import Denied, Submitted
from handlers.commands import create
from handlers.draft import Draft, Mistaken
from handlers.i18n import Localizer
from handlers.listeners.context import ListenerContext, submission_of
from handlers.mrkdwn import unmarked
from handlers.transport import payloads
from handlers.transport.payloads import Body
from handlers.views import answers, form
from handlers.views.blocks import field_error
from handlers.views.denial import refusal_view


class Forms:
    """The listeners of the form."""

    def __init__(self, context: ListenerContext) -> None:
        self._context = context

    async def on_open(self, ack: AsyncAck, body: Body) -> None:
        """Open the form filled with the command that the button carries, read anew."""
        words = await self._context.words(self._context.person(body).user_id)
        typed = create.typed_in(payloads.pressed(body))
        draft = typed.draft if isinstance(typed, Mistaken) else typed
        view = form.build(draft or Draft(), words)
        self._context.open(payloads.trigger(body), view, self._context.address(body), words)
        await ack()

    async def on_type(self, ack: AsyncAck, body: Body) -> None:
        """Show the fields of the type of instance that was chosen, with everything typed so far."""
        words = await self._context.words(self._context.person(body).user_id)
        view = payloads.view(body)
        redrawn = form.build(form.read(payloads.typed(body)), words)
        self._context.background.start(
            self._context.replies.redraw(
                str(view.get("id") or ""), str(view.get("hash") or ""), redrawn, self._context.address(body)
            )
        )
        await ack()

    async def on_submit(self, ack: AsyncAck, body: Body) -> None:
        """Ask for the image; mistakes and refusals stand under their fields, and the form stays open."""
        person, view = self._context.person(body), payloads.view(body)
        words = await self._context.words(person.user_id)
        key = f"{view.get('id')}:{view.get('hash')}"
        draft = replace(form.read(payloads.typed(body)), anyway=True)
        submission = submission_of(draft, key)
        if isinstance(submission, list):
            await ack(response_action="errors", errors=_errors(submission, payloads.typed(body), words))
            return
        outcome = await self._context.service.submit(person, submission)
        if isinstance(outcome, Submitted):
            post = await self._context.named(lambda names: answers.submitted(outcome, words, names))
            self._context.reply(self._context.address(body), post)
            await ack()
            return
        if isinstance(outcome, Denied):  # the form has no place for a button
            self._context.reply(self._context.address(body), refusal_view(outcome, words))
        sentence = field_error(unmarked(refusal_view(outcome, words).text))
        await ack(response_action="errors", errors={form.INSTANCE_ID: sentence})


def _errors(problems: Iterable[FieldError], typed: Body, words: Localizer) -> dict[str, str]:
    """Each problem under its field; under the instance's id when the form does not show that field."""
    errors: dict[str, str] = {}
    for problem in problems:
        field = problem.field if problem.field in typed else form.INSTANCE_ID
        sentence = field_error(answers.problem_text(problem, words))
        errors[field] = f"{errors[field]} {sentence}" if field in errors else sentence
    return errors
