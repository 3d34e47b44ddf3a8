"""What the service answers: a value per thing that can comes of a call. Breakage is exceptions."""

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
    """Why something is refused that no policy decided; each has its sentence in the catalogue."""

    NOT_FOUND = "not-found"  # no such request, or none that this person may see
    OWN_REQUEST = "own-request"
    ALREADY_REVIEWED = "already-reviewed"
    NOT_NEEDED = "not-needed"  # the rule asks for others
    TOO_LATE = "too-late"  # the request's status does not allow it any more
    TOO_EARLY = "too-early"  # a review afterwards, of what is still under way
    REASON_NEEDED = "reason-needed"
    NOT_YOURS = "not-yours"
    OUTSIDER = "outsider"  # deactivated, a guest, or from another workspace
    NOT_SET_UP = "not-set-up"  # the same, for as long as an operator doesn't give the bot its scopes
    UNDECIDED = "undecided"  # Slack could not say who is in which group, so nobody may
    NO_CHANNEL = "no-channel"  # nowhere to post the card
    NOT_OPEN = "not-open"  # nothing to sign off
    NOT_DELEGATED = "not-delegated"  # no delegation to take back
    BAD_TIME = "bad-time"  # in the past, or too far ahead
    ALREADY_OPEN = "already-open"  # a request of theirs for this instance; they can ask all the same
    TOO_MANY = "too-many"  # as many open requests as a person may have
    TOO_FAST = "too-fast"  # as many requests as a person may send within a minute
    YOURSELF = "yourself"  # nobody delegates to themselves
    NOTHING_TO_DELEGATE = "nothing-to-delegate"  # somebody who can't approve anything
    TOO_OFTEN = "too-often"  # each delegation is a direct message to somebody
    REPEATED = "repeated"  # this delivery was acted on before
    NOT_IN_CHANNEL = "not-in-channel"  # the bot posts for nobody where they can't


def undecided(why: Exception) -> RefusalReason:
    """Return how a person reads that Slack can't say who somebody is: for now, or until an operator acts."""
    lasts = isinstance(why, DirectoryDown) and why.lasts
    return RefusalReason.NOT_SET_UP if lasts else RefusalReason.UNDECIDED


@dataclass(frozen=True)
class Submitted:
    """The request is on disk; `again` when this delivery of the command was a repetition.

    `refused` is the code with which Slack takes no posts in its channel, "" when nothing is known against it.
    """

    request: Request
    again: bool = False
    refused: str = ""


@dataclass(frozen=True)
class Done:
    """It was done; `request` is as it stands now.

    For who asked to be shown it: `place` is where it is in line, `card` where its card is, `may` what they
    may do to it now, `others` how many more requests for its instance are open,
    `refused` the code with which Slack takes no posts in its channel.
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
    """The allowlist does not allow it; `explanation` is the engine's own account.

    `target` is what the action was about, None when it was about no request; `resource` is its name.
    """

    action: str
    explanation: Explanation
    target: Target | None = None
    resource: str = "*"


def denied(decision: AccessDecision, target: Target | None = None) -> Denied:
    """Return a decision against somebody as an outcome."""
    return Denied(decision.access.action, decision.explanation, target, decision.access.resource)


@dataclass(frozen=True)
class Refused:
    """Not possible, whatever the allowlist says."""

    why: RefusalReason
    request: Request | None = None
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Delegated:
    """Whose approvals are delegated to whom until when (epoch seconds); None: they were taken back."""

    delegator: str
    delegate: str
    until: float | None


@dataclass(frozen=True)
class Delegations:
    """The delegations in force that somebody has a part in: one to somebody, and those from others."""

    given: Delegation | None = None
    received: tuple[Delegation, ...] = ()


@dataclass(frozen=True)
class Considered:
    """What would be filed: nothing is on disk; `rights` are the policies' decisions that allow it."""

    request: Request
    rights: tuple[Decision, ...] = ()


@dataclass(frozen=True)
class Outlook:
    """How a request would be approved, and the disks that are taken when nothing is said."""

    rule: Rule
    disks: DiskType = DiskType.ALL


@dataclass(frozen=True)
class Found:
    """A page of requests; `more` when there is another one."""

    requests: tuple[Request, ...]
    more: bool = False
    page: int = 1


@dataclass(frozen=True)
class Advice:
    """Whom somebody may turn to who may not: policies of the file that would allow it, people who may do it
    themselves, and the channel of the allowlist's admins.
    """

    policies: tuple[str, ...] = ()
    people: Candidates = NOBODY
    admin_channel: str | None = None


@dataclass(frozen=True)
class Explained:
    """Would it be allowed, and by what.

    When it would: `rule` is the approval rule and `approvers` are who could approve. When not: `advice`.
    """

    explanation: Explanation
    rule: Rule | None = None
    action: str = CREATE
    approvers: Candidates = NOBODY
    advice: Advice = Advice()


@dataclass(frozen=True)
class RightsHeld:
    """Who I am to the allowlist: groups by id or name, policies by name, what each action comes to, and the
    delegations that I have a part in.
    """

    user_id: str
    usergroups: tuple[str, ...]
    policies: tuple[str, ...]
    actions: Mapping[str, bool]
    delegations: Delegations = Delegations()


@dataclass(frozen=True)
class Approvers:
    """Who may still approve a request; `tally` says what is needed.

    `stand_ins` are the delegations in force of those people.
    """

    request: Request
    tally: Tally
    candidates: Candidates
    stand_ins: tuple[Delegation, ...] = ()
