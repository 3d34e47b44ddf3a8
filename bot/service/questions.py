"""What a person can ask: nothing here changes a request."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, TypeVar

from bot.allowlist.authorizer import ACTIONS
from bot.domain.image import ACTION as CREATE
from bot.domain.image import CreateImage
from bot.domain.lifecycle import Status
from bot.domain.request import Person, Submission
from bot.domain.vocabulary import BYPASS, READ
from bot.errors import DirectoryDown
from bot.policy import Explanation, Verdict
from bot.service.delegating import Delegating
from bot.service.outcomes import (
    Advice,
    Approvers,
    Denied,
    Done,
    Explained,
    Found,
    RefusalReason,
    Refused,
    RightsHeld,
)

Answer = TypeVar("Answer")

PATIENCE = 1.8
"""Seconds: a command is acknowledged within three, and names are looked up after this."""
SHOWN = 20
"""Requests in one list: what fits into a message that people read."""


class Questions(Delegating):
    """Reads, guarded by what the person may see: their own requests, others' with `imagebot:ReadRequests`."""

    async def find(self, person: Person, scope: str) -> Found | Denied | Refused:
        """List `mine`, those that are `pending`, or `all`: others' only for those who may read them."""
        statuses = (Status.PENDING,) if scope == "pending" else ()
        try:
            reads = scope != "mine" and await self.rights.allows_anywhere(person, READ)
            if scope == "all" and not reads:
                denied = Denied(READ, await self.rights.explain_anywhere(person, READ))
                return await self.refuse(person, READ, None, denied)
        except DirectoryDown:
            return Refused(RefusalReason.UNDECIDED)
        requester = None if reads else person.user_id
        found = await self.store.find(
            team_id=person.team_id, requester=requester, statuses=statuses, limit=SHOWN + 1
        )
        return Found(found[:SHOWN], more=len(found) > SHOWN)

    async def show(self, person: Person, request_id: str) -> Done | Refused:
        """Return one request, if the person may see it."""
        request = await self.visible(person, request_id)
        return request if isinstance(request, Refused) else Done(request)

    async def why(self, person: Person, submission: Submission) -> Explained | Refused:
        """Explain whether the person might submit this now, and what it would need then."""
        return await self._in_time(self._why(person, submission))

    async def why_not(
        self, person: Person, action: str, image: CreateImage | None, requester: str
    ) -> Explained | Refused:
        """Explain what is decided when the person does `action` to a request, None for none in particular."""
        return await self._in_time(self._explained(person, action, image, requester))

    async def _in_time(self, answer: Coroutine[Any, Any, Answer]) -> Answer | Refused:
        """Wait for an answer that asks Slack about many people, as long as a command may wait for it."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await answer
        except (DirectoryDown, TimeoutError):
            return Refused(RefusalReason.UNDECIDED)

    async def _why(self, person: Person, submission: Submission) -> Explained:
        image, last = submission.image, BYPASS if submission.break_glass else CREATE
        lacking = await self.rights.lacking(person, image, break_glass=submission.break_glass)
        explained = await self._explained(person, lacking or last, image, person.user_id)
        return explained if lacking else await self._with_approvers(person, submission, explained)

    async def _explained(
        self, person: Person, action: str, image: CreateImage | None, requester: str
    ) -> Explained:
        explanation = await self.rights.explain(person, action, image, requester)
        advice = await self._advice(person, action, image, requester, explanation)
        return Explained(explanation, image, action=action, advice=advice)

    async def _advice(
        self, person: Person, action: str, image: CreateImage | None, requester: str, explanation: Explanation
    ) -> Advice:
        """Say whom to turn to. A Deny wins over every policy, so that no other one helps against it."""
        if explanation.decision.allowed:
            return Advice()
        allowlist = self.rights.allowlist()
        silent = explanation.decision.verdict is Verdict.IMPLICIT_DENY
        policies = self.rights.allowing(self.rights.ask(person, action, image, requester)) if silent else ()
        able = await self.rights.able(action, image, replace(person, user_id=requester or person.user_id))
        people = tuple(each for each in able if each != person.user_id)
        return Advice(policies, people, allowlist.admin_channel)

    async def _with_approvers(
        self, person: Person, submission: Submission, explained: Explained
    ) -> Explained:
        request = self.drafted(person, submission)
        needs_any = request.rule.quorum and not request.break_glass
        approvers = await self.rights.candidates(request) if needs_any else ()
        return replace(explained, rule=request.rule, approvers=approvers)

    async def whoami(self, person: Person) -> RightsHeld | Refused:
        """Return the person's groups and policies, and what each action comes to for them."""
        try:
            groups = await self.rights.memberships(person.user_id)
            actions = {action: await self.rights.allows_anywhere(person, action) for action in ACTIONS}
        except DirectoryDown:
            return Refused(RefusalReason.UNDECIDED)
        policies = self.rights.allowlist().policies_of(person.user_id, groups)
        lending = await self.lending(person)
        return RightsHeld(person.user_id, tuple(sorted(groups)), policies, actions, lending)

    async def approvers(self, person: Person, request_id: str) -> Approvers | Refused:
        """Return who can still approve a request."""
        request = await self.visible(person, request_id)
        if isinstance(request, Refused):
            return request
        candidates = await self._in_time(self.rights.candidates(request))
        if isinstance(candidates, Refused):
            return candidates
        in_force = await self.store.delegations(request.team_id)
        stand_ins = tuple(each for each in in_force if each.delegator in candidates)
        return Approvers(request, request.tally, candidates, stand_ins)
