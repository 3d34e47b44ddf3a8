"""The daily message about what's waiting for somebody."""

from handlers.messages.drawing import Drawing
from handlers.mrkdwn import Markup, code, join
from handlers.views.blocks import Post, context, section


def render(drawing: Drawing) -> Post:
    """Draw the digest: how many, the newest of them, and where all are."""
    details, words = drawing.message.last.details, drawing.words
    title = words("digest-title", count=int(details["count"]), more="yes" if details["more"] else "no")
    lines = [
        words(
            "digest-line",
            id=code(str(each["id"])),
            name=str(each["name"]),
            requester=drawing.names.person(str(each["requester"])),
        )
        for each in details["requests"]
    ]
    text: Markup = join((title, *lines))
    return Post(text, (section(text), *context(words("digest-home"))))
