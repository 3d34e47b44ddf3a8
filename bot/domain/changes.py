"""What one decision writes: a change is decided by the service or by a step, and applied here, purely.

request --(Change)--> request, its entry in the audit log, the messages that people get
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.lifecycle import ENDS, Event, follow
from bot.domain.message import Kind, Priority
from bot.domain.request import BOT, Request

SILENT = frozenset(
    {Event.INSPECT, Event.LOOK, Event.RESTART, Event.ISSUE, Event.WATCH, Event.LAPSE, Event.DISTRIBUTE}
)
"""Events that the card shows and the thread does not tell; the end's own entry tells that copies begin."""

BY_ITSELF = frozenset(
    {
        Event.QUEUE,
        Event.START,
        Event.APPROVE,
        Event.POWER_OFF,
        Event.POWERED_OFF,
        Event.POWER_ON,
        Event.POWERED_ON,
    }
)
"""Events that ask nothing of anybody: their entries can wait."""

UNRECORDED = frozenset({Event.WATCH, Event.LAPSE})
"""Events that decide nothing: a look at an unfinished image, a button that disappears."""


@dataclass(frozen=True)
class Change:
    """One event, the request as it is afterwards, and when to look at the request again.

    `after` is made with `replace()` from the request as it was read; status and revision follow from the
    event (`apply`). `due` is epoch seconds; None waits until somebody does something. `details` go into the
    audit log and into the sentence in the thread. `notify` are channels to tell in addition to the request's
    own: the admin channel, when an operator has to act.
    """

    event: Event
    after: Request
    due: float | None
    actor: str = BOT
    details: Mapping[str, Any] = field(default_factory=dict)
    notify: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()  # who is told directly that it waits for them


@dataclass(frozen=True)
class Sleep:
    """Nothing to write: look again at `until` (epoch seconds), or only when somebody acts (None)."""

    until: float | None


@dataclass(frozen=True)
class NewMessage:
    """A message for the outbox; its target is a channel ID, or a user ID for a direct message."""

    kind: Kind
    target: str
    priority: Priority


def apply(request: Request, change: Change) -> Request:
    """Return the request after the change; raise `IllegalEvent` when the lifecycle does not allow it."""
    status = follow(request.status, change.event)
    return replace(change.after, status=status, revision=request.revision + 1)


def due(after: Request, change: Change) -> float | None:
    """Return when to look at the request next: no later than when an instance has to be started or a copy
    has to be looked at.
    """
    times = [] if change.due is None else [change.due]
    if after.restores and after.power is not None:
        times.append(after.power.due)
    if after.distributes:
        times.append(after.attempt.distribution.due if after.attempt.distribution else 0.0)
    return min(times, default=None)


def ended(before: Request, after: Request) -> bool:
    """Tell whether this change brought the request to an end."""
    return after.status in ENDS and before.status is not after.status


def announcements(before: Request, after: Request, change: Change) -> tuple[NewMessage, ...]:
    """Return the messages about a change, without the card."""
    if change.event in SILENT or _is_repetition(before, after, change.event):
        return ()
    priority = urgency(before, after, change.event)
    channels = (*(after.notify if ended(before, after) else ()), *change.notify)
    others = (each for each in dict.fromkeys(channels) if each != after.channel)
    notices = (NewMessage(Kind.NOTICE, each, priority) for each in others)
    return (NewMessage(Kind.ENTRY, after.channel, priority), *notices)


def redraws(before: Request, after: Request, event: Event) -> bool:
    """Tell whether a change shows on the card; a look without news doesn't."""
    return event is not Event.WATCH or _progress(before) != _progress(after)


def _progress(request: Request) -> tuple[object, ...]:
    distribution = request.attempt.distribution
    attempt = request.attempt
    return attempt.progress, attempt.stuck, distribution.copies if distribution else ()


def urgency(before: Request, after: Request, event: Event) -> Priority:
    """Return the priority: ends and skipped approvals first, then what people do or have to do."""
    if ended(before, after) or event is Event.BYPASS:
        return Priority.END
    return Priority.BOT if event in BY_ITSELF else Priority.PERSON


def _is_repetition(before: Request, after: Request, event: Event) -> bool:
    """Tell whether the thread already says so: a request with one approval takes three entries.

    The same goes for moving up in line, another call to the cloud, approvals that were already announced one
    by one, and the start of a request that was announced as waiting.
    """
    match event:
        case Event.QUEUE:
            return before.attempt.queue_reason == after.attempt.queue_reason
        case Event.START:
            return before.attempt.calls > 0 or before.attempt.queue_reason is not None
        case Event.APPROVE:
            return bool(after.approvers)
    return False
