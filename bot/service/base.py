"""What every wish needs: the database, the rights, and refusals that are written down."""

from collections.abc import Callable
from typing import TypeVar

from bot.allowlist.authorizer import Authorizer, grants
from bot.domain.changes import Change
from bot.domain.lifecycle import permits
from bot.domain.request import Person, Request, Submission
from bot.domain.vocabulary import READ
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

    def drafted(self, person: Person, submission: Submission) -> Request:
        """Return the request that a submission would become; its channel is "" when there is none."""
        rule = self.rights.rule(person, submission.image)
        channel = rule.channel or self.settings.image_channel or person.channel_id
        return new_request(person, submission, rule, channel, self.clock())

    async def may_see(self, person: Person, request: Request) -> bool:
        """Decide whether a person may know of a request: theirs, to approve, or with the right to read."""
        return (
            person.user_id == request.requester
            or await self.rights.may_review(person, request)
            or await self.rights.allows_anywhere(person, READ)
        )

    async def in_sight(self, person: Person, request: Request) -> bool:
        """Decide whether a refusal may speak of a request: who acts in its channel sees its card."""
        return person.channel_id == request.channel or await self.may_see(person, request)

    async def visible(self, person: Person, request_id: str) -> Request | Refused:
        """Return a request if the person may know of it; any other might as well not exist."""
        unknown = Refused(RefusalReason.NOT_FOUND, details={"request": request_id})
        request = await self.store.get(request_id)
        if request is None:
            return unknown
        try:
            return request if await self.may_see(person, request) else unknown
        except DirectoryDown:
            return Refused(RefusalReason.UNDECIDED)

    async def write(self, person: Person, action: str, request_id: str, decide: Decide) -> Done | Refused:
        """Write what is decided from the request as it is now, locked; a refusal goes into the audit log."""
        async with self.store.begin() as transaction:
            request = await transaction.get(request_id)
            if request is None:
                return Refused(RefusalReason.NOT_FOUND, details={"request": request_id})
            decided = decide(request)
            if isinstance(decided, Change) and permits(request.status, decided.event):
                written = await transaction.write(request, decided)
                if written is not None:
                    return Done(written)
        why = RefusalReason.TOO_LATE if isinstance(decided, Change) else decided
        return await self.refuse(person, action, request, Refused(why, request))

    async def refuse(self, person: Person, action: str, request: Request | None, refusal: Refusal) -> Refusal:
        """Put into the audit log who was refused what, and by which statements; a denial names its action."""
        details: dict[str, object] = {"action": action, "channel": person.channel_id}
        if isinstance(refusal, Denied):
            details |= {"action": refusal.action, **grants(refusal.explanation)}
            if refusal.image is not None:
                details["resource"] = refusal.image.resource(self.rights.region)
        else:
            details["why"] = refusal.why.value
        async with self.store.begin() as transaction:
            await transaction.record("refused", person.user_id, request.id if request else None, details)
        return refusal
