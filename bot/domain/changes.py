"""What one decision writes: a change is decided by the service or by a step, and applied here, purely.

request --(Change)--> request, its entry in the audit log, the messages that people get
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.lifecycle import ENDS, Event, follow
from bot.domain.request import BOT, Kind, Request

SILENT = frozenset({Event.INSPECT, Event.LOOK, Event.RESTART, Event.ISSUE, Event.WATCH, Event.LAPSE})
"""Events that the card shows and the thread does not tell."""

UNRECORDED = frozenset({Event.WATCH, Event.LAPSE})
"""Events that decide nothing: a look at an image that is still being made, a button that goes."""


@dataclass(frozen=True)
class Change:
    """One event, the request with what it changes, and when the request wants to be looked at again.

    `after` is made with `replace()` from the request as it was read; status and revision follow from the
    event (`apply`). `due` is epoch seconds; None sleeps until somebody does something. `details` go into the
    audit log and to whoever words the thread's entry. `notify` are channels that are told besides those of
    the request: the admin channel, where an operator has to act.
    """

    event: Event
    after: Request
    due: float | None
    actor: str = BOT
    details: Mapping[str, Any] = field(default_factory=dict)
    notify: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sleep:
    """Nothing to write: look again at `until` (epoch seconds), or never by itself (None)."""

    until: float | None


@dataclass(frozen=True)
class NewMessage:
    """A message to be put into the outbox; where it goes is a channel id, or a user id for a direct one."""

    kind: Kind
    channel: str


def apply(request: Request, change: Change) -> Request:
    """Return the request after the change; raise `IllegalEvent` when the lifecycle does not allow it."""
    status = follow(request.status, change.event)
    return replace(change.after, status=status, revision=request.revision + 1)


def ended(before: Request, after: Request) -> bool:
    """Tell whether this change brought the request to an end."""
    return after.status in ENDS and before.status is not after.status


def announcements(before: Request, after: Request, change: Change) -> tuple[NewMessage, ...]:
    """Say who hears of a change; the card is not listed."""
    if change.event in SILENT or _is_repetition(before, after, change.event):
        return ()
    channels = (*(after.notify if ended(before, after) else ()), *change.notify)
    notices = (NewMessage(Kind.NOTICE, each) for each in dict.fromkeys(channels) if each != after.channel)
    return (NewMessage(Kind.ENTRY, after.channel), *notices)


def redraws(before: Request, after: Request, event: Event) -> bool:
    """Tell whether a change shows on the card: a look that found nothing new doesn't."""
    return event is not Event.WATCH or before.attempt.progress != after.attempt.progress


def _is_repetition(before: Request, after: Request, event: Event) -> bool:
    """Tell whether the thread has it already: a step forward in the line, a cloud asked once more."""
    if event is Event.QUEUE:
        return before.attempt.queue_reason == after.attempt.queue_reason
    return event is Event.START and before.attempt.calls > 0
