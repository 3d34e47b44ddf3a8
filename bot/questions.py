"""What a person can ask: nothing here changes a request."""

from bot.errors import DirectoryDown
from bot.images import ACTION as CREATE
from bot.lifecycle import Status
from bot.outcomes import Approvers, Denied, Done, Explained, Found, Refused, RightsHeld, Why
from bot.records import Person, Request, Submission
from bot.rights import ACTIONS, READ, Rights, drawn
from bot.store.requests import Store

SHOWN = 20
"""Requests in one list: what fits into a message that people read."""


class Questions:
    """Reads, guarded by what the person may see: their own requests, others' with `imagebot:ReadRequests`."""

    def __init__(self, store: Store, rights: Rights) -> None:
        self.store = store
        self.rights = rights

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
        """Return one request, if the person may see it; else it might as well not exist."""
        request = await self.store.get(request_id)
        try:
            if request is None or not await self.may_see(person, request):
                return Refused(Why.NOT_FOUND, details={"request": request_id})
        except DirectoryDown:
            return Refused(Why.UNDECIDED)
        return Done(request)

    async def why(self, person: Person, submission: Submission) -> Explained | Refused:
        """Explain whether the person might submit this now, and what it would need then."""
        image = submission.image
        try:
            explanation = await self.rights.explain(person, CREATE, image, person.user_id)
        except DirectoryDown:
            return Refused(Why.UNDECIDED)
        rule = self.rights.rule(person, image)
        return Explained(explanation, image, rule)

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
        shown = await self.show(person, request_id)
        if isinstance(shown, Refused):
            return shown
        try:
            candidates = await self.rights.candidates(shown.request)
        except DirectoryDown:
            return Refused(Why.UNDECIDED)
        return Approvers(shown.request, drawn(shown.request), candidates)

    async def may_see(self, person: Person, request: Request) -> bool:
        """Decide whether a person may know of a request: theirs, to approve, or with the right to read."""
        return (
            person.user_id == request.requester
            or await self.rights.may_review(person, request)
            or await self.rights.allows_anywhere(person, READ)
        )
