"""What the bot keeps: a request, its reviews and the messages about it, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.domain.approvals import Rule
from bot.domain.image import CreateImage
from bot.domain.lifecycle import Event, Status

BOT = "bot"
"""The actor of what nobody in particular did: expiries, the cloud's answers."""


INSTANCE_BUSY, PLACES_TAKEN, CLOUD_BUSY = "instance-busy", "places-taken", "cloud-busy"
"""Why an approved request waits: for its instance, for a place among those being made, or for the cloud."""


@dataclass(frozen=True)
class Person:
    """Who acts, and where: Slack's ids, authenticated by Slack, never taken from a button's value."""

    user_id: str
    team_id: str
    channel_id: str = ""


@dataclass(frozen=True)
class Submission:
    """What a person asks for; `key` is the same for two deliveries of one command or form."""

    image: CreateImage
    reason: str = ""
    notify: tuple[str, ...] = ()
    start_at: float | None = None
    break_glass: bool = False
    key: str = ""


@dataclass(frozen=True)
class Review:
    """One approver's word, with the groups of whose place it fills, as they were then.

    `behalf_of` is who lent their approvals to this person; times are epoch seconds.
    """

    user_id: str
    approves: bool
    reason: str
    at: float
    usergroups: frozenset[str] = frozenset()
    behalf_of: str | None = None

    @property
    def holder(self) -> str:
        """Whose place the review fills."""
        return self.behalf_of or self.user_id


@dataclass(frozen=True)
class Delegation:
    """Whose approvals are lent to whom, until when (epoch seconds)."""

    delegator: str
    delegate: str
    until: float


@dataclass(frozen=True)
class Failure:
    """Why a request failed: a code of the cloud's or of ours, and the cloud's own words and request id."""

    code: str
    message: str = ""
    cloud_request_id: str = ""


@dataclass(frozen=True)
class Request:
    """A request as stored; times are epoch seconds, ids are Slack's and the cloud's."""

    id: str
    team_id: str
    requester: str
    asked_in: str  # channel of the command or form
    channel: str  # channel of the card
    image: CreateImage
    reason: str
    notify: tuple[str, ...]
    rule: Rule  # as it was when the request was made
    status: Status
    created_at: float
    expires_at: float
    revision: int = 0  # one more with every write
    reviews: tuple[Review, ...] = ()
    start_at: float | None = None  # not before
    break_glass: bool = False
    signed_off_by: str | None = None  # who reviewed a broken glass afterwards
    instance_state: str | None = None  # as the cloud told: running, stopped, missing, unknown, …
    reminded_at: float | None = None
    escalated_at: float | None = None
    approved_at: float | None = None
    queue_reason: str | None = None  # why an approved request waits; kept while the cloud is asked again
    queue_place: int | None = None
    slot: int | None = None  # its place among those being made at once
    attempt: int = 1  # one more with every retry; part of the marker
    caller: str | None = None  # the lease that may call the cloud, once
    calls: int = 0  # how often this attempt was claimed for the cloud
    lost: int = 0  # how many of them came to nothing that anybody knows of
    called_at: float | None = None
    image_id: str | None = None
    task_id: str | None = None
    progress: int | None = None  # percent
    cloud_request_id: str | None = None
    watches: int = 0
    failure: Failure | None = None
    ended_at: float | None = None
    ended_by: str | None = None  # user id, or the bot
    end_reason: str = ""

    @property
    def marker(self) -> str:
        """What is written into the image so that it can be found again: its own for every attempt."""
        return self.id if self.attempt == 1 else f"{self.id}.{self.attempt}"

    @property
    def approvers(self) -> tuple[str, ...]:
        """User ids whose approval stands, in order."""
        return tuple(review.user_id for review in self.reviews if review.approves)


class Kind(StrEnum):
    """What a message is for."""

    CARD = "card"  # the one message of a request, edited in place
    ENTRY = "entry"  # an event, in the card's thread
    NOTICE = "notice"  # the outcome, in a channel that asked to be told
    DIRECT = "direct"  # to one person


@dataclass(frozen=True)
class Message:
    """A row of the outbox: what to say where; the words are made when it is delivered.

    `ts` is Slack's id of the message once it was posted; `thread_ts` that of the card it belongs under.
    `tries` counts earlier attempts: with any, look whether one got through before posting again.
    """

    id: int
    team_id: str  # the workspace it goes to
    request_id: str
    kind: Kind
    channel: str  # channel id, or a user id for a direct message
    event: Event
    status: Status  # after the event
    actor: str
    at: float
    details: Mapping[str, Any] = field(default_factory=dict)
    ts: str | None = None
    thread_ts: str | None = None
    tries: int = 0
