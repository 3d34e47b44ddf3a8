"""The outcome of a request, for a channel that should be notified."""

from handlers.messages.drawing import Drawing, about, sentences
from handlers.mrkdwn import join
from handlers.views.blocks import Post, context, section


def render(drawing: Drawing) -> Post:
    """Draw the outcome, and whose request it was."""
    told, of = join(sentences(drawing)), about(drawing)
    return Post(join((told, of)), (section(told), *context(of)))
