"""One person in one action: what they may do, decided from one snapshot that no decision leaves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from bot.allowlist.access import AccessRequests, Target, target_of
from bot.allowlist.model import Allowlist
from bot.domain.approvals import Rule, rule_for
from bot.domain.request import Person, Request
from bot.domain.vocabulary import APPROVE, CREATE, READ
from bot.policy import AccessRequest, Answer, Decision, Effect, Explanation, Part
from bot.ports import Profile, Usergroups


@dataclass(frozen=True)
class Snapshot:
    """The allowlist, the usergroups and the time as they were when an action began."""

    allowlist: Allowlist
    usergroups: Usergroups
    requests: AccessRequests

    def memberships(self, user_id: str) -> frozenset[str]:
        """Return a person's usergroups, of those that the file names, and their groups in the file."""
        usergroups = self.usergroups.of(user_id, self.allowlist.usergroups)
        return self.allowlist.memberships(user_id, usergroups)


@dataclass(frozen=True)
class AccessDecision:
    """What was decided about an access request; the explanation is the same engine's, made when asked for."""

    access: AccessRequest
    decision: Decision
    _explain: Callable[[], Explanation]

    @property
    def allowed(self) -> bool:
        """Whether it may be done."""
        return self.decision.allowed

    @cached_property
    def explanation(self) -> Explanation:
        """What each statement of the person's policies had to do with it."""
        return self._explain()


@dataclass(frozen=True)
class Principal:
    """A person as one action sees them. `person.team_id` is where they act, or where they belong."""

    person: Person
    profile: Profile
    snapshot: Snapshot

    @cached_property
    def memberships(self) -> frozenset[str]:
        """The person's usergroups and groups in the file."""
        return self.snapshot.memberships(self.person.user_id)

    @property
    def policies(self) -> tuple[str, ...]:
        """Names of the policies that the person has, in the file's order."""
        return self.snapshot.allowlist.policies_of(
            self.person.user_id, self.memberships, member=self.profile.member
        )

    def may(self, action: str, target: Target | None = None) -> AccessDecision:
        """Decide one action, on a request or on none in particular."""
        return self.decide(self.snapshot.requests.of(self.person, action, target))

    def decide(self, access: AccessRequest) -> AccessDecision:
        """Decide one access request."""
        allowlist, member = self.snapshot.allowlist, self.profile.member
        user_id, groups = self.person.user_id, self.memberships
        decision = allowlist.decide(user_id, groups, access, member=member)
        return AccessDecision(
            access, decision, lambda: allowlist.explain(user_id, groups, access, member=member)
        )

    def lacking(self, target: Target) -> AccessDecision | None:
        """Return the first right that asking for an image takes and the person hasn't; None for none."""
        return next((decision for decision in self.taken_by(target) if not decision.allowed), None)

    def taken_by(self, target: Target) -> Iterator[AccessDecision]:
        """Decide one right after the other that asking for an image takes."""
        return map(self.decide, self.snapshot.requests.taken_by(self.person, target))

    def rule(self, target: Target) -> Rule:
        """Return the approval rule for a request of this person's."""
        access = self.snapshot.requests.of(self.person, CREATE, target)
        return rule_for(self.snapshot.allowlist.rules, access.context)

    def may_review(self, request: Request) -> bool:
        """Decide whether they may approve or reject a request; nobody may their own."""
        if self.person.user_id == request.requester:
            return False
        return self.review_of(request).allowed

    def review_of(self, request: Request) -> AccessDecision:
        """Decide about reviewing a request: on its card, from wherever they do it."""
        person = replace(self.person, channel_id=request.channel)
        return replace(self, person=person).may(APPROVE, target_of(request))

    def may_read(self, request: Request) -> bool:
        """Decide whether they may know of a request: theirs, or by `imagebot:ReadRequests` on it."""
        return self.person.user_id == request.requester or self.may(READ, target_of(request)).allowed

    def may_see(self, request: Request) -> bool:
        """Decide whether they may be told about a request: to read it, or to approve it."""
        return self.may_read(request) or self.may_review(request)

    def may_somewhere(self, action: str) -> bool:
        """Tell whether they may do it to some request: an Allow is about it, and no Deny about all of it."""
        answers = self.may(action).explanation.statements
        about = [each for each in answers if all(miss.part is not Part.ACTION for miss in each.misses)]
        return any(each.ref.effect is Effect.ALLOW for each in about) and not any(map(_denies_all, about))

    def outsider(self, rule: Rule) -> bool:
        """Tell whether they are no member where the rule wants members: gone, a guest, or from elsewhere."""
        profile = self.profile
        if profile.deactivated or profile.bot:
            return True
        elsewhere = profile.external or self.person.team_id not in profile.workspaces
        return (profile.guest and not rule.allow_guests) or (elsewhere and not rule.allow_external)


def _denies_all(answer: Answer) -> bool:
    """Tell whether a statement denies whatever is asked, and not only under a condition."""
    conditional = any(clause.part is Part.CONDITION for clause in answer.held)
    return answer.matched and answer.ref.effect is Effect.DENY and not conditional
