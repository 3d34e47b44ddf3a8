"""What a person can ask: nothing here changes a request."""

from bot.errors import DirectoryDown
from bot.images import ACTION as CREATE
from bot.lifecycle import Status
from bot.outcomes import Approvers, Denied, Done, Explained, Found, Refused, RightsHeld, Why
from bot.records import Person, Submission
from bot.rights import ACTIONS, READ, drawn
from bot.service.base import Base

SHOWN = 20
"""Requests in one list: what fits into a message that people read."""


class Questions(Base):
    """Reads, guarded by what the person may see: their own requests, others' with `imagebot:ReadRequests`."""

    async def find(self, person: Person, scope: str) -> Found | Denied | Refused:
        """List requests: `mine`, or everybody's `pending` or `all`."""
        requester = person.user_id if scope == "mine" else None
        statuses = (Status.PENDING,) if scope == "pending" else ()
        try:
            if requester is None and not await self.rights.allows_anywhere(person, READ):
                return Denied(READ, await self.rights.explain_anywhere(person, READ))
        except DirectoryDown:
            return Refused(Why.UNDECIDED)
        found = await self.store.find(requester=requester, statuses=statuses, limit=SHOWN + 1)
        return Found(found[:SHOWN], more=len(found) > SHOWN)

    async def show(self, person: Person, request_id: str) -> Done | Refused:
        """Return one request, if the person may see it."""
        request = await self.visible(person, request_id)
        return request if isinstance(request, Refused) else Done(request)

    async def why(self, person: Person, submission: Submission) -> Explained | Refused:
        """Explain whether the person might submit this now, and what it would need then."""
        image = submission.image
        try:
            explanation = await self.rights.explain(person, CREATE, image, person.user_id)
        except DirectoryDown:
            return Refused(Why.UNDECIDED)
        return Explained(explanation, image, self.rights.rule(person, image))

    async def whoami(self, person: Person) -> RightsHeld | Refused:
        """Return the person's groups and policies, and what each action comes to for them."""
        try:
            groups = await self.rights.memberships(person.user_id)
            actions = {action: await self.rights.allows_anywhere(person, action) for action in ACTIONS}
        except DirectoryDown:
            return Refused(Why.UNDECIDED)
        policies = self.rights.allowlist().policies_of(person.user_id, groups)
        return RightsHeld(person.user_id, tuple(sorted(groups)), policies, actions)

    async def approvers(self, person: Person, request_id: str) -> Approvers | Refused:
        """Return who can still approve a request."""
        request = await self.visible(person, request_id)
        if isinstance(request, Refused):
            return request
        try:
            candidates = await self.rights.candidates(request)
        except DirectoryDown:
            return Refused(Why.UNDECIDED)
        return Approvers(request, drawn(request), candidates)
