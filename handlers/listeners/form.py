"""The form that asks for an image: opened, redrawn when the machine changes, submitted."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain import vocabulary
from bot.domain.field_errors import FieldError
from bot.domain.request import Person
from bot.service.instances import Known, NoSuch, Several
from bot.service.outcomes import Denied, RefusalReason, Refused, Submitted
from handlers.commands import create
from handlers.draft import Draft, Mistaken, settled
from handlers.i18n import Localizer
from handlers.listeners.context import ListenerContext, submission_of
from handlers.mrkdwn import unmarked
from handlers.transport import payloads
from handlers.transport.payloads import Body
from handlers.views import answers, form, form_state, machines
from handlers.views.blocks import field_error
from handlers.views.denial import refusal_view

ABOUT: Mapping[str, str] = {
    RefusalReason.REASON_NEEDED: form_state.REASON,
    RefusalReason.BAD_START: form_state.START_AT,
    RefusalReason.NOT_IN_CHANNEL: form_state.NOTIFY,
    vocabulary.STOP_WORKSTATION: form_state.STOP_FIRST,
    vocabulary.STOP_DESKTOP: form_state.STOP_FIRST,
    vocabulary.DISTRIBUTE: form_state.REGIONS,
}
"""Fields that a refusal's reason, or a right that is missing, is about; any other is about the machine."""


class Forms:
    """The listeners of the form."""

    def __init__(self, context: ListenerContext) -> None:
        self._context = context

    async def on_open(self, ack: AsyncAck, body: Body) -> None:
        """Open the form filled with the button's command, which is read again."""
        typed = create.typed_in(payloads.pressed(body))
        draft = typed.draft if isinstance(typed, Mistaken) else typed
        person, to = self._context.person(body), self._context.address(body)
        self._context.open_form(payloads.trigger(body), draft or Draft(), person, to)
        await ack()

    async def on_change(self, ack: AsyncAck, body: Body) -> None:
        """Show the fields of the machine or type that was chosen, with everything typed so far."""
        self._context.background.start(self._redraw(body))
        await ack()

    async def on_more(self, ack: AsyncAck, body: Body) -> None:
        """Show every field."""
        self._context.background.start(self._redraw(body, more=True))
        await ack()

    async def _redraw(self, body: Body, *, more: bool = False) -> None:
        person, view, typed = self._context.person(body), payloads.view(body), payloads.typed(body)
        turn = self._context.replies.turn_of(str(view.get("id") or ""))
        words = await self._context.words(person.user_id)
        draft = form_state.read(typed)
        given = str(draft.fields.get(form_state.IMAGE_NAME) or "")
        usual, machine = form.filled_in(str(view.get("private_metadata") or ""))
        fresh = given in ("", usual)
        stays = usual if machine == draft.fields.get(form_state.INSTANCE_ID) else ""
        if fresh:  # not typed by a person, so the name follows the machine
            kept = {name: value for name, value in draft.fields.items() if name != form_state.IMAGE_NAME}
            draft = replace(draft, fields=kept)
        drawn = await self._context.form(
            draft, person, words, more=more or form_state.TAGS in typed, name=stays
        )
        renamed = fresh and form.filled_in(drawn["private_metadata"])[0] != given
        await self._context.replies.redraw(
            str(view.get("id") or ""),
            str(view.get("hash") or ""),
            drawn,
            self._context.address(body),
            turn,
            reset=form_state.IMAGE_NAME if renamed else "",
        )

    async def on_submit(self, ack: AsyncAck, body: Body) -> None:
        """Request the image; mistakes and refusals are shown under their fields, and the form stays open."""
        person, view, typed = self._context.person(body), payloads.view(body), payloads.typed(body)
        words = await self._context.words(person.user_id)
        key = f"{view.get('id')}:{view.get('hash')}"
        draft, doubt = await self._about_one(form_state.read(typed), person, words)
        regions = await self._context.known_regions()
        submission = submission_of(replace(draft, anyway=form.shows_twin(view)), key, regions)
        problems = submission if isinstance(submission, list) else []
        errors = (
            _errors([each for each in problems if each.field not in _follows(doubt)], typed, words) | doubt
        )
        if isinstance(submission, list) or errors:
            await ack(response_action="errors", errors=errors)
            return
        outcome = await self._context.service.submit(person, submission)
        if isinstance(outcome, Submitted):
            unchecked = bool(submission.regions) and regions is None
            post = await self._context.named(
                lambda names: answers.submitted(outcome, words, names, unchecked=unchecked)
            )
            self._context.reply(self._context.address(body), post)
            await ack()
            return
        if isinstance(outcome, Refused) and outcome.why is RefusalReason.ALREADY_OPEN:
            await self._ask_about_twin(ack, body, draft, outcome)
            return
        if isinstance(outcome, Denied):  # the form has no room for a button
            self._context.reply(self._context.address(body), refusal_view(outcome, words))
        sentence = field_error(unmarked(refusal_view(outcome, words).text))
        await ack(response_action="errors", errors={_field_of(outcome, typed): sentence})

    async def _ask_about_twin(self, ack: AsyncAck, body: Body, draft: Draft, outcome: Refused) -> None:
        """Show the form again with the open request for its machine: sending it again confirms it."""
        person, view, typed = self._context.person(body), payloads.view(body), payloads.typed(body)
        words = await self._context.words(person.user_id)
        drawn = await self._context.form(
            draft, person, words, more=form_state.TAGS in typed, twin=outcome.request
        )
        sealed = self._context.replies.sealed(drawn, str(view.get("id") or ""), self._context.address(body))
        await ack(response_action="update", view=sealed)

    async def _about_one(
        self, draft: Draft, person: Person, words: Localizer
    ) -> tuple[Draft, dict[str, str]]:
        """Return the draft about the one machine that is meant, or the error for its field.

        While it's unknown, the given ID is used as is, and the card warns about it.
        """
        given = str(draft.fields.get(form_state.INSTANCE_ID) or "")
        kind = str(draft.fields.get(form_state.INSTANCE_TYPE) or "")
        meant = await self._context.instances.meant(person, given, kind) if given.strip() else None
        match meant:
            case Known(instance):
                return settled(draft, instance), {}
            case Several(instances):
                return draft, {form_state.INSTANCE_ID: field_error(machines.several(given, instances, words))}
            case NoSuch():
                return draft, {form_state.INSTANCE_ID: field_error(machines.no_such(meant, words))}
        return draft, {}


def _field_of(outcome: Denied | Refused, typed: Body) -> str:
    """Return the field that a refusal is about, if the form shows it; else the machine."""
    about = outcome.action if isinstance(outcome, Denied) else outcome.why
    field = ABOUT.get(about, form_state.INSTANCE_ID)
    return field if field in typed else form_state.INSTANCE_ID


def _follows(doubt: Mapping[str, str]) -> tuple[str, ...]:
    """Return the fields whose problems follow from not knowing the machine: one sentence is enough."""
    machine = (form_state.INSTANCE_ID, form_state.INSTANCE_TYPE, form_state.SUB_INSTANCE_ID)
    return machine if form_state.INSTANCE_ID in doubt else ()


def _errors(problems: Iterable[FieldError], typed: Body, words: Localizer) -> dict[str, str]:
    """Return each problem under its field, or under the machine if the form doesn't show that field."""
    errors: dict[str, str] = {}
    for problem in problems:
        field = problem.field if problem.field in typed else form_state.INSTANCE_ID
        sentence = field_error(answers.problem_text(problem, words))
        errors[field] = f"{errors[field]} {sentence}" if field in errors else sentence
    return errors
