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
"""The actor for what happens on its own: expiries, the cloud's answers."""
OPERATOR = "operator"
"""The actor for what an operator does from the shell."""
NOBODY_IN_SLACK = frozenset({"", BOT, OPERATOR})
"""Actors that aren't Slack users and can't be mentioned."""


INSTANCE_BUSY, PLACES_TAKEN = "instance-busy", "places-taken"
CLOUD_BUSY, CLOUD_UNSURE, CLOUD_AWAY = "cloud-busy", "cloud-unsure", "cloud-away"
"""Why an approved request waits for the cloud: its instance is being imaged, the account's limit of images is
reached, there were too many calls; the reason is on none of its reference pages, and the bot keeps trying
slowly; or it doesn't report the state of the instance and its earlier images.
"""

RIGHTS_LOST = "rights-lost"
"""Why the bot cancels a request: its requester has lost the permission."""

CREATE_FAILED, TIMED_OUT, SILENT = "image-create-failed", "timed-out", "cloud-silent"
DOUBTFUL, NO_ANSWER = "doubtful-images", "no-answer"
"""Why an attempt failed, when it isn't one of the cloud's codes: the image failed, it wasn't done in time,
no call was ever answered, it's unclear which of the images with its mark is the right one, or the cloud never
said what has to be known before the call.
"""

STOP_TIMED_OUT, INSTANCE_CHANGED, INSTANCE_GONE = "stop-timed-out", "instance-changed", "instance-gone"
START_TIMED_OUT = "start-timed-out"
"""What can go wrong with an instance's power: it doesn't stop in time, somebody started it before its
image was made, the cloud has no such instance, it doesn't start in time.
"""

COPY_FAILED, COPY_TIMED_OUT, COPY_SILENT = "copy-failed", "copy-timed-out", "copy-silent"
COPY_RIGHTS_LOST = "copy-rights-lost"
"""Why an image isn't copied to another region, when it isn't one of the cloud's codes."""

ON_THE_WAY = frozenset({Status.APPROVED, Status.CREATING})
"""Statuses in which a stopped instance waits for its image; in any other it is started again."""


@dataclass(frozen=True)
class Person:
    """Who acts, and where: Slack's IDs, authenticated by Slack and never taken from a button's value.

    `delivery` identifies what they did: it's the same when Slack, or somebody who recorded it, sends it
    again.
    """

    user_id: str
    team_id: str
    channel_id: str = ""
    delivery: str = field(default="", compare=False)


@dataclass(frozen=True)
class Submission:
    """What a person requests; `key` is the same for two deliveries of one command or form."""

    image: CreateImage
    reason: str = ""
    notify: tuple[str, ...] = ()
    start_at: float | None = None
    break_glass: bool = False
    stop_first: bool = False
    regions: tuple[str, ...] = ()  # where the finished image goes as well
    anyway: bool = False  # request it even if the person has an open request for this instance
    machine: str = ""  # what the instance is called
    key: str = ""


@dataclass(frozen=True)
class Review:
    """One approver's decision, with the groups of the person whose approval it counts as, as they were then.

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
        """The person whose approval it counts as."""
        return self.behalf_of or self.user_id


@dataclass(frozen=True)
class Delegation:
    """Who has delegated their approvals to whom, until when (epoch seconds)."""

    delegator: str
    delegate: str
    until: float


class InstanceState(StrEnum):
    """State of an instance. Only STOPPED is known to be safe to image.

    Workstations have no published list of states, and a desktop may be stopped and hibernated at once: all of
    that is OTHER. MISSING and UNKNOWN are ours: the cloud has no such instance, or couldn't say.
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
    """What was known about an instance when its request was inspected; unknown values are empty.

    `state_text` is Alibaba Cloud's own word for its state, `regions` are where a desktop was looked for.
    `users` are connected to it. `last_image` is the name of its newest image made by the bot, `last_image_at`
    when that was done, `last_request` its request's ID, `last_card` the channel and ts of that request's
    card; `usual_seconds` is how long its images take.
    """

    name: str = ""
    os_type: str = ""
    users: tuple[str, ...] = ()
    sessions: int = 0
    last_image: str = ""
    last_image_at: float | None = None
    last_request: str = ""
    last_card: tuple[str, str] | None = None
    usual_seconds: float | None = None
    state_text: str = ""
    regions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failure:
    """Why an attempt failed: a code of the cloud's or ours, and the cloud's own message and request ID.

    `explanation` is the key of the sentence that people read, "" for the one that belongs to the code.
    """

    code: str
    message: str = ""
    cloud_request_id: str = ""
    explanation: str = ""


@dataclass(frozen=True)
class End:
    """When a request ended (epoch seconds), who ended it (a user ID, or the bot), and why."""

    at: float
    by: str = BOT
    reason: str = ""


