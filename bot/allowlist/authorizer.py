"""Who may do what: each action takes one snapshot of the allowlist in force and of Slack's people and groups.

Everything here raises `DirectoryDown` when Slack can't say who somebody is: the caller denies.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.allowlist.access import THEIR_OWN, AccessRequests, Target, asked_by, target_of
from bot.allowlist.model import Allowlist
from bot.allowlist.principal import Principal, Snapshot
from bot.domain.approvals import DEFAULT_RULE, QuorumSlot, Rule, can_fill
from bot.domain.request import Person, Request, Review
from bot.domain.vocabulary import APPROVE, Deployment
from bot.errors import DirectoryDown
from bot.policy import AccessRequest, Decision, PolicySet
from bot.ports import Directory, Profile, Usergroups

MOST_NAMED = 30
"""The most people that one answer or reminder names."""
MOST_LOOKED_UP = 4 * MOST_NAMED
"""The most people who are looked up in Slack for that, when many turn out not to be members."""
BUDGET = 2.0
"""Seconds that one action waits for Slack's groups and profiles: the acknowledgement is due in three."""
SLICE = 0.01
"""Seconds that a long list may take of the event loop at a time."""

Item = TypeVar("Item")


@dataclass(frozen=True)
class Candidates:
    """People who may do something, by user ID, `MOST_NAMED` at most; `anyone`: so may every member."""

    user_ids: tuple[str, ...] = ()
    anyone: bool = False


NOBODY = Candidates()


class Authorizer:
    """Takes snapshots, for decisions about one person or several."""

    def __init__(
        self,
        allowlist: Callable[[], Allowlist],
        directory: Directory,
        deployment: Deployment,
        clock: Callable[[], float],
    ) -> None:
        self.allowlist = allowlist
        self.directory = directory
        self.deployment = deployment
        self.clock = clock

    async def principal(self, person: Person) -> Principal:
        """Return a person who acts now."""
        [principal] = await self.principals([person])
        return principal

    async def principals(self, people: Iterable[Person]) -> tuple[Principal, ...]:
        """Return several people as one action sees them: one snapshot, and one wait for Slack."""
        people = tuple(people)
        profiles = asyncio.gather(*(self.directory.profile(each.user_id) for each in people))
        try:
            async with asyncio.timeout(BUDGET):
                snapshot, known = await asyncio.gather(self._snapshot(), profiles)
        except TimeoutError as slow:
            raise DirectoryDown("slow") from slow
        return tuple(_principal(*each, snapshot) for each in zip(people, known, strict=True))

    async def valid_reviews(self, request: Request) -> tuple[Review, ...]:
        """Return the approvals that still count, each with the groups that its holder is in now."""
        approvals = [review for review in request.reviews if review.approves]
        givers = [Person(each.user_id, each.team_id, request.channel) for each in approvals]
        holders = [
            approver(request, each.behalf_of) if each.behalf_of else giver
            for each, giver in zip(approvals, givers, strict=True)
        ]
        people = tuple(dict.fromkeys((*givers, *holders)))
        known = dict(zip(people, await self.principals(people), strict=True))
        counted: dict[str, frozenset[str]] = {}
        valid: list[Review] = []
        for review, giver, as_whom in zip(approvals, givers, holders, strict=True):
            holder = known[as_whom]
            members = not any(known[each].outsider(request.rule) for each in (giver, as_whom))
            if members and holder.may_review(request) and _helps(request, holder, counted):
                counted[review.holder] = holder.memberships
                valid.append(replace(review, usergroups=holder.memberships))
        return tuple(valid)

    async def may_still_create(self, request: Request) -> bool:
        """Decide, just before the call to the cloud, whether the requester still has every permission that is
        needed.
        """
        requester = await self.principal(asker(request))
        return not requester.outsider(request.rule) and requester.lacking(target_of(request)) is None

    async def candidates(self, request: Request, snapshot: Snapshot | None = None) -> Candidates:
        """Return those whose approval would still help."""
        approvals = request.approvals

        def helps(principal: Principal) -> bool:
            """Tell whether their approval would help."""
            return _helps(request, principal, approvals)

        like, snapshot = approver(request, request.requester), snapshot or await self._snapshot()
        access = snapshot.requests.of(like, APPROVE, target_of(request))
        return await self._members(access, helps, like, request.rule, snapshot)

    async def reviewers(self, request: Request) -> QuorumSlot:
        """Return the groups, and people named individually, whose permissions are enough to review a request.

        It's what a card says, and decides nothing: nobody is looked up. A slot that is open means everybody.
        """
        allowlist, like = self.allowlist(), approver(request, "")
        access = AccessRequests(self.deployment, self.clock()).of(like, APPROVE, target_of(request))

        def able(user_id: str = "", *groups: str) -> bool:
            """Tell whether somebody with that ID, in only these groups, may."""
            return allowlist.decide(user_id, frozenset(groups), access).allowed

        if able():
            return QuorumSlot()
        attached = allowlist.attachments
        usergroups = sorted(frozenset[str]().union(*(each.usergroups for each in attached)))
        groups = sorted(frozenset[str]().union(*(each.groups for each in attached)))
        users = sorted(frozenset[str]().union(*(each.users for each in attached)) - {request.requester})
        return QuorumSlot(
            users=frozenset([each async for each in _unhurried(users) if able(each)]),
            usergroups=frozenset([each async for each in _unhurried(usergroups) if able("", each)]),
            groups=frozenset([each async for each in _unhurried(groups) if able("", each)]),
        )

    async def able(
        self, action: str, target: Target | None, asking: Person, snapshot: Snapshot
    ) -> Candidates:
        """Return others who may do `action` where the person asks."""
        access = snapshot.requests.of(asking, action, target)
        return await self._members(access, lambda _: True, asking, DEFAULT_RULE, snapshot)

    async def is_in_channel(self, user_id: str, channel: str) -> bool:
        """Tell whether a person is in a channel, and so may have the bot post there."""
        try:
            async with asyncio.timeout(BUDGET):
                return await self.directory.in_channel(user_id, channel)
        except TimeoutError as slow:
            raise DirectoryDown("slow") from slow

    async def _snapshot(self) -> Snapshot:
        """Take the allowlist once: an edit from here on counts for the next action."""
        allowlist, now = self.allowlist(), self.clock()
        usergroups = await self.directory.usergroups() if allowlist.usergroups else Usergroups()
        return Snapshot(allowlist, usergroups, AccessRequests(self.deployment, now))

    async def _members(
        self,
        access: AccessRequest,
        helps: Callable[[Principal], bool],
        like: Person,
        rule: Rule,
        snapshot: Snapshot,
    ) -> Candidates:
        """Return who has access, helps and is a member, but one.

        First they are taken for members, then looked up in Slack.
        """
        found: list[str] = []
        asked = 0
        allowed = _allowed(access, snapshot.allowlist)

        def able(principal: Principal) -> bool:
            return allowed(principal) and helps(principal)

        def supposed(user_id: str) -> Principal:
            person = replace(like, user_id=user_id)
            return Principal(person, Profile(user_id, person.team_id, user_id), snapshot)

        others = (user_id for user_id in _roll(snapshot) if user_id != like.user_id)
        hopeful = (user_id async for user_id in _unhurried(others) if able(supposed(user_id)))
        async for some in _batches(hopeful, MOST_NAMED):
            profiles = await asyncio.gather(*map(self.directory.profile, some))
            elsewhere = (replace(like, user_id=user_id, team_id="") for user_id in some)
            looked_up = [_principal(*each, snapshot) for each in zip(elsewhere, profiles, strict=True)]
            found += [each.person.user_id for each in looked_up if not each.outsider(rule) and able(each)]
            asked += len(some)
            if len(found) >= MOST_NAMED or asked >= MOST_LOOKED_UP:
                break
        return Candidates(tuple(found[:MOST_NAMED]), anyone=able(supposed("")))


