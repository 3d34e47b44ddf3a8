"""The card of a request, drawn as the request stands now."""

from handlers.messages.drawing import Drawing
from handlers.views.blocks import Post
from handlers.views.card import card


def render(drawing: Drawing) -> Post:
    """Draw the card."""
    return card(drawing.about, drawing.now, drawing.words, drawing.names, others=drawing.others)
