"""What each action asks the allowlist: action, resource and context. Pure, and defined once.

Decisions, explanations, approval rules and lists of who could help all read the access requests made here.
Names of actions, resources and keys are from `bot.domain.vocabulary`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.allowlist.asking import access_request
from bot.domain import vocabulary
from bot.domain.image import CreateImage, InstanceType
from bot.domain.request import Person, Request, Submission
from bot.domain.vocabulary import (
    APPROVE,
    BYPASS,
    CANCEL,
    CREATE,
    DISTRIBUTE,
    READ,
    STOP_DESKTOP,
    STOP_WORKSTATION,
    Deployment,
)
from bot.policy import AccessRequest

Values = str | Sequence[str]

HELD = (CREATE, APPROVE, CANCEL, BYPASS, READ)
"""Actions that `whoami` and Home list."""
TELL_REQUESTER = frozenset(
    action.name for action in vocabulary.ACTIONS.values() if vocabulary.REQUESTER_ID in action.keys
)
"""Actions on somebody's request, which say whose it is."""
STOP = {InstanceType.WUYING_SERVER: STOP_WORKSTATION, InstanceType.CLOUD_DESKTOP: STOP_DESKTOP}


@dataclass(frozen=True)
class Target:
    """The request that an action is about: an image, what is done around it, and who asked."""

    image: CreateImage
    requester: str
    stop_first: bool = False
    regions: tuple[str, ...] = ()
    break_glass: bool = False


@dataclass(frozen=True)
class AccessRequests:
    """Makes access requests for people who act now (epoch seconds)."""

    deployment: Deployment
    now: float

    def of(self, person: Person, action: str, target: Target | None) -> AccessRequest:
        """Return the access request of one action: on a request, or on none in particular."""
        if target is None:
            return AccessRequest(action, "*", self._person(person))
        return self._on(self.deployment, person, action, target)

    def taken_by(self, person: Person, target: Target) -> Iterator[AccessRequest]:
        """Yield every access request that asking for an image needs: each has to be allowed."""
        yield self.of(person, CREATE, target)
        if target.stop_first:
            yield self.of(person, STOP[target.image.instance_type], target)
        for region in target.regions:
            yield self._on(replace(self.deployment, region=region), person, DISTRIBUTE, target)
        if target.break_glass:
            yield self.of(person, BYPASS, target)

    def _on(self, deployment: Deployment, person: Person, action: str, target: Target) -> AccessRequest:
        facts = {**self._person(person), **target.image.context()}
        facts[vocabulary.STOP_FIRST.name] = "true" if target.stop_first else "false"
        if action in TELL_REQUESTER:
            facts[vocabulary.REQUESTER_ID.name] = target.requester
        return access_request(action, facts, deployment)

    def _person(self, person: Person) -> dict[str, str]:
        context = {
            vocabulary.CURRENT_TIME.name: datetime.fromtimestamp(self.now, UTC).isoformat(),
            vocabulary.USER_ID.name: person.user_id,
            vocabulary.TEAM_ID.name: person.team_id,
            vocabulary.CHANNEL_ID.name: person.channel_id,
        }
        return {key: value for key, value in context.items() if value}


THEIR_OWN = frozenset({vocabulary.USER_ID.name.lower(), vocabulary.TEAM_ID.name.lower()})
"""Keys by which access requests of two people in one channel differ."""


def asked_by(access: AccessRequest, person: Person) -> AccessRequest:
    """Return the same access request as somebody else makes it, who acts in the same channel.

    For lists of who could help: for thousands of people, everything but the asker is the same.
    """
    theirs = {vocabulary.USER_ID.name: person.user_id, vocabulary.TEAM_ID.name: person.team_id}
    context = {**access.context, **theirs}
    return replace(access, context=context if person.user_id and person.team_id else _said(context))


def _said(context: Mapping[str, Values]) -> dict[str, Values]:
    return {key: value for key, value in context.items() if value}


def target_of(request: Request) -> Target:
    """Return a request as the allowlist sees it."""
    return Target(request.image, request.requester, request.stop_first, request.regions, request.break_glass)


def target_for(person: Person, submission: Submission) -> Target:
    """Return what a person would ask for, as the allowlist sees it."""
    return Target(
        submission.image, person.user_id, submission.stop_first, submission.regions, submission.break_glass
    )
