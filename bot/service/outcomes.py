"""What the service answers: one value for each possible outcome of a call. Breakage is exceptions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.allowlist.access import Target
from bot.allowlist.authorizer import NOBODY, Candidates
from bot.allowlist.principal import AccessDecision
from bot.domain.actions import Action
from bot.domain.approvals import Rule, Tally
from bot.domain.image import ACTION as CREATE
from bot.domain.image import DiskType
from bot.domain.request import Delegation, Request
from bot.errors import DirectoryDown
from bot.policy import Decision, Explanation
from bot.ports import Posted


class RefusalReason(StrEnum):
    """Why something is refused for a reason other than a policy; each has a sentence in the catalog."""

    NOT_FOUND = "not-found"  # no such request, or not one that this person may see
    OWN_REQUEST = "own-request"
    ALREADY_REVIEWED = "already-reviewed"
    NOT_NEEDED = "not-needed"  # the rule asks for other people
    TOO_LATE = "too-late"  # the request's status doesn't allow it anymore
    TOO_EARLY = "too-early"  # an after-review of something still under way
    REASON_NEEDED = "reason-needed"
    NOT_YOURS = "not-yours"
    OUTSIDER = "outsider"  # deactivated, a guest, or from another workspace
    NOT_SET_UP = "not-set-up"  # the same, until an operator gives the bot its scopes
    UNDECIDED = "undecided"  # Slack couldn't say who is in which group, so nobody may
    NO_CHANNEL = "no-channel"  # nowhere to post the card
    NOT_OPEN = "not-open"  # nothing to sign off
    NOT_DELEGATED = "not-delegated"  # no delegation to take back
    BAD_START = "bad-start"  # in the past, or too far ahead
    BAD_END = "bad-end"
    ALREADY_OPEN = "already-open"  # they have a request for this instance; they can ask anyway
    TOO_MANY = "too-many"  # the person has the most open requests allowed
    TOO_FAST = "too-fast"  # the person has sent the most requests allowed in a minute
    YOURSELF = "yourself"  # people can't delegate to themselves
    NOTHING_TO_DELEGATE = "nothing-to-delegate"  # the person can't approve anything
    TOO_OFTEN = "too-often"  # each delegation is a direct message to somebody
    REPEATED = "repeated"  # this delivery was acted on before
    NOT_IN_CHANNEL = "not-in-channel"  # the bot doesn't post where the person couldn't


def undecided(why: Exception) -> RefusalReason:
    """Return the reason when Slack can't say who somebody is: for now, or until an operator acts."""
    lasts = isinstance(why, DirectoryDown) and why.lasts
    return RefusalReason.NOT_SET_UP if lasts else RefusalReason.UNDECIDED


@dataclass(frozen=True)
class Submitted:
    """The request is on disk; `again` when this delivery of the command was a repeat.

    `refused` is the error code with which Slack refuses posts in its channel, "" when it doesn't.
    """

    request: Request
    again: bool = False
    refused: str = ""


@dataclass(frozen=True)
class Done:
    """It was done; `request` is as it stands now.

    For the person who asked to see it: `place` is its place in line, `card` where its card is, `may` what
    they can do to it now, `others` how many more requests for its instance are open, `refused` the error code
    with which Slack refuses posts in its channel.
    """

    request: Request
    place: int | None = None
    card: Posted | None = None
    may: frozenset[Action] = frozenset()
    others: int = 0
    refused: str = ""


@dataclass(frozen=True)
class Reviewed:
    """The review is on disk; `tally` says what the rule still needs."""

    request: Request
    tally: Tally


@dataclass(frozen=True)
class Denied:
    """The allowlist doesn't allow it; `explanation` is from the policy engine.

    `target` is the request that the action was about, None for none; `resource` is its name.
    """

    action: str
    explanation: Explanation
    target: Target | None = None
    resource: str = "*"


def denied(decision: AccessDecision, target: Target | None = None) -> Denied:
    """Return a decision to deny as an outcome."""
    return Denied(decision.access.action, decision.explanation, target, decision.access.resource)


@dataclass(frozen=True)
class Refused:
    """It isn't possible, no matter what the allowlist says."""

    why: RefusalReason
    request: Request | None = None
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Delegated:
    """Who delegated their approvals to whom, until when (epoch seconds; None: the delegation was ended)."""

    delegator: str
    delegate: str
    until: float | None


@dataclass(frozen=True)
class Delegations:
    """A person's delegations in force: the one they have given, and those they have received."""

    given: Delegation | None = None
    received: tuple[Delegation, ...] = ()


@dataclass(frozen=True)
class Considered:
    """The request that would be sent, not on disk; `rights` are the policies' decisions that allow it."""

    request: Request
    rights: tuple[Decision, ...] = ()


@dataclass(frozen=True)
class Outlook:
    """How a request would be approved, and the default disks."""

    rule: Rule
    disks: DiskType = DiskType.ALL


@dataclass(frozen=True)
class Found:
    """A page of requests; `more` when there is another page."""

    requests: tuple[Request, ...]
    more: bool = False
    page: int = 1


@dataclass(frozen=True)
class Advice:
    """Where somebody without the right can turn: policies of the file that would allow it, people who may
    do it themselves, and the admin channel.
    """

    policies: tuple[str, ...] = ()
    people: Candidates = NOBODY
    admin_channel: str | None = None


@dataclass(frozen=True)
class Explained:
    """Whether it would be allowed, and by what.

    If so, `rule` is the approval rule and `approvers` are the people who could approve; if not, `advice`
    helps.
    """

    explanation: Explanation
    rule: Rule | None = None
    action: str = CREATE
    approvers: Candidates = NOBODY
    advice: Advice = Advice()


@dataclass(frozen=True)
class RightsHeld:
    """What the allowlist knows about a person: groups by ID or name, policies by name, which actions are
    allowed, and their delegations.
    """

    user_id: str
    usergroups: tuple[str, ...]
    policies: tuple[str, ...]
    actions: Mapping[str, bool]
    delegations: Delegations = Delegations()


@dataclass(frozen=True)
class Approvers:
    """Who can still approve a request; `tally` says what is needed.

    `stand_ins` are those people's delegations in force.
    """

    request: Request
    tally: Tally
    candidates: Candidates
    stand_ins: tuple[Delegation, ...] = ()
