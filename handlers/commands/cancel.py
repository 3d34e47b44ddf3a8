"""`/image cancel <request> [reason]`: a request is canceled."""

from bot.service.outcomes import Done
from handlers.commands.call import Call, Group, Subcommand
from handlers.draft import Mistaken
from handlers.views import answers
from handlers.views.blocks import Post
from handlers.views.denial import refusal_view


async def run(call: Call) -> Post:
    """Cancel the request; the words after its ID are the reason."""
    request_id = await call.request(CANCEL.name, call.tokens[:1])
    if isinstance(request_id, Mistaken):
        return call.mistaken(request_id)
    given = (token.value if token.flag == "reason" else token.text for token in call.tokens[1:])
    outcome = await call.service.cancel(call.person, request_id, " ".join(word for word in given if word))
    if not isinstance(outcome, Done):
        return refusal_view(outcome, call.words)
    return answers.cancelled(outcome.request, call.words)


CANCEL = Subcommand("cancel", "<request> [reason]", Group.FOLLOW, run)
