"""`/image approvers <request>`: who can still approve, without pinging anybody."""

from bot.service.outcomes import Approvers
from handlers.commands.call import Call, Group, Subcommand
from handlers.draft import Mistaken
from handlers.views import answers
from handlers.views.blocks import Post
from handlers.views.denial import refusal_view


async def run(call: Call) -> Post:
    """Name who can still approve the request."""
    request_id = await call.request(APPROVERS.name)
    if isinstance(request_id, Mistaken):
        return call.mistaken(request_id)
    outcome = await call.service.questions.approvers(call.person, request_id)
    if not isinstance(outcome, Approvers):
        return refusal_view(outcome, call.words)
    return await call.context.named(lambda names: answers.approvers(outcome, call.words, names))


APPROVERS = Subcommand("approvers", "<request>", Group.APPROVE, run)
