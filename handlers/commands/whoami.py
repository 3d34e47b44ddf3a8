"""`/image whoami`: what the allowlist says about me."""

from bot.service.outcomes import RightsHeld
from handlers.commands.call import Call, Group, Subcommand
from handlers.commands.grammar import nothing_in
from handlers.views import answers
from handlers.views.blocks import Post
from handlers.views.denial import refusal_view


async def run(call: Call) -> Post:
    """Say which groups and policies I have, and what I may do."""
    if extra := nothing_in(call.tokens):
        return call.mistaken(extra)
    outcome = await call.service.questions.whoami(call.person)
    if not isinstance(outcome, RightsHeld):
        return refusal_view(outcome, call.words)
    return await call.context.named(lambda names: answers.whoami(outcome, call.words, names))


WHOAMI = Subcommand("whoami", "", Group.ASK, run)
