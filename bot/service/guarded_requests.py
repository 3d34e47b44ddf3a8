"""Requests as one person may see and change them."""

from collections.abc import Callable
from dataclasses import replace

from bot.allowlist.authorizer import Authorizer
from bot.allowlist.principal import Principal
from bot.domain.actions import Action, actions_for
from bot.domain.changes import Change
from bot.domain.request import Person, Request
from bot.errors import DirectoryDown
from bot.service.outcomes import Done, RefusalReason, Refused, undecided
from bot.service.refusals import Refusals
from bot.store.requests import Store

Decide = Callable[[Request], Change | RefusalReason]
"""From a request to the change that a call comes to, or to what speaks against it."""


class GuardedRequests:
    """Shows a request to who may see it, and writes what somebody's call comes to."""

    def __init__(self, store: Store, rights: Authorizer, refusals: Refusals) -> None:
        self.store = store
        self.rights = rights
        self.refusals = refusals

    async def visible(self, person: Person, request_id: str) -> Request | Refused:
        """Return a request if the person may know of it; any other might as well not exist."""
        unknown = Refused(RefusalReason.NOT_FOUND, details={"request": request_id})
        request = await self.store.get(request_id)
        if request is None:
            return unknown
        if person.user_id == request.requester:
            return request
        try:
            return request if (await self.rights.principal(person)).may_see(request) else unknown
        except DirectoryDown as down:
            return Refused(undecided(down))

    async def write(
        self, person: Person, what: Action, action: str, request_id: str, decide: Decide
    ) -> Done | Refused:
        """Write what is decided from the request as it is now, locked; a refusal goes into the audit log.

        `what` has to be possible now, for a change; `action` is what a policy calls it.
        """
        async with self.store.begin() as transaction:
            request = await transaction.get(request_id)
            if request is None:
                return Refused(RefusalReason.NOT_FOUND, details={"request": request_id})
            first, now = await transaction.is_first(person), self.store.clock()
            decided = decide(request) if first else RefusalReason.REPEATED
            if isinstance(decided, Change) and what in actions_for(request, now):
                written = await transaction.write(request, decided)
                if written is not None:
                    return Done(written)
        why = RefusalReason.TOO_LATE if isinstance(decided, Change) else decided
        return await self.refusals.record(person, action, request, Refused(why, as_of(request, now)))


def as_of(request: Request, now: float) -> Request:
    """Return the request as a refusal speaks of it: what has run out has ended."""
    return replace(request, status=request.as_of(now))


def in_sight(principal: Principal, request: Request) -> bool:
    """Decide whether a refusal may speak of a request: who acts in its channel sees its card."""
    return principal.person.channel_id == request.channel or principal.may_see(request)
