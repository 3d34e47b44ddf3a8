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
"""Decides about a request: the change to write, or why not."""


class GuardedRequests:
    """Shows a request to those who may see it, and writes what a person's call decides."""

    def __init__(self, store: Store, rights: Authorizer, refusals: Refusals) -> None:
        self.store = store
        self.rights = rights
        self.refusals = refusals

    async def visible(self, person: Person, request_id: str) -> Request | Refused:
        """Return a request if the person may know about it; any other is refused as if it didn't exist."""
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
        """Decide on the request as it is now, locked, and write the result; a refusal goes into the audit
        log.

        `what` has to be possible in the request's status; `action` is its name in policies.
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
    """Return the request for a refusal: an expired one counts as ended."""
    return replace(request, status=request.as_of(now))


def in_sight(principal: Principal, request: Request) -> bool:
    """Tell whether a refusal can say something about a request: in its channel, everybody sees its card."""
    return principal.person.channel_id == request.channel or principal.may_see(request)
