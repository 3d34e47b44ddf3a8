"""The question before approval is skipped: private, with its own button and dialog."""

from bot.service.outcomes import Considered
from handlers.i18n import Localizer
from handlers.mrkdwn import quote
from handlers.views.blocks import BUTTON_VALUE, Post, actions, button, confirm, section
from handlers.views.card_facts import machine_and_id
from handlers.views.requests import named, place

BREAK_GLASS = "request_break_glass"


def fits(typed: str) -> bool:
    """Whether the button can hold the command, which is read again when it's pressed."""
    return len(typed) <= BUTTON_VALUE


def ask(outcome: Considered, typed: str, words: Localizer) -> Post:
    """Say what would happen, and who would see it."""
    request = outcome.request
    question = words(
        "emergency-ask",
        machine=machine_and_id(request),
        channel=place(request.channel),
        rule=named(request.rule),
    )
    dialog = confirm(
        words.plain("emergency-title"),
        words.plain("emergency-sure", name=request.title),
        words.plain("emergency-yes"),
        words.plain("emergency-no"),
        "danger",
    )
    press = button(BREAK_GLASS, words.plain("button-break-glass"), typed, "danger", dialog)
    return Post(question, (section(question), section(quote(request.reason)), *actions([press])))
