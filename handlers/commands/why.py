"""`/image why <create …>`: would that be allowed, and who says so."""

from bot.service.outcomes import Explained
from handlers.commands.call import Call, Group, Subcommand
from handlers.commands.create_grammar import read
from handlers.draft import Mistaken
from handlers.views import denial
from handlers.views.blocks import Post


async def run(call: Call) -> Post:
    """Explain what is decided about the image that the words describe, and ask for nothing."""
    begins = bool(call.tokens) and call.tokens[0].text.casefold() == "create"
    draft = read(call.tokens[begins:])
    if isinstance(draft, Mistaken):
        return call.mistaken(draft)
    submission = await call.context.submission(draft, call.trigger_id, call.person)
    if isinstance(submission, Mistaken):
        return call.mistaken(submission)
    outcome = await call.service.why(call.person, submission)
    if not isinstance(outcome, Explained):
        return denial.refusal_view(outcome, call.words)
    return await call.context.named(lambda names: denial.explained(outcome, call.words, names))


WHY = Subcommand("why", "<instance-id> [flags]", Group.ASK, run)
