"""A request's card, drawn from the request as it is now."""

from bot.domain.lifecycle import Status
from bot.ports import Posted
from handlers.messages.drawing import Drawing
from handlers.mrkdwn import group, join
from handlers.views.blocks import Post, context
from handlers.views.card import card


def render(drawing: Drawing) -> Post:
    """Draw the card; it mentions the usergroups that it waits for, if its rule says so."""
    request = drawing.about
    last = request.facts.last_card
    before = drawing.permalink(Posted(*last)) if last else ""
    post = card(request, drawing.now, drawing.words, drawing.names, others=drawing.others, before=before)
    groups = join(map(group, sorted(request.rule.mentions)), " ")
    if not groups or request.status is not Status.PENDING:
        return post
    told = drawing.words("card-ping", groups=groups)
    return Post(join((post.text, told), " "), (*post.blocks, *context(told)))
