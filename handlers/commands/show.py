"""`/image show <request>`: the request as its card has it."""

from bot.service.outcomes import Done
from handlers.commands.call import Call, Group, Subcommand
from handlers.commands.grammar import request_in
from handlers.draft import Mistaken
from handlers.views import answers
from handlers.views.blocks import Post
from handlers.views.denial import refusal_view


async def run(call: Call) -> Post:
    """Show the request to who may see it."""
    request_id = request_in(call.tokens, SHOW.name)
    if isinstance(request_id, Mistaken):
        return call.mistaken(request_id)
    outcome = await call.service.show(call.person, request_id)
    if not isinstance(outcome, Done):
        return refusal_view(outcome, call.words)
    now = call.context.clock()
    return await call.context.named(
        lambda names: answers.shown(outcome.request, now, call.words, names, outcome.place)
    )


SHOW = Subcommand("show", "<request>", Group.FOLLOW, run)
