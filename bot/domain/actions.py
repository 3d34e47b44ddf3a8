"""What people can do to a request in its current status, for buttons and refusals.

Who may do it is decided elsewhere (`bot.allowlist.authorizer`).
"""

from enum import StrEnum

from bot.domain.lifecycle import Event, Status, permits
from bot.domain.request import Request

RETRY_WITHIN = 24 * 3600.0
"""Seconds after a failure for which the approval is still valid for a retry."""


class Action(StrEnum):
    """What a person does to a request."""

    APPROVE = "approve"
    REJECT = "reject"
    CANCEL = "cancel"
    RETRY = "retry"
    SIGN_OFF = "sign_off"


EVENTS = {
    Action.APPROVE: Event.REVIEW,
    Action.REJECT: Event.REJECT,
    Action.CANCEL: Event.CANCEL,
    Action.RETRY: Event.RETRY,
    Action.SIGN_OFF: Event.SIGN_OFF,
}


def actions_for(request: Request, now: float) -> tuple[Action, ...]:
    """Return what can be done to a request at `now` (epoch seconds); an expired one has ended."""
    return tuple(action for action in Action if _is_possible(action, request, now))


def _is_possible(action: Action, request: Request, now: float) -> bool:
    status = request.as_of(now)
    if not permits(status, EVENTS[action]):
        return False
    match action:
        case Action.APPROVE | Action.REJECT:
            return not request.break_glass
        case (
            Action.CANCEL
        ):  # an image in progress can't be stopped, but it can be given up while nobody can see it
            return status is not Status.CREATING or bool(request.attempt.trouble)
        case Action.RETRY:
            return request.end is not None and now < request.end.at + RETRY_WITHIN
        case Action.SIGN_OFF:
            return request.break_glass and request.attempt.signed_off_by is None
