"""`/image retry <request>`: tries my failed request again, under the approval that it had."""

from bot.service.outcomes import Done
from handlers.commands.call import Call, Group, Subcommand
from handlers.draft import Mistaken
from handlers.views import answers
from handlers.views.blocks import Post
from handlers.views.denial import refusal_view


async def run(call: Call) -> Post:
    """Start the request again."""
    request_id = await call.request(RETRY.name)
    if isinstance(request_id, Mistaken):
        return call.mistaken(request_id)
    outcome = await call.service.retry(call.person, request_id)
    if not isinstance(outcome, Done):
        return refusal_view(outcome, call.words)
    return answers.retried(outcome.request, call.words)


RETRY = Subcommand("retry", "<request>", Group.FOLLOW, run)
