"""Events in the card's thread; the one that ends the request mentions the requester."""

from handlers.messages.drawing import Drawing, called, is_end, sentences
from handlers.mrkdwn import join
from handlers.views.blocks import Post, section


def render(drawing: Drawing) -> Post:
    """Draw the events for the thread, one paragraph each."""
    told = sentences(drawing)
    last = drawing.message.last
    if is_end(last) and last.actor != drawing.about.requester:  # people whom the sentence itself mentions
        told[-1] = drawing.words("entry-end", requester=called(last, drawing), told=told[-1])
    return Post(join(told), tuple(map(section, told)))