def asker(request: Request) -> Person:
    """Return the requester as they asked: where they typed it."""
    return Person(request.requester, request.team_id, request.asked_in)


def approver(request: Request, user_id: str) -> Person:
    """Return somebody as they review a request: in the card's channel, in the workspace that is theirs."""
    return Person(user_id, "", request.channel)


def grants(*decisions: Decision) -> dict[str, object]:
    """Return decisions with one verdict as the audit log keeps them: it, and the statements behind them."""
    deciding = dict.fromkeys(f"{ref.policy}[{ref.index}]" for each in decisions for ref in each.deciding)
    return {"decision": decisions[0].verdict.value, "statements": list(deciding)}


async def allowing(allowlist: Allowlist, access: AccessRequest) -> tuple[str, ...]:
    """Return the names of the policies that would allow it to a person who had that one alone."""
    names = []
    async for name, policy in _unhurried(allowlist.policies.items()):
        alone = PolicySet([policy], indexed_from=len(policy.statements) + 1)  # an index for one look is waste
        names += [name] if alone.decide(access).allowed else []
    return tuple(names)


def _principal(person: Person, profile: Profile, snapshot: Snapshot) -> Principal:
    """Put a person where they act; where nobody said so, where they belong."""
    return Principal(replace(person, team_id=person.team_id or profile.team_id), profile, snapshot)


def _helps(request: Request, holder: Principal, approvals: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether an approval in this person's place would help beside those that there are."""
    user_id, groups = holder.person.user_id, holder.memberships
    return can_fill(request.rule, approvals, user_id, groups, escalated=request.escalated)


def _allowed(access: AccessRequest, allowlist: Allowlist) -> Callable[[Principal], bool]:
    """Return what decides an access request for many: once for all whose policies are about nobody alone."""
    known: dict[tuple[str, ...], bool | None] = {}

    def allowed(principal: Principal) -> bool:
        names = principal.policies
        verdict = known.get(names)
        if verdict is None:
            verdict = principal.decide(asked_by(access, principal.person)).allowed
            if names not in known:
                known[names] = None if allowlist.reads(names, THEIR_OWN) else verdict
        return verdict

    return allowed


def _roll(snapshot: Snapshot) -> list[str]:
    """Return everybody whom the file names, or who is in a usergroup of it."""
    named = (snapshot.usergroups.members.get(each, frozenset()) for each in snapshot.allowlist.usergroups)
    return sorted(snapshot.allowlist.users.union(*named))


async def _unhurried(items: Iterable[Item]) -> AsyncIterator[Item]:
    """Yield every item, giving other tasks a turn after each `SLICE` of time."""
    begun = time.perf_counter()
    for item in items:
        if time.perf_counter() - begun > SLICE:
            await asyncio.sleep(0)
            begun = time.perf_counter()
        yield item


async def _batches(items: AsyncIterator[Item], size: int) -> AsyncIterator[list[Item]]:
    batch: list[Item] = []
    async for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
