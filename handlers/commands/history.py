"""`/image history <request>`: the request's story, from the audit log."""

from bot.service.outcomes import Refused
from handlers.commands.call import Call, Group, Subcommand
from handlers.draft import Mistaken
from handlers.views import history
from handlers.views.blocks import Post
from handlers.views.denial import refusal_view


async def run(call: Call) -> Post:
    """Tell the request's story to people who may see it."""
    request_id = await call.request(HISTORY.name)
    if isinstance(request_id, Mistaken):
        return call.mistaken(request_id)
    story = await call.service.records.history(call.person, request_id)
    if isinstance(story, Refused):
        return refusal_view(story, call.words)
    return await call.context.named(lambda names: history.told(story, call.words, names))


HISTORY = Subcommand("history", "<request>", Group.FOLLOW, run)
