"""What the bot has to tell people: messages by kind, target and subject. The text is rendered on delivery."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

from bot.domain.lifecycle import Status


class Kind(StrEnum):
    """What a message is for. Each has one renderer (`handlers.messages.renderers`)."""

    CARD = "card"  # the one message of a request, edited in place
    ENTRY = "entry"  # events, in the card's thread
    NOTICE = "notice"  # the outcome, in a channel that the requester wanted to notify
    DIRECT = "direct"  # to one person
    ADMIN = "admin"  # to the admin channel
    DIGEST = "digest"  # to one person, once a day


TO_PEOPLE = frozenset({Kind.DIRECT, Kind.DIGEST})
"""Kinds whose target is a user ID."""


class Priority(IntEnum):
    """Which messages go first in a channel; within one priority, people take turns."""

    END = 0  # what somebody is waiting for: the end of a request
    PERSON = 1  # what people do, and what needs them
    BOT = 2  # what the bot does on its own meanwhile


REQUEST = "request"
"""The kind of subject whose messages need the request to be rendered; any other subject is just an ID."""

UNPOSTED, FROZEN = "unposted", "frozen"
"""Events of a card that aren't in the lifecycle: it can't be posted yet, or can no longer be edited."""


WAITS = "waits"
"""The event of a direct message to an approver: a request is waiting for them."""

DIRECTLY = "directly"
"""A detail of an entry: the requester gets a direct message, so the thread doesn't mention them."""

DIGEST = "digest"
"""The kind of subject, and the event, of the daily message about what's waiting for somebody."""


@dataclass(frozen=True)
class Subject:
    """What a message is about."""

    kind: str
    id: str


@dataclass(frozen=True)
class Told:
    """One thing that a message says: an event of the lifecycle, or one that exists for messages only.

    `status` is the request's after the event, None without a request; `at` is epoch seconds.
    """

    event: str
    at: float
    actor: str
    status: Status | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Message:
    """A row of the outbox. Where it was posted is known once Slack has answered: `ts` and `posted_in`.

    `target` is a channel ID, or a user ID for a direct message. `told` is never empty; its last item names
    the message. `thread_ts` is the card's, for an entry. `in_doubt_since` is when an attempt with an unknown
    outcome began (epoch seconds): look before posting again. None: it certainly hasn't been posted.
    """

    id: int
    team_id: str  # the workspace it goes to
    kind: Kind
    target: str
    subject: Subject
    told: tuple[Told, ...]
    posted_in: str | None = None
    ts: str | None = None
    thread_ts: str | None = None
    tries: int = 0
    in_doubt_since: float | None = None

    @property
    def last(self) -> Told:
        """The last thing that the message says."""
        return self.told[-1]

    @property
    def channel(self) -> str:
        """The conversation it's in, as Slack named it, or else the one it will go to."""
        return self.posted_in or self.target
