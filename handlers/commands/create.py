"""`/image create <instance> [flags]`: requests an image."""

from bot.domain.request import Submission
from bot.service.outcomes import Considered, RefusalReason, Refused, Submitted
from handlers.commands.call import Call, Group, Subcommand
from handlers.commands.create_grammar import FLAGS, read
from handlers.commands.grammar import tokens_of
from handlers.commands.machine import about, settle
from handlers.draft import Draft, Mistake, Mistaken
from handlers.views import answers, emergency_access
from handlers.views.blocks import BUTTON_VALUE, Post
from handlers.views.denial import refusal_view


async def run(call: Call) -> Post:
    """Request the image; ask again before approval is skipped."""
    draft = read(call.tokens)
    if isinstance(draft, Mistaken):
        return call.mistaken(draft)
    settled = await settle(call.context, draft, call.text, call.person, call.words)
    if isinstance(settled, Post):
        return settled
    submission = await call.context.submission(settled, call.delivery, call.person)
    if isinstance(submission, Mistaken):
        return call.mistaken(submission)
    typed = about(call.text, str(draft.fields["instance_id"]), submission.image.instance_id)
    if draft.break_glass:
        return await _ask_first(call, submission, typed)
    outcome = await call.service.submit(call.person, submission)
    if isinstance(outcome, Refused) and outcome.why is RefusalReason.ALREADY_OPEN:
        return answers.already_open(outcome, typed, call.words)
    if not isinstance(outcome, Submitted):
        return refusal_view(outcome, call.words)
    unchecked = await call.context.are_unchecked(submission.regions)
    return await call.context.named(
        lambda names: answers.submitted(outcome, call.words, names, unchecked=unchecked)
    )


async def _ask_first(call: Call, submission: Submission, typed: str) -> Post:
    """Refuse to skip approval without the permission; with it, ask for confirmation."""
    if not emergency_access.fits(typed):
        long = Mistake("command-long", str(len(typed)), allowed=str(BUTTON_VALUE))
        return call.mistaken(Mistaken((long,)))
    outcome = await call.service.consider(call.person, submission)
    if not isinstance(outcome, Considered):
        return refusal_view(outcome, call.words)
    return emergency_access.ask(outcome, typed, call.words)


def typed_in(text: str) -> Draft | Mistaken | None:
    """Return the draft in a button's `create …` command, None if it isn't such a command."""
    tokens = tokens_of(text)
    if isinstance(tokens, Mistaken) or not tokens or tokens[0].text.casefold() != CREATE.name:
        return None
    return read(tokens[1:])


CREATE = Subcommand("create", "<machine> [flags]", Group.ASK, run, tuple(FLAGS))
