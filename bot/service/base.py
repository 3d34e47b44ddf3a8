"""What every wish needs: the database, the rights, and refusals that are written down."""

from typing import TypeVar

from bot.changes import Change
from bot.errors import DirectoryDown
from bot.lifecycle import permits
from bot.outcomes import Denied, Done, Refused, Why
from bot.records import Person, Request, Submission
from bot.rights import READ, Rights, grants
from bot.service.new_request import new_request
from bot.settings import Settings
from bot.store.requests import Store

Refusal = TypeVar("Refusal", Denied, Refused, Denied | Refused)


class Base:
    """The ground under the service's parts."""

    def __init__(self, store: Store, rights: Rights, settings: Settings) -> None:
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
        unknown = Refused(Why.NOT_FOUND, details={"request": request_id})
        request = await self.store.get(request_id)
        if request is None:
            return unknown
        try:
            return request if await self.may_see(person, request) else unknown
        except DirectoryDown:
            return Refused(Why.UNDECIDED)

    async def write(self, request_id: str, change: Change) -> Done | Refused:
        """Write a change, if the request, locked now, still permits it."""
        async with self.store.begin() as transaction:
            request = await transaction.get(request_id)
            if request is None:
                return Refused(Why.NOT_FOUND, details={"request": request_id})
            if not permits(request.status, change.event):
                details = {"action": change.event.value, "why": Why.TOO_LATE.value}
                await transaction.record("refused", change.actor, request.id, details)
                return Refused(Why.TOO_LATE, request)
            written = await transaction.write(request, change)
        return Refused(Why.TOO_LATE, request) if written is None else Done(written)

    async def refuse(self, person: Person, action: str, request: Request | None, refusal: Refusal) -> Refusal:
        """Put into the audit log who was refused what, and by which statements."""
        details: dict[str, object] = {"action": action, "channel": person.channel_id}
        if isinstance(refusal, Denied):
            details |= grants(refusal.explanation)
            if refusal.image is not None:
                details["resource"] = refusal.image.resource(self.rights.region)
        else:
            details["why"] = refusal.why.value
        async with self.store.begin() as transaction:
            await transaction.record("refused", person.user_id, request.id if request else None, details)
        return refusal
