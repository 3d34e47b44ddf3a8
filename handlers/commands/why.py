"""`/image why <create …>`: would that be allowed; `why <request>`: why it waits, was refused or failed."""

from bot.service.outcomes import Done, Explained
from handlers.commands.call import Call, Group, Subcommand
from handlers.commands.create_grammar import read
from handlers.commands.grammar import is_request
from handlers.commands.machine import settle
from handlers.draft import Mistaken
from handlers.views import denial, standing
from handlers.views.blocks import Post


async def run(call: Call) -> Post:
    """Explain the decision about the image that the words describe, without requesting it."""
    if call.tokens and call.tokens[0].flag is None and is_request(call.tokens[0].text):
        return await _about_request(call)
    begins = bool(call.tokens) and call.tokens[0].text.casefold() == "create"
    draft = read(call.tokens[begins:])
    if isinstance(draft, Mistaken):
        return call.mistaken(draft)
    settled = await settle(call.context, draft, call.text, call.person, call.words, must_exist=False)
    if isinstance(settled, Post):
        return settled
    submission = await call.context.submission(settled, call.trigger_id, call.person)
    if isinstance(submission, Mistaken):
        return call.mistaken(submission)
    outcome = await call.service.questions.why(call.person, submission)
    if not isinstance(outcome, Explained):
        return denial.refusal_view(outcome, call.words)
    return await call.context.named(lambda names: denial.explained(outcome, call.words, names))


async def _about_request(call: Call) -> Post:
    request_id = await call.request(WHY.name)
    if isinstance(request_id, Mistaken):
        return call.mistaken(request_id)
    outcome = await call.service.questions.show(call.person, request_id)
    if not isinstance(outcome, Done):
        return denial.refusal_view(outcome, call.words)
    return await call.context.named(lambda names: standing.why(outcome.request, call.words, names))


WHY = Subcommand("why", "<request>|<machine> [flags]", Group.ASK, run)
