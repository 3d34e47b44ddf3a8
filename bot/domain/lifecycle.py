"""The life of a request: every status, every event, and the one table that says which may follow which.

Everything that affects a transition is in this file. An event that the table doesn't list for a status is
illegal: it raises, names both, and changes nothing.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from bot.errors import ImageBotError


class Status(StrEnum):
    """The status of a request; the values are public (message metadata, `/image list`, the audit log)."""

    PENDING = "pending"
    APPROVED = "approved"
    CREATING = "creating"
    AVAILABLE = "available"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Event(StrEnum):
    """What happens to a request: a verb; its value names the entry in the thread and in the audit log."""

    SUBMIT = "submitted"
    INSPECT = "inspected"
    REVIEW = "reviewed"
    REMIND = "reminded"
    ESCALATE = "escalated"
    APPROVE = "approved"
    BYPASS = "bypassed"
    REOPEN = "reopened"
    REJECT = "rejected"
    EXPIRE = "expired"
    CANCEL = "cancelled"
    QUEUE = "queued"
    POWER_OFF = "stopping"
    POWERED_OFF = "stopped"
    START = "creating"
    RESTART = "restarted"
    LOOK = "looked_up"
    STALL = "stalled"
    ISSUE = "issued"
    WATCH = "watched"
    FINISH = "available"
    FAIL = "failed"
    APPEAR = "appeared"
    RETRY = "retried"
    LAPSE = "lapsed"
    SIGN_OFF = "signed_off"
    POWER_ON = "starting"
    POWERED_ON = "started"
    POWER_FAIL = "start_failed"
    POWER_ABANDON = "start_abandoned"
    DISTRIBUTE = "distributing"
    DISTRIBUTED = "distributed"
    DISTRIBUTION_FAIL = "distribution_failed"


RESTORING = (Event.POWER_ON, Event.WATCH, Event.POWERED_ON, Event.POWER_FAIL, Event.POWER_ABANDON)
"""How an instance that was stopped for its image is started again, in any status but those on the way to the
image: the bot asks it to start and looks until it runs; if it doesn't, the bot gives up after a day.
"""


def _restoring(status: Status) -> Mapping[Event, Status]:
    return dict.fromkeys(RESTORING, status)


S, E = Status, Event
TRANSITIONS: Mapping[Status, Mapping[Event, Status]] = MappingProxyType(
    {
        S.PENDING: {
            E.INSPECT: S.PENDING,  # the cloud said whether the instance exists and is stopped
            E.REVIEW: S.PENDING,  # somebody approved; the rule may need more
            E.REOPEN: S.PENDING,  # an approver lost the permission to approve
            E.REMIND: S.PENDING,
            E.ESCALATE: S.PENDING,  # more people can approve from now on
            E.APPROVE: S.APPROVED,  # the rule has all the approvals it needs
            E.BYPASS: S.APPROVED,  # emergency access
            E.REJECT: S.REJECTED,
            E.EXPIRE: S.EXPIRED,
            E.CANCEL: S.CANCELLED,
            **_restoring(S.PENDING),
        },
        S.APPROVED: {
            E.QUEUE: S.APPROVED,  # its instance is in use, or as many images as allowed are being made
            E.POWER_OFF: S.APPROVED,  # its instance and a slot are held; the instance will be stopped
            E.POWERED_OFF: S.APPROVED,
            E.WATCH: S.APPROVED,  # the instance turned out to be running: it has to run again afterwards
            E.START: S.CREATING,  # claimed: from here on the cloud may have received the call
            E.REOPEN: S.PENDING,  # an approver lost the permission before the call
            E.CANCEL: S.CANCELLED,
            E.FAIL: S.FAILED,
        },
        S.CREATING: {
            E.LOOK: S.CREATING,  # it's unknown whether the cloud got the call: looking for the image
            E.RESTART: S.APPROVED,  # it surely didn't: start over, with every check before a call
            E.STALL: S.CREATING,  # the cloud won't say how the image is doing: an operator has to act
            E.ISSUE: S.CREATING,  # the cloud answered with the image's id
            E.WATCH: S.CREATING,
            E.QUEUE: S.APPROVED,  # the cloud surely made nothing and asked to come back later
            E.FINISH: S.AVAILABLE,
            E.FAIL: S.FAILED,
            E.CANCEL: S.CANCELLED,  # given up while the cloud won't say how the image is doing
        },
        S.FAILED: {
            E.RETRY: S.APPROVED,
            E.LAPSE: S.FAILED,  # the approval is too old for a retry
            E.APPEAR: S.AVAILABLE,  # it became available after all
            E.SIGN_OFF: S.FAILED,
            **_restoring(S.FAILED),
        },
        S.AVAILABLE: {
            E.SIGN_OFF: S.AVAILABLE,  # somebody reviewed a bypassed approval afterwards
            E.DISTRIBUTE: S.AVAILABLE,  # it's being copied to other regions
            E.DISTRIBUTED: S.AVAILABLE,  # it's there in one of them
            E.DISTRIBUTION_FAIL: S.AVAILABLE,
            **_restoring(S.AVAILABLE),
        },
        S.REJECTED: _restoring(S.REJECTED),
        S.EXPIRED: _restoring(S.EXPIRED),
        S.CANCELLED: {E.SIGN_OFF: S.CANCELLED, **_restoring(S.CANCELLED)},
    }
)
del S, E

ENDS = frozenset({Status.AVAILABLE, Status.REJECTED, Status.EXPIRED, Status.CANCELLED, Status.FAILED})
"""Statuses in which a request has ended; their thread entry is posted in the channel too. Only a failed
request can go on.
"""


class Hands(StrEnum):
    """Which worker handles a request: each kind has its own, so that none waits for another."""

    REVIEW = "requests that wait for approval"
    CREATE = "requests that wait for an image"
    WATCH = "images that are being made"


HANDS: Mapping[Status, Hands] = MappingProxyType(
    dict.fromkeys(Status, Hands.WATCH) | {Status.PENDING: Hands.REVIEW, Status.APPROVED: Hands.CREATE}
)


def hands_over(before: Status, after: Status) -> bool:
    """Tell whether another worker takes over a request; the one that starts an image also makes the call for
    it.
    """
    return HANDS[before] is not HANDS[after] and (before, after) != (Status.APPROVED, Status.CREATING)


class IllegalEvent(ImageBotError):
    """The event can't happen to a request in this status; nothing was changed."""

    def __init__(self, status: Status, event: Event) -> None:
        super().__init__(f"a request that is {status} cannot be {event}")
        self.status = status
        self.event = event


def follow(status: Status, event: Event) -> Status:
    """Return the status after `event`; raise `IllegalEvent` if the table has no such row."""
    try:
        return TRANSITIONS[status][event]
    except KeyError:
        raise IllegalEvent(status, event) from None


def permits(status: Status, event: Event) -> bool:
    """Tell whether `event` may happen to a request in `status`."""
    return event in TRANSITIONS[status]


def mermaid() -> str:
    """Draw the table as a Mermaid state diagram: what moves a request, not what happens in one status."""
    lines = ["stateDiagram-v2", f"    [*] --> {Status.PENDING}: {Event.SUBMIT}"]
    for before, events in TRANSITIONS.items():
        lines += [
            f"    {before} --> {after}: {event}" for event, after in events.items() if after is not before
        ]
    lines += [f"    {status} --> [*]" for status in Status if status in ENDS]
    return "\n".join(lines)
