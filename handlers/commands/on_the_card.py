"""`/image approve` and `/image reject`: buttons rather than commands: the answer shows the card."""

from bot.service.outcomes import Done
from handlers.commands import show
from handlers.commands.call import Call
from handlers.draft import Mistake, Mistaken
from handlers.views.answers import on_the_card
from handlers.views.blocks import Post

WORDS = frozenset({"approve", "reject"})


async def run(call: Call) -> Post:
    """Say where to do it; with a request's ID, show its card with the buttons."""
    request_id = await call.request(show.SHOW.name, call.tokens[1:2])
    if isinstance(request_id, Mistaken):
        return call.mistaken(Mistaken((Mistake("on-the-card", call.tokens[0].text),)))
    outcome = await call.service.questions.show(call.person, request_id)
    post = await show.answer(call, outcome)
    return on_the_card(post, call.words) if isinstance(outcome, Done) else post
