"""The form that asks for an image: opened, redrawn when the type of instance changes, submitted."""

from collections.abc import Iterable

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.outcomes import Denied, Submitted
from bot.problems import Problem
from handlers import incoming
from handlers.desk import Desk, no, submission_of
from handlers.incoming import Body
from handlers.mrkdwn import unmarked
from handlers.parsing import parse
from handlers.views import answers, form
from handlers.views.blocks import field_error
from handlers.wishes import Create, Draft, Mistaken
from handlers.words import Words


class Forms:
    """The listeners of the form."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def on_open(self, ack: AsyncAck, body: Body) -> None:
        """Open the form filled with the command that the button carries, read anew."""
        words = await self._desk.words(self._desk.person(body).user_id)
        command = parse(incoming.pressed(body))
        draft = command.draft if isinstance(command, Create | Mistaken) else None
        view = form.build(draft or Draft(), words)
        self._desk.open(incoming.trigger(body), view, self._desk.address(body), words)
        await ack()

    async def on_type(self, ack: AsyncAck, body: Body) -> None:
        """Show the fields of the type of instance that was chosen, with everything typed so far."""
        words = await self._desk.words(self._desk.person(body).user_id)
        view = incoming.view(body)
        redrawn = form.build(form.read(incoming.typed(body)), words)
        self._desk.background.start(
            self._desk.replies.redraw(
                str(view.get("id") or ""), str(view.get("hash") or ""), redrawn, self._desk.address(body)
            )
        )
        await ack()

    async def on_submit(self, ack: AsyncAck, body: Body) -> None:
        """Ask for the image; mistakes and refusals stand under their fields, and the form stays open."""
        person, view = self._desk.person(body), incoming.view(body)
        words = await self._desk.words(person.user_id)
        key = f"{view.get('id')}:{view.get('hash')}"
        submission = submission_of(form.read(incoming.typed(body)), key)
        if isinstance(submission, list):
            await ack(response_action="errors", errors=_errors(submission, incoming.typed(body), words))
            return
        outcome = await self._desk.service.submit(person, submission)
        if isinstance(outcome, Submitted):
            names = await self._desk.names(outcome)
            self._desk.reply(self._desk.address(body), answers.submitted(outcome, words, names))
            await ack()
            return
        if isinstance(outcome, Denied):  # the form has no place for a button
            self._desk.reply(self._desk.address(body), no(outcome, words))
        sentence = field_error(unmarked(no(outcome, words).text))
        await ack(response_action="errors", errors={form.INSTANCE_ID: sentence})


def _errors(problems: Iterable[Problem], typed: Body, words: Words) -> dict[str, str]:
    """Each problem under its field; under the instance's id when the form does not show that field."""
    errors: dict[str, str] = {}
    for problem in problems:
        field = problem.field if problem.field in typed else form.INSTANCE_ID
        sentence = field_error(answers.problem_text(problem, words))
        errors[field] = f"{errors[field]} {sentence}" if field in errors else sentence
    return errors
