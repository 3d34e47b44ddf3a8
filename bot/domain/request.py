"""What the bot keeps: a request and its reviews, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from bot.domain.approvals import QuorumSlot, Rule, Tally, tally
from bot.domain.distribution import Distribution
from bot.domain.image import CreateImage
from bot.domain.lifecycle import Status
from bot.domain.power import Power, PowerPhase

BOT = "bot"
"""The actor of what nobody in particular did: expiries, the cloud's answers."""
OPERATOR = "operator"
"""The actor of what was done from the shell of anybody who runs the bot."""
NOBODY_IN_SLACK = frozenset({"", BOT, OPERATOR})
"""Actors that have no name there and can't be mentioned."""


INSTANCE_BUSY, PLACES_TAKEN = "instance-busy", "places-taken"
CLOUD_BUSY, CLOUD_UNSURE = "cloud-busy", "cloud-unsure"
"""Why the cloud sent an approved request away: its instance is being imaged, or as many images as may be are,
there were too many calls, or for a reason that no page of the cloud's lists, which is tried on slowly.
"""

RIGHTS_LOST = "rights-lost"
"""Why the bot takes a request back: its requester may not ask for it any more."""

CREATE_FAILED, TIMED_OUT, SILENT = "image-create-failed", "timed-out", "cloud-silent"
DOUBTFUL = "doubtful-images"
"""Why an attempt failed, when it's no code of the cloud's: the image did, it isn't done in time, no call was
ever answered, or what was found with its mark can't be told to be its image.
"""

STOP_TIMED_OUT, INSTANCE_CHANGED, INSTANCE_GONE = "stop-timed-out", "instance-changed", "instance-gone"
START_TIMED_OUT = "start-timed-out"
"""What goes wrong with an instance's power: it doesn't stop in time, somebody started it before its image was
made, the cloud knows no such instance, it doesn't start in time.
"""

COPY_FAILED, COPY_TIMED_OUT, COPY_SILENT = "copy-failed", "copy-timed-out", "copy-silent"
COPY_RIGHTS_LOST = "copy-rights-lost"
"""Why an image doesn't come to another region, when it's no code of the cloud's."""

ON_THE_WAY = frozenset({Status.APPROVED, Status.CREATING})
"""Statuses in which a stopped instance waits for its image; in any other it is started again."""


@dataclass(frozen=True)
class Person:
    """Who acts, and where: Slack's ids, authenticated by Slack, never taken from a button's value.

    `delivery` is what they act by: the same when Slack, or somebody who recorded it, sends it again.
    """

    user_id: str
    team_id: str
    channel_id: str = ""
    delivery: str = field(default="", compare=False)


@dataclass(frozen=True)
class Submission:
    """What a person asks for; `key` is the same for two deliveries of one command or form."""

    image: CreateImage
    reason: str = ""
    notify: tuple[str, ...] = ()
    start_at: float | None = None
    break_glass: bool = False
    stop_first: bool = False
    regions: tuple[str, ...] = ()  # where the finished image goes as well
    anyway: bool = False  # ask though the person has a request for this instance open
    machine: str = ""  # what the instance is called
    key: str = ""


@dataclass(frozen=True)
class Review:
    """One approver's word, with the groups of whose place it fills, as they were then.

    `behalf_of` is who delegated their approvals to this person, `team_id` the workspace in which they acted;
    times are epoch seconds.
    """

    user_id: str
    approves: bool
    reason: str
    at: float
    usergroups: frozenset[str] = frozenset()
    behalf_of: str | None = None
    team_id: str = ""

    @property
    def holder(self) -> str:
        """Whose place the review fills."""
        return self.behalf_of or self.user_id


@dataclass(frozen=True)
class Delegation:
    """Whose approvals are delegated to whom, until when (epoch seconds)."""

    delegator: str
    delegate: str
    until: float