Newer = Mapping[str, Any]
"""Fields stored by a newer version of the program: kept as they are, so that a rolling deploy loses none."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try at making the image; a retry begins a new one. Times are epoch seconds."""

    number: int = 1
    slot: int | None = None  # its slot among the images being made at once
    queue_reason: str | None = None  # why an approved request waits; kept during the next call
    mark: str = ""  # secret that identifies the image; new with an attempt's first claim
    doubtful: bool = (
        False  # an earlier attempt may have made an image with this mark: look before the first call
    )
    caller: str | None = None  # the lease that may call the cloud, once
    calls: int = 0  # how often a lease claimed the call
    lost: int = 0  # how many of those calls had no known result
    called_at: float | None = None
    unsure_since: float | None = None  # since when the cloud has said nothing that helps to make the image
    image_id: str | None = None
    task_id: str | None = None
    cloud_request_id: str | None = None
    predecessor: str | None = (
        None  # the image of an earlier attempt that took too long: it may be there by now
    )
    progress: int | None = None  # percent
    progress_at: float | None = None  # when it last grew
    stuck: bool = False  # it hasn't grown for a long time
    watches: int = 0
    trouble: str = ""  # why the cloud won't say how the image is doing: the key of a sentence
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
    """A request as stored; times are epoch seconds, IDs are Slack's and the cloud's."""

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
    machine: str = ""  # the instance's name when the image was requested
    instance_state: InstanceState | None = None  # None: not looked at yet
    facts: InstanceFacts = InstanceFacts()
    reviewers: QuorumSlot | None = None  # who may fill an open slot; None: unknown
    reminded_at: float | None = None
    escalated_at: float | None = None
    approved_at: float | None = None
    attempt: Attempt = Attempt()
    power: Power | None = None  # what it did to its instance, and has to undo
    end: End | None = None
    newer: Newer = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Its image's name, or else its machine's."""
        return self.image.image_name or self.called

    @property
    def called(self) -> str:
        """What people call its machine: its name, or its ID while the name isn't known."""
        return self.facts.name or self.machine or self.image.instance_id

    @property
    def marker(self) -> str:
        """The text written into the image so that it can be found again; nobody can guess it."""
        return f"{self.id}.{self.attempt.mark}"

    @property
    def approvers(self) -> tuple[str, ...]:
        """User IDs of those who approved, in order."""
        return tuple(review.user_id for review in self.reviews if review.approves)

    @property
    def approvals(self) -> Mapping[str, frozenset[str]]:
        """Whose approvals they count as, each with the groups the person was in at the time."""
        return {review.holder: review.usergroups for review in self.reviews if review.approves}

    @property
    def escalated(self) -> bool:
        """Whether the escalation has begun, so that more people can approve."""
        return self.escalated_at is not None

    @property
    def tally(self) -> Tally:
        """The tally of the approvals as they were given, which needs no call to Slack."""
        return tally(self.rule, self.approvals, escalated=self.escalated)

    @property
    def holds(self) -> bool:
        """Whether this request holds the instance, so that no other can stop, image or start it."""
        return self.status is Status.CREATING or self.power is not None

    @property
    def restores(self) -> bool:
        """Whether it has to start its instance again now."""
        return self.power is not None and self.power.owed and self.status not in ON_THE_WAY

    @property
    def distributes(self) -> bool:
        """Whether its image is available and is being copied to other regions."""
        distribution = self.attempt.distribution
        is_over = distribution is not None and not distribution.under_way
        return self.status is Status.AVAILABLE and bool(self.regions) and not is_over

    def trying(self, attempt: Attempt) -> "Request":
        """Return the request with its attempt as it is now."""
        return replace(self, attempt=attempt)

    def waiting(self, attempt: Attempt) -> "Request":
        """Return the request back in line: it gives up its slot, unless it has stopped its instance."""
        slot = attempt.slot if self.power is not None else None
        return replace(self, attempt=replace(attempt, slot=slot, caller=None))

    def released(self) -> "Request":
        """Return the request without slot and instance: it keeps only the duty to start its instance
        again.
        """
        owed = self.power if self.power is not None and self.power.owed else None
        return replace(self, attempt=replace(self.attempt, slot=None, caller=None), power=owed)

    def over(self, end: End, failure: Failure | None = None) -> "Request":
        """Return the request as ended: it gives up its slot, and no call may be made for it."""
        released = self.released()
        return replace(released, end=end, attempt=replace(released.attempt, failure=failure))

    def again(self) -> "Request":
        """Return the request with a new attempt, as if it had just been approved.

        It keeps from earlier attempts what prevents a second image: the image that took too long, or the mark
        of calls whose outcome is unknown.
        """
        last = self.attempt
        following = Attempt(number=last.number + 1, predecessor=last.awaited)
        if last.in_doubt:
            following = replace(following, mark=last.mark, doubtful=True)
        power = self.power and replace(self.power, phase=PowerPhase.STOPPING)
        return replace(self, end=None, attempt=following, power=power)

    def as_of(self, now: float) -> Status:
        """Return the status at `now`, even if no step has recorded it yet."""
        if self.status is not Status.PENDING:
            return self.status
        if self.break_glass or self.tally.complete:
            return Status.APPROVED
        return Status.EXPIRED if now >= self.expires_at else Status.PENDING
