"""Who may do what: the allowlist in force, asked about people whose groups Slack knows."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime

from bot.allowlist import Allowlist, access_request
from bot.domain.approvals import DEFAULT_RULE, Rule, can_fill, rule_for
from bot.domain.image import CreateImage
from bot.domain.request import Person, Request, Review
from bot.domain.vocabulary import ACTIONS as ACTION_TABLE
from bot.domain.vocabulary import APPROVE, BYPASS, CANCEL, CREATE, READ, REQUESTER_ID, Deployment
from bot.policy import AccessRequest, Explanation, PolicySet
from bot.ports import Directory, Profile

ACTIONS = (CREATE, APPROVE, CANCEL, BYPASS, READ)

MOST_NAMED = 30
"""People whom one answer or reminder names at most: each is looked up in Slack."""


class Authorizer:
    """Decisions about people, from the allowlist as it is now and the groups as they are now.

    Every method raises `DirectoryDown` when Slack cannot say who is in which group: the caller denies.
    """

    def __init__(
        self,
        allowlist: Callable[[], Allowlist],
        directory: Directory,
        region: str,
        clock: Callable[[], float],
    ) -> None:
        self.allowlist = allowlist
        self.directory = directory
        self.region = region
        self.clock = clock

    async def memberships(self, user_id: str) -> frozenset[str]:
        """Return a person's usergroups, of those that the allowlist names, and their groups in the file."""
        allowlist = self.allowlist()
        usergroups = await self.directory.groups_of(user_id, allowlist.usergroups)
        return allowlist.memberships(user_id, usergroups)

    async def allows(self, person: Person, action: str, image: CreateImage | None, requester: str) -> bool:
        """Decide whether a person may do `action` to a request for `image`."""
        ask = self.ask(person, action, image, requester)
        groups = await self.memberships(person.user_id)
        return self.allowlist().decide(person.user_id, groups, ask).allowed

    async def explain(
        self, person: Person, action: str, image: CreateImage | None, requester: str
    ) -> Explanation:
        """Account for the same decision, statement by statement."""
        ask = self.ask(person, action, image, requester)
        return self.allowlist().explain(person.user_id, await self.memberships(person.user_id), ask)

    async def allows_anywhere(self, person: Person, action: str) -> bool:
        """Decide an action that is about no particular request, such as reading others' requests."""
        return await self.allows(person, action, None, "")

    async def explain_anywhere(self, person: Person, action: str) -> Explanation:
        """Account for a decision that is about no particular request."""
        return await self.explain(person, action, None, "")

    def ask(self, person: Person, action: str, image: CreateImage | None, requester: str) -> AccessRequest:
        """Put the question to the engine: the contract's context keys, and the instance as the resource."""
        if image is None:
            return AccessRequest(action, "*", self._context(person))
        facts = {**self._context(person), **image.context()}
        if REQUESTER_ID in ACTION_TABLE[action.lower()].keys:
            facts[REQUESTER_ID.name] = requester
        return access_request(action, facts, Deployment(self.region))

    def allowing(self, ask: AccessRequest) -> tuple[str, ...]:
        """Return the names of the policies that would allow it to whoever had that one alone."""
        policies = self.allowlist().policies.items()
        return tuple(name for name, policy in policies if PolicySet([policy]).decide(ask).allowed)

    def rule(self, person: Person, image: CreateImage) -> Rule:
        """Return the approval rule for a request."""
        return rule_for(self.allowlist().rules, self.ask(person, CREATE, image, person.user_id).context)

    async def valid_reviews(self, request: Request) -> tuple[Review, ...]:
        """Return the approvals that still count, each with the groups that its holder is in now."""
        valid_reviews: list[Review] = []
        escalated = request.escalated_at is not None
        for review in request.reviews:
            holder = review.holder
            if not (review.approves and await self._may_still_review(review, request)):
                continue
            groups = await self.memberships(holder)
            approved = {each.holder: each.usergroups for each in valid_reviews}
            if can_fill(request.rule, approved, holder, groups, escalated=escalated):
                valid_reviews.append(replace(review, usergroups=groups))
        return tuple(valid_reviews)

    async def may_review(self, person: Person, request: Request) -> bool:
        """Decide whether a person may approve or reject a request; nobody may their own."""
        if person.user_id == request.requester:
            return False
        return await self.allows(person, APPROVE, request.image, request.requester)

    async def _may_still_review(self, review: Review, request: Request) -> bool:
        """Decide whether an approval stands: its giver and whose place it fills are still who they were."""
        for user_id in {review.user_id, review.holder}:
            if await self.outsider(user_id, request.rule):
                return False
        return await self.may_review(approver(request, review.holder), request)

    async def may_still_create(self, request: Request) -> bool:
        """Decide, just before the cloud is asked, whether the requester still has every right it takes."""
        lacking = await self.lacking(asker(request), request.image, break_glass=request.break_glass)
        return lacking is None

    async def lacking(self, person: Person, image: CreateImage, *, break_glass: bool) -> str | None:
        """Return the first action that asking for an image takes and a person may not do; None for none."""
        for action in (CREATE, BYPASS) if break_glass else (CREATE,):
            if not await self.allows(person, action, image, person.user_id):
                return action
        return None

    async def candidates(self, request: Request) -> tuple[str, ...]:
        """Return the user ids of those whose approval would still help, `MOST_NAMED` of them at most."""
        approved, escalated = request.approvals, request.escalated
        able = await self._able(APPROVE, request.image, approver(request, request.requester))
        helpful = [
            user_id
            for user_id, groups in able.items()
            if can_fill(request.rule, approved, user_id, groups, escalated=escalated)
        ]
        return await self._insiders(helpful, request.rule)

    async def able(self, action: str, image: CreateImage | None, requester: Person) -> tuple[str, ...]:
        """Return the user ids of others who may do `action`, `MOST_NAMED` of them at most."""
        return await self._insiders(await self._able(action, image, requester), DEFAULT_RULE)

    async def _able(
        self, action: str, image: CreateImage | None, requester: Person
    ) -> dict[str, frozenset[str]]:
        """Return everybody but the requester who has the right, with their groups."""
        allowlist, able = self.allowlist(), {}
        for user_id, groups in (await self._roll()).items():
            ask = self.ask(replace(requester, user_id=user_id), action, image, requester.user_id)
            if user_id != requester.user_id and allowlist.decide(user_id, groups, ask).allowed:
                able[user_id] = groups
        return able

    async def _roll(self) -> dict[str, frozenset[str]]:
        """Return everybody whom the file names, or who is in a usergroup of it, with their groups."""
        allowlist = self.allowlist()
        usergroups = sorted(allowlist.usergroups)
        members = await asyncio.gather(*map(self.directory.members, usergroups))
        listed = dict(zip(usergroups, members, strict=True))
        return {
            user_id: allowlist.memberships(user_id, frozenset(g for g in usergroups if user_id in listed[g]))
            for user_id in sorted(allowlist.users.union(*members))
        }

    async def _insiders(self, user_ids: Iterable[str], rule: Rule) -> tuple[str, ...]:
        known = tuple(user_ids)[:MOST_NAMED]
        outside = await asyncio.gather(*(self.outsider(user_id, rule) for user_id in known))
        return tuple(user_id for user_id, is_outside in zip(known, outside, strict=True) if not is_outside)

    async def outsider(self, user_id: str, rule: Rule) -> bool:
        """Tell whether a person is deactivated, or a guest or from elsewhere where the rule wants none."""
        return _outsider(await self.directory.profile(user_id), rule)

    def _context(self, person: Person) -> dict[str, str]:
        context = {
            "acs:CurrentTime": datetime.fromtimestamp(self.clock(), UTC).isoformat(),
            "slack:UserId": person.user_id,
            "slack:TeamId": person.team_id,
            "slack:ChannelId": person.channel_id,
        }
        return {key: value for key, value in context.items() if value}


def asker(request: Request) -> Person:
    """Return the requester as they asked: where they typed it."""
    return Person(request.requester, request.team_id, request.asked_in)


def approver(request: Request, user_id: str) -> Person:
    """Return somebody as they review a request: on its card, in the card's channel."""
    return Person(user_id, request.team_id, request.channel)


def grants(explanation: Explanation) -> dict[str, object]:
    """Return a decision as the audit log keeps it: the verdict and the statements behind it."""
    deciding = [f"{ref.policy}[{ref.index}]" for ref in explanation.decision.deciding]
    return {"decision": explanation.decision.verdict.value, "statements": deciding}


def _outsider(profile: Profile, rule: Rule) -> bool:
    if profile.deactivated or profile.bot:
        return True
    return (profile.guest and not rule.allow_guests) or (profile.external and not rule.allow_external)
