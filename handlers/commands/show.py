"""`/image show <request>`: the request as its card has it, with a link to it."""

from bot.ports import Posted
from bot.service.outcomes import Done, Refused
from handlers.commands.call import Call, Group, Subcommand
from handlers.draft import Mistaken
from handlers.views import answers
from handlers.views.blocks import Post
from handlers.views.denial import refusal_view


async def run(call: Call) -> Post:
    """Show the request to people who may see it."""
    request_id = await call.request(SHOW.name)
    if isinstance(request_id, Mistaken):
        return call.mistaken(request_id)
    return await answer(call, await call.service.questions.show(call.person, request_id))


async def answer(call: Call, outcome: Done | Refused) -> Post:
    """Draw the request with its link and the buttons that this person can press."""
    if not isinstance(outcome, Done):
        return refusal_view(outcome, call.words)
    now, link = call.context.clock(), call.context.permalink(outcome.card) if outcome.card else ""
    last = outcome.request.facts.last_card
    before = call.context.permalink(Posted(*last)) if last else ""
    return await call.context.named(
        lambda names: answers.shown(outcome, now, link, call.words, names, before=before)
    )


SHOW = Subcommand("show", "<request>", Group.FOLLOW, run)
