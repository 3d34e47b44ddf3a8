"""What every wish needs: the database, the rights, and refusals that are written down."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from bot.allowlist.access import target_for
from bot.allowlist.authorizer import Authorizer, grants
from bot.allowlist.principal import Principal
from bot.domain.actions import Action, actions_for
from bot.domain.changes import Change
from bot.domain.request import Person, Request, Submission
from bot.errors import DirectoryDown
from bot.service.new_request import new_request
from bot.service.outcomes import Denied, Done, RefusalReason, Refused
from bot.settings import Settings
from bot.store.requests import Store

Refusal = TypeVar("Refusal", Denied, Refused, Denied | Refused)
Decide = Callable[[Request], Change | RefusalReason]
"""From a request to the change that a wish comes to, or to what speaks against it."""


class Base:
    """The ground under the service's parts."""

    def __init__(self, store: Store, rights: Authorizer, settings: Settings) -> None:
        self.store = store
        self.rights = rights
        self.settings = settings
        self.clock = store.clock

    def drafted(self, principal: Principal, submission: Submission) -> Request:
        """Return the request that a submission would become; its channel is "" when there is none."""
        person = principal.person
        rule = principal.rule(target_for(person, submission))
        channel = rule.channel or self.settings.image_channel or person.channel_id
        return new_request(person, submission, rule, channel, self.clock(), principal.profile.tz)

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
        except DirectoryDown:
            return Refused(RefusalReason.UNDECIDED)

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
            decided = decide(request)
            if isinstance(decided, Change) and what in actions_for(request, self.clock()):
                written = await transaction.write(request, decided)
                if written is not None:
                    return Done(written)
        why = RefusalReason.TOO_LATE if isinstance(decided, Change) else decided
        return await self.refuse(person, action, request, Refused(why, self.as_of_now(request)))

    def as_of_now(self, request: Request) -> Request:
        """Return the request as a refusal speaks of it: what has run out has ended."""
        return replace(request, status=request.as_of(self.clock()))

    async def refuse(self, person: Person, action: str, request: Request | None, refusal: Refusal) -> Refusal:
        """Put into the audit log who was refused what, and by which statements; a denial names its action."""
        details: dict[str, object] = {"action": action, "channel": person.channel_id}
        if isinstance(refusal, Denied):
            details |= {"action": refusal.action, **grants(refusal.explanation.decision)}
            details |= {"resource": refusal.resource} if refusal.target else {}
        else:
            details["why"] = refusal.why.value
        async with self.store.begin() as transaction:
            await transaction.record("refused", person.user_id, request.id if request else None, details)
        return refusal


def in_sight(principal: Principal, request: Request) -> bool:
    """Decide whether a refusal may speak of a request: who acts in its channel sees its card."""
    return principal.person.channel_id == request.channel or principal.may_see(request)
