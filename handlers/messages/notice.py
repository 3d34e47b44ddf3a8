"""The outcome of a request, for a channel that asked to be told."""

from handlers.messages.drawing import Drawing, sentences
from handlers.mrkdwn import code, join, mention
from handlers.views.blocks import Post, section
from handlers.views.card_facts import machine_name


def render(drawing: Drawing) -> Post:
    """Draw whose request it was and what became of it."""
    request = drawing.about
    told = drawing.words(
        "notice",
        requester=mention(request.requester),
        machine=machine_name(request),
        told=join(sentences(drawing)),
        id=code(request.id),
    )
    return Post(told, (section(told),))
