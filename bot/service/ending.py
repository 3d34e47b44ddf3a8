"""Canceling a request, and retrying one."""

from bot.allowlist.access import target_of
from bot.allowlist.authorizer import Authorizer, asker
from bot.domain.actions import Action
from bot.domain.changes import Change
from bot.domain.image import ACTION as CREATE
from bot.domain.lifecycle import Event
from bot.domain.request import End, Person, Request
from bot.domain.vocabulary import CANCEL
from bot.errors import DirectoryDown
from bot.service.guarded_requests import GuardedRequests, in_sight
from bot.service.outcomes import Denied, Done, RefusalReason, Refused, denied, undecided
from bot.service.refusals import Refusals
from bot.store.requests import Store


class Ending:
    """What the requester, or an operator, can do about a request that is under way or has ended."""

    def __init__(
        self, store: Store, rights: Authorizer, requests: GuardedRequests, refusals: Refusals
    ) -> None:
        self.store = store
        self.rights = rights
        self.requests = requests
        self.refusals = refusals
        self.clock = store.clock

    async def cancel(self, person: Person, request_id: str, reason: str = "") -> Done | Denied | Refused:
        """Cancel one's own request, or somebody else's with `imagebot:CancelImageRequest`."""
        request = await self.store.get(request_id)
        if request is None:
            return Refused(RefusalReason.NOT_FOUND, details={"request": request_id})
        try:
            refusal = await self._may_cancel(person, request)
        except DirectoryDown as down:
            refusal = Refused(undecided(down))
        if refusal is not None:
            return await self.refusals.record(person, CANCEL, request, refusal)
        end = End(self.clock(), person.user_id, reason)
        return await self.requests.write(
            person, Action.CANCEL, CANCEL, request_id, lambda it: cancelled(it, end)
        )

    async def _may_cancel(self, person: Person, request: Request) -> Denied | Refused | None:
        if person.user_id == request.requester:
            return None
        principal, target = await self.rights.principal(person), target_of(request)
        decision = principal.may(CANCEL, target)
        if decision.allowed:
            return None
        if not in_sight(principal, request):
            return Refused(RefusalReason.NOT_FOUND, details={"request": request.id})
        return denied(decision, target)

    async def retry(self, person: Person, request_id: str) -> Done | Denied | Refused:
        """Retry one's own failed request under its approval, while that is recent."""
        request = await self.requests.visible(person, request_id)
        if isinstance(request, Refused):
            return request
        if person.user_id != request.requester:
            return await self.refusals.record(
                person, CREATE, request, Refused(RefusalReason.NOT_YOURS, request)
            )
        try:
            refusal = await self._may_not_again(request)
        except DirectoryDown as down:
            refusal = Refused(undecided(down), request)
        if refusal is not None:
            return await self.refusals.record(person, CREATE, request, refusal)
        again = self.clock()
        return await self.requests.write(
            person,
            Action.RETRY,
            CREATE,
            request_id,
            lambda it: Change(Event.RETRY, it.again(), again, it.requester),
        )

    async def _may_not_again(self, request: Request) -> Denied | Refused | None:
        """Return the permission that the requester has lost; None if they have them all."""
        requester, target = await self.rights.principal(asker(request)), target_of(request)
        if requester.outsider(request.rule):
            return Refused(RefusalReason.OUTSIDER, request)
        decision = requester.lacking(target)
        return None if decision is None else denied(decision, target)


def cancelled(request: Request, end: End) -> Change:
    """Return the canceled request, with who canceled it and why."""
    return Change(Event.CANCEL, request.over(end), None, end.by, {"reason": end.reason})
