"""What a person can ask about requests and permissions; nothing here changes a request."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, TypeVar

from bot.allowlist.access import HELD, Target, target_for, target_of
from bot.allowlist.authorizer import NOBODY, Authorizer, allowing, approver
from bot.allowlist.principal import AccessDecision, Principal
from bot.domain.actions import Action, actions_for
from bot.domain.image import ACTION as CREATE
from bot.domain.image import DiskType
from bot.domain.image_names import unused
from bot.domain.lifecycle import Status
from bot.domain.request import Person, Request, Submission
from bot.domain.vocabulary import BYPASS, CANCEL, READ
from bot.errors import DirectoryDown, StoreUnavailable
from bot.policy import Verdict
from bot.ports import Posted
from bot.service.delegating import Delegating
from bot.service.guarded_requests import GuardedRequests
from bot.service.new_request import drafted
from bot.service.outcomes import (
    Advice,
    Approvers,
    Denied,
    Done,
    Explained,
    Found,
    Outlook,
    RefusalReason,
    Refused,
    RightsHeld,
    denied,
    undecided,
)
from bot.service.refusals import Refusals
from bot.service.reviewing import able_to_review
from bot.settings import Settings
from bot.store import posts
from bot.store.engine import transaction
from bot.store.requests import Store

Answer = TypeVar("Answer")

REVIEWS = frozenset({Action.APPROVE, Action.REJECT, Action.SIGN_OFF})

PATIENCE = 1.8
"""Seconds: a command is acknowledged within three, and names are looked up after this."""
SHOWN = 20
"""Requests in one list: what fits into a message that people read."""
BATCH, MOST_READ = 100, 1000
"""Requests that are read at a time, and in all, to find those that a person may read."""


class Questions:
    """Answers limited to what the person may see: their own requests, others' with
    `imagebot:ReadRequests`.
    """

    def __init__(
        self,
        store: Store,
        rights: Authorizer,
        settings: Settings,
        requests: GuardedRequests,
        refusals: Refusals,
        delegating: Delegating,
    ) -> None:
        self.store = store
        self.rights = rights
        self.settings = settings
        self.requests = requests
        self.refusals = refusals
        self.delegating = delegating
        self.clock = store.clock

    async def find(self, person: Person, scope: str, page: int = 1) -> Found | Denied | Refused:
        """List a page of `mine`, `pending` or `all`; others' requests only if the person may read them.

        Pending ones come first.
        """
        statuses = (Status.PENDING,) if scope == "pending" else ()
        if scope == "mine":
            return await self._found(person, statuses, page)
        try:
            principal = await self.rights.principal(person)
        except DirectoryDown as down:
            return Refused(undecided(down))
        if principal.may_somewhere(READ):
            return await self._readable(principal, statuses, page)
        if scope == "all":
            return await self.refusals.record(person, READ, None, denied(principal.may(READ)))
        return await self._found(person, statuses, page)

    async def _found(self, person: Person, statuses: tuple[Status, ...], page: int) -> Found:
        """List the person's own requests."""
        found = await self.store.find(
            team_id=person.team_id,
            requester=person.user_id,
            statuses=statuses,
            limit=SHOWN + 1,
            offset=(page - 1) * SHOWN,
            waiting_first=True,
        )
        return Found(found[:SHOWN], len(found) > SHOWN, page)

    async def _readable(self, principal: Principal, statuses: tuple[Status, ...], page: int) -> Found:
        """List everybody's requests that the person may read."""
        readable: list[Request] = []
        first, last = (page - 1) * SHOWN, page * SHOWN
        for offset in range(0, MOST_READ, BATCH):
            batch = await self.store.find(
                team_id=principal.person.team_id,
                statuses=statuses,
                limit=BATCH,
                offset=offset,
                waiting_first=True,
            )
            readable += [each for each in batch if principal.may_read(each)]
            if len(readable) > last or len(batch) < BATCH:
                break
        return Found(tuple(readable[first:last]), len(readable) > last, page)

    async def show(self, person: Person, request_id: str) -> Done | Refused:
        """Return one request, if the person may see it."""
        request = await self.requests.visible(person, request_id)
        if isinstance(request, Refused):
            return request
        async with transaction(self.store.engine, reads=True) as connection:
            refused = await posts.refusal_of(connection, request.team_id, request.channel)
        return Done(
            request,
            place=await self.store.place_in_line(request),
            card=await self.store.card_of(request.id),
            may=await self._may(person, request),
            others=await self.store.others_open(request),
            refused=refused,
        )

    async def request_at(self, place: Posted) -> str | None:
        """Return the ID of the request that a message is about; whether the person may see it is decided
        later.
        """
        return await posts.request_at(self.store.engine, place)

    async def _may(self, person: Person, request: Request) -> frozenset[Action]:
        """Return what the person may do to a request in its current status."""
        possible = frozenset(actions_for(request, self.clock()))
        if person.user_id == request.requester:
            return possible & {Action.CANCEL, Action.RETRY}
        in_force = await self.store.delegations(request.team_id)
        from_others = (
            approver(request, each.delegator) for each in in_force if each.delegate == person.user_id
        )
        try:
            principal, *delegators = await self.rights.principals([person, *from_others])
        except DirectoryDown:
            return frozenset()
        reviews = REVIEWS if able_to_review(principal, delegators, request) else frozenset()
        cancels = {Action.CANCEL} if principal.may(CANCEL, target_of(request)).allowed else frozenset()
        return possible & (reviews | cancels)

    async def outlook(self, person: Person, submission: Submission) -> Outlook | None:
        """Say how a request would be approved; None while Slack can't say who is who."""
        try:
            principal = await self.rights.principal(person)
        except DirectoryDown:
            return None
        image = submission.image
        for disks in (image.disk_type,) if image.disk_type else DiskType:
            chosen = replace(submission, image=image.model_copy(update={"disk_type": disks}))
            if principal.lacking(target_for(person, chosen)) is None:
                return Outlook(principal.rule(target_for(person, chosen)), disks)
        return Outlook(principal.rule(target_for(person, submission)))

    async def unused_name(self, person: Person, instance_id: str, name: str) -> str:
        """Return a name for one more image of an instance, with a running number where it is taken."""
        try:
            return unused(name, await self.store.image_names(person.team_id, instance_id))
        except StoreUnavailable:
            return name

    async def why(self, person: Person, submission: Submission) -> Explained | Refused:
        """Explain whether the person could submit this now, and what approval it would need."""
        return await self._in_time(self._why(person, submission))

    async def why_not(self, person: Person, action: str, target: Target | None) -> Explained | Refused:
        """Explain the decision about `action` by this person on a request (None: on none in particular)."""
        return await self._in_time(self._why_not(person, action, target))

    async def _in_time(self, answer: Coroutine[Any, Any, Answer]) -> Answer | Refused:
        """Wait for an answer that asks Slack about many people, but only `PATIENCE` seconds."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await answer
        except (DirectoryDown, TimeoutError) as down:
            return Refused(undecided(down))

    async def _why(self, person: Person, submission: Submission) -> Explained | Refused:
        principal, target = await self.rights.principal(person), target_for(person, submission)
        request = drafted(principal, submission, self.settings, self.clock())
        if principal.outsider(request.rule):
            return Refused(RefusalReason.OUTSIDER)
        lacking = principal.lacking(target)
        if lacking is not None:
            return await self._explained(principal, lacking, target)
        held = principal.may(BYPASS if submission.break_glass else CREATE, target)
        needs_any = request.rule.quorum and not request.break_glass
        approvers = await self.rights.candidates(request, principal.snapshot) if needs_any else NOBODY
        return Explained(held.explanation, request.rule, held.access.action, approvers)

    async def _why_not(self, person: Person, action: str, target: Target | None) -> Explained:
        principal = await self.rights.principal(person)
        return await self._explained(principal, principal.may(action, target), target)

    async def _explained(
        self, principal: Principal, decision: AccessDecision, target: Target | None
    ) -> Explained:
        advice = Advice() if decision.allowed else await self._advice(principal, decision, target)
        return Explained(decision.explanation, action=decision.access.action, advice=advice)

    async def _advice(self, principal: Principal, decision: AccessDecision, target: Target | None) -> Advice:
        """Return where to turn. A Deny wins over every policy, so no other policy would help."""
        allowlist, person = principal.snapshot.allowlist, principal.person
        silent = decision.decision.verdict is Verdict.IMPLICIT_DENY
        policies = await allowing(allowlist, decision.access) if silent else ()
        asking = replace(person, user_id=target.requester if target else person.user_id)
        able = await self.rights.able(decision.access.action, target, asking, principal.snapshot)
        others = tuple(each for each in able.user_ids if each != person.user_id)
        return Advice(policies, replace(able, user_ids=others), allowlist.admin_channel)

    async def whoami(self, person: Person) -> RightsHeld | Refused:
        """Return the person's groups and policies, and which actions are allowed."""
        try:
            principal = await self.rights.principal(person)
        except DirectoryDown as down:
            return Refused(undecided(down))
        actions = {action: principal.may_somewhere(action) for action in HELD}
        groups, delegations = tuple(sorted(principal.memberships)), await self.delegating.delegations(person)
        return RightsHeld(person.user_id, groups, principal.policies, actions, delegations)

    async def approvers(self, person: Person, request_id: str) -> Approvers | Refused:
        """Return who can still approve a request."""
        request = await self.requests.visible(person, request_id)
        if isinstance(request, Refused):
            return request
        candidates = await self._in_time(self.rights.candidates(request))
        if isinstance(candidates, Refused):
            return candidates
        in_force = await self.store.delegations(request.team_id)
        stand_ins = tuple(each for each in in_force if each.delegator in candidates.user_ids)
        return Approvers(request, request.tally, candidates, stand_ins)
