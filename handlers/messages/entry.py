"""Events in the card's thread; the one that ends the request mentions who asked."""

from handlers.messages.drawing import Drawing, is_end, sentences
from handlers.mrkdwn import join, mention
from handlers.views.blocks import Post, section


def render(drawing: Drawing) -> Post:
    """Draw what the thread is told, a paragraph an event."""
    told = sentences(drawing)
    if is_end(drawing.message.last):
        told[-1] = drawing.words("entry-end", requester=mention(drawing.about.requester), told=told[-1])
    return Post(join(told), tuple(map(section, told)))