class InstanceState(StrEnum):
    """State of an instance. Only STOPPED is known to be safe to image.

    Workstations have no published list of states, and a desktop that is stopped but hibernated, say, isn't
    just stopped: all of that is OTHER. MISSING and UNKNOWN are ours: the cloud knows no such instance, or
    couldn't tell.
    """

    RUNNING = "RUNNING"
    STOPPED = "STOPPED"
    STARTING = "STARTING"
    STOPPING = "STOPPING"
    OTHER = "OTHER"
    MISSING = "MISSING"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class InstanceFacts:
    """What was known of an instance when its request was looked over; empty is what nobody could tell.

    `users` are connected. `last_image` is the newest image of it that was made through the bot, by name, and
    `last_image_at` when it was done; `usual_seconds` is how long one takes.
    """

    name: str = ""
    os_type: str = ""
    users: tuple[str, ...] = ()
    sessions: int = 0
    last_image: str = ""
    last_image_at: float | None = None
    usual_seconds: float | None = None


@dataclass(frozen=True)
class Failure:
    """Why an attempt failed: a code of the cloud's or of ours, and the cloud's own words and request id.

    `explanation` is the key of the sentence that people read, "" for the one that belongs to the code.
    """

    code: str
    message: str = ""
    cloud_request_id: str = ""
    explanation: str = ""


@dataclass(frozen=True)
class End:
    """When a request came to its end (epoch seconds), through whom (a user id, or the bot), and why."""

    at: float
    by: str = BOT
    reason: str = ""


