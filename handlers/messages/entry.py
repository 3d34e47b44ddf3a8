"""Events in the card's thread; the one that ends the request mentions who asked."""

from handlers.messages.drawing import Drawing, is_end, sentences
from handlers.mrkdwn import join, mention
from handlers.views.blocks import Post, section


def render(drawing: Drawing) -> Post:
    """Draw what the thread is told, a paragraph an event."""
    told = sentences(drawing)
    last, requester = drawing.message.last, drawing.about.requester
    if is_end(last) and last.actor != requester:  # whom the sentence itself mentions
        told[-1] = drawing.words("entry-end", requester=mention(requester), told=told[-1])
    return Post(join(told), tuple(map(section, told)))
