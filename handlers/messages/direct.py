"""Direct messages to one person about a request."""

from bot.domain.message import WAITS
from handlers.messages.drawing import Drawing, about, sentences
from handlers.mrkdwn import Markup, code, join, quote
from handlers.views.blocks import Post, actions, button, context, section
from handlers.views.card import REASON_SHOWN
from handlers.views.card_actions import APPROVE, REJECT
from handlers.views.card_facts import machine_name
from handlers.views.requests import place
from handlers.views.undeliverable import undeliverable


def render(drawing: Drawing) -> Post:
    """Draw the news, and where it couldn't be posted; for an approver, the request that waits for them."""
    if drawing.message.last.event == WAITS:
        return _waits(drawing)
    parts, of = [*sentences(drawing), *_undeliverable(drawing)], about(drawing)
    return Post(join((*parts, of)), (*map(section, parts), *context(of)))


def _waits(drawing: Drawing) -> Post:
    """Return a request that waits for the reader, with its buttons."""
    request, words = drawing.about, drawing.words
    told = words(
        "direct-waits",
        requester=drawing.names.person(request.requester),
        name=request.title,
        machine=machine_name(request),
        id=code(request.id),
        channel=place(request.channel),
        until=words.date(request.expires_at),
    )
    reason = quote(request.reason[:REASON_SHOWN]) if request.reason else Markup()
    buttons = [
        button(APPROVE, words.plain("button-approve"), request.id, "primary"),
        button(REJECT, words.plain("button-reject"), request.id),
    ]
    return Post(told, (section(join((told, reason))), *actions(buttons)))


def _undeliverable(drawing: Drawing) -> list[Markup]:
    """Return each channel that didn't accept it, once, with what to do."""
    lost = dict.fromkeys(
        (str(told.details.get("undeliverable") or ""), str(told.details.get("code") or ""))
        for told in drawing.message.told
    )
    return [undeliverable(channel, reason, drawing.words) for channel, reason in lost if channel]