Newer = Mapping[str, Any]
"""Stored fields of a newer version of the program: kept as they are, so that a rolling deploy loses none."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try at making the image; a retry begins a new one. Times are epoch seconds."""

    number: int = 1
    slot: int | None = None  # its place among those being made at once
    queue_reason: str | None = None  # why an approved request waits; kept while the cloud is asked again
    mark: str = (
        ""  # secret: what nobody else can have written into an image; new with an attempt's first claim
    )
    doubtful: bool = (
        False  # an earlier attempt may have made an image with this mark: look before the first call
    )
    caller: str | None = None  # the lease that may call the cloud, once
    calls: int = 0  # how often it was claimed for the cloud
    lost: int = 0  # how many of them came to nothing that anybody knows of
    called_at: float | None = None
    unsure_since: float | None = None  # when a call was first answered by what no page of the cloud's lists
    image_id: str | None = None
    task_id: str | None = None
    cloud_request_id: str | None = None
    predecessor: str | None = (
        None  # the image of an earlier attempt that took too long: it may be there by now
    )
    progress: int | None = None  # percent
    progress_at: float | None = None  # when it last grew
    stuck: bool = False  # it hasn't grown for long
    watches: int = 0
    trouble: str = ""  # why the cloud refuses to be asked about the image: key of the sentence people read
    failure: Failure | None = None
    distribution: Distribution | None = None  # its copies in other regions
    signed_off_by: str | None = None  # who reviewed emergency access afterwards
    newer: Newer = field(default_factory=dict)

    @property
    def awaited(self) -> str | None:
        """The image that took too long and may be there by now, of this failed attempt or an earlier one."""
        if self.image_id is None:
            return self.predecessor
        return self.image_id if self.failure is not None and self.failure.code == TIMED_OUT else None

    @property
    def in_doubt(self) -> bool:
        """Whether an image with the mark of this failed attempt may appear: nobody knows what a call did.

        Where several have appeared, a person has been told instead.
        """
        code = "" if self.failure is None else self.failure.code
        unknown = code in (TIMED_OUT, SILENT) or self.lost > 0 or self.doubtful
        return self.image_id is None and bool(self.mark) and unknown and code != DOUBTFUL


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
    stop_first: bool = False  # stop the instance before the image is made, start it again after
    regions: tuple[str, ...] = ()  # where the finished image is copied to
    machine: str = ""  # what the instance was called when it was asked for
    instance_state: InstanceState | None = None  # None: not looked at yet
    facts: InstanceFacts = InstanceFacts()
    reviewers: QuorumSlot | None = None  # who may fill a place that is open to all; None: nobody knows
    reminded_at: float | None = None
    escalated_at: float | None = None
    approved_at: float | None = None
    attempt: Attempt = Attempt()
    power: Power | None = None  # what it did to its instance, and has to undo
    end: End | None = None
    newer: Newer = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What its image is called, else its machine."""
        return self.image.image_name or self.called

    @property
    def called(self) -> str:
        """What people call its machine: the name, its ID as long as nobody knows another."""
        return self.facts.name or self.machine or self.image.instance_id

    @property
    def marker(self) -> str:
        """What is written into the image so that it can be found again: nobody can guess it."""
        return f"{self.id}.{self.attempt.mark}"

    @property
    def approvers(self) -> tuple[str, ...]:
        """User ids whose approval stands, in order."""
        return tuple(review.user_id for review in self.reviews if review.approves)

    @property
    def approvals(self) -> Mapping[str, frozenset[str]]:
        """Whose places the approvals fill, each with the groups that they were in when it was given."""
        return {review.holder: review.usergroups for review in self.reviews if review.approves}

    @property
    def escalated(self) -> bool:
        """Whether others may approve as well by now."""
        return self.escalated_at is not None

    @property
    def tally(self) -> Tally:
        """The approvals as they were given, counted: what can be shown without asking anybody."""
        return tally(self.rule, self.approvals, escalated=self.escalated)

    @property
    def holds(self) -> bool:
        """Whether no other request may stop, image or start the instance now."""
        return self.status is Status.CREATING or self.power is not None

    @property
    def restores(self) -> bool:
        """Whether it has to start its instance again now."""
        return self.power is not None and self.power.owed and self.status not in ON_THE_WAY

    @property
    def distributes(self) -> bool:
        """Whether its image is there, and on its way to other regions."""
        distribution = self.attempt.distribution
        is_over = distribution is not None and not distribution.under_way
        return self.status is Status.AVAILABLE and bool(self.regions) and not is_over

    def trying(self, attempt: Attempt) -> "Request":
        """Return the request with its attempt as it is now."""
        return replace(self, attempt=attempt)

    def waiting(self, attempt: Attempt) -> "Request":
        """Return the request back in line: its slot is another's, unless its instance is down meanwhile."""
        slot = attempt.slot if self.power is not None else None
        return replace(self, attempt=replace(attempt, slot=slot, caller=None))

    def released(self) -> "Request":
        """Return the request off its way to an image: all that it keeps is a start that it owes."""
        owed = self.power if self.power is not None and self.power.owed else None
        return replace(self, attempt=replace(self.attempt, slot=None, caller=None), power=owed)

    def over(self, end: End, failure: Failure | None = None) -> "Request":
        """Return the request at its end: its slot is another's, and nobody may call the cloud for it."""
        released = self.released()
        return replace(released, end=end, attempt=replace(released.attempt, failure=failure))

    def again(self) -> "Request":
        """Return the request with a new attempt, as if it had just been approved.

        It knows of all before it what keeps it from making a second image: the one that took too long, or
        the mark of calls whose outcome nobody knows.
        """
        last = self.attempt
        following = Attempt(number=last.number + 1, predecessor=last.awaited)
        if last.in_doubt:
            following = replace(following, mark=last.mark, doubtful=True)
        power = self.power and replace(self.power, phase=PowerPhase.STOPPING)
        return replace(self, end=None, attempt=following, power=power)

    def as_of(self, now: float) -> Status:
        """Return where the request stands at `now`, also when no step has said so yet."""
        if self.status is not Status.PENDING:
            return self.status
        if self.break_glass or self.tally.complete:
            return Status.APPROVED
        return Status.EXPIRED if now >= self.expires_at else Status.PENDING
