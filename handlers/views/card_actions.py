"""What can be done from a card: its buttons, and the menu whose answers are private."""

from collections.abc import Collection, Iterator

from bot.domain.actions import Action, actions_for
from bot.domain.lifecycle import ENDS
from bot.domain.request import Request
from handlers.i18n import Localizer
from handlers.views import command_buttons
from handlers.views.blocks import Block, button, confirm, option, overflow
from handlers.views.requests_list import AGAIN, MENU

APPROVE = "request_approve"
REJECT = "request_reject"
CANCEL = "request_cancel"
RETRY = "request_retry"
SIGN_OFF = "request_sign_off"

HISTORY, APPROVERS, COPY = "history", "approvers", "copy"
"""Sub-commands that the menu runs; only the person who chose one sees its answer."""


def menu(request: Request, words: Localizer) -> Block:
    """Return what anybody can look up, and "Request again" when there's no button for it."""
    asked = [HISTORY, COPY] if request.status in ENDS else [HISTORY, APPROVERS, COPY, AGAIN]
    return overflow(MENU, [option(words.plain(f"menu-{each}"), f"{each}:{request.id}") for each in asked])


def buttons(
    request: Request, now: float, words: Localizer, may: Collection[Action] = tuple(Action)
) -> list[Block]:
    """Return buttons for what can be done to it at `now` (epoch seconds), if the reader `may`."""
    pressed = list(_buttons(request, now, words, may))
    if request.status in ENDS:
        pressed.append(command_buttons.run(words.plain("button-again"), f"{AGAIN} {request.id}"))
    return pressed


def _buttons(request: Request, now: float, words: Localizer, may: Collection[Action]) -> Iterator[Block]:
    for action in actions_for(request, now):
        if action not in may:
            continue
        match action:
            case Action.APPROVE:
                ask = _ask_about_cleaning(request, words)
                yield button(APPROVE, words.plain("button-approve"), request.id, "primary", ask)
            case Action.REJECT:
                yield button(REJECT, words.plain("button-reject"), request.id)
            case Action.CANCEL:
                yield button(CANCEL, words.plain("button-cancel"), request.id)
            case Action.RETRY:
                yield button(RETRY, words.plain("button-retry"), request.id, "primary")
            case Action.SIGN_OFF:
                yield button(SIGN_OFF, words.plain("button-sign-off"), request.id)


def _ask_about_cleaning(request: Request, words: Localizer) -> Block | None:
    if not request.image.auto_clean_userdata:
        return None
    return confirm(
        words.plain("approve-title"),
        words.plain("confirm-clean-approve", machine=request.called, name=request.title),
        words.plain("button-approve"),
        words.plain("confirm-back"),
        "danger",
    )
