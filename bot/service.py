"""What a person can do: one method per wish. Each decides first, then writes all of it in one transaction."""

from sqlalchemy.exc import IntegrityError

from bot.approvals import can_fill
from bot.changes import Change
from bot.errors import DirectoryDown
from bot.images import ACTION as CREATE
from bot.lifecycle import Event, permits
from bot.outcomes import Denied, Done, Refused, Reviewed, Submitted, Why
from bot.questions import Questions
from bot.records import Person, Request, Review, Submission
from bot.rights import APPROVE, CANCEL, Rights, drawn, grants
from bot.settings import Settings
from bot.store.requests import Store
from bot.store.transaction import Transaction
from bot.submissions import new_request

RETRY_WITHIN = 24 * 3600.0
"""How long after a failure the approval is still good for a retry."""


class Service(Questions):
    """The hub: handlers call it, it calls nobody back. Refusals are recorded like everything else."""

    def __init__(self, store: Store, rights: Rights, settings: Settings) -> None:
        super().__init__(store, rights)
        self.settings = settings
        self.clock = store.clock

    async def submit(self, person: Person, submission: Submission) -> Submitted | Denied | Refused:
        """Ask for an image. The same delivery twice (`submission.key`) is one request."""
        try:
            refusal = await self._may_submit(person, submission)
        except DirectoryDown:
            refusal = Refused(Why.UNDECIDED)
        if refusal is not None:
            await self._record_refusal(person, CREATE, None, refusal)
            return refusal
        rule = self.rights.rule(person, submission.image)
        channel = rule.channel or self.settings.image_channel or person.channel_id
        if not channel:
            return Refused(Why.NO_CHANNEL)
        return await self._keep(new_request(person, submission, rule, channel, self.clock()), submission.key)

    async def _may_submit(self, person: Person, submission: Submission) -> Denied | Refused | None:
        image = submission.image
        if await self.rights.allows(person, CREATE, image, person.user_id):
            return None
        return Denied(CREATE, await self.rights.explain(person, CREATE, image, person.user_id), image)

    async def _keep(self, request: Request, key: str) -> Submitted:
        try:
            async with self.store.begin() as transaction:
                earlier = await transaction.by_key(key) if key else None
                if earlier is not None:
                    return Submitted(earlier, again=True)
                details = {"image": request.image.model_dump(mode="json"), "reason": request.reason}
                await transaction.add(request, key=key, details=details | {"rule": request.rule.name})
        except IntegrityError:  # the other delivery of the same key was a moment earlier
            async with self.store.begin() as transaction:
                earlier = await transaction.by_key(key)
            if earlier is None:
                raise
            return Submitted(earlier, again=True)
        return Submitted(request)

    async def review(
        self, person: Person, request_id: str, *, approves: bool, reason: str = ""
    ) -> Reviewed | Denied | Refused:
        """Approve or reject a request; who may is decided anew at every click."""
        request = await self.store.get(request_id)
        if request is None:
            return Refused(Why.NOT_FOUND, details={"request": request_id})
        try:
            denial = await self._may_review(person, request)
            groups = await self.rights.memberships(person.user_id)
        except DirectoryDown:
            denial = Refused(Why.UNDECIDED, request)
        if denial is not None:
            await self._record_refusal(person, APPROVE, request, denial)
            return denial
        async with self.store.begin() as transaction:
            return await self._review(
                transaction, request_id, Review(person.user_id, approves, reason, self.clock(), groups)
            )

    async def _may_review(self, person: Person, request: Request) -> Denied | Refused | None:
        if person.user_id == request.requester:
            return Refused(Why.OWN_REQUEST, request)
        if not await self.rights.may_review(person, request):
            explanation = await self.rights.explain(person, APPROVE, request.image, request.requester)
            return Denied(APPROVE, explanation, request.image)
        if await self.rights.outsider(person, request.rule):
            return Refused(Why.OUTSIDER, request)
        return None

    async def _review(self, transaction: Transaction, request_id: str, review: Review) -> Reviewed | Refused:
        """Write a review, if the request, locked now, still waits for one like it."""
        request = await transaction.get(request_id)
        if request is None:
            return Refused(Why.NOT_FOUND, details={"request": request_id})
        refusal = _unfit(request, review)
        if refusal is not None:
            return Refused(refusal, request)
        now, details = self.clock(), {"reason": review.reason}
        fields: dict[str, object] = {"reviews": (*request.reviews, review)}
        if review.approves:
            change = Change(Event.REVIEW, now, review.user_id, fields, details)
        else:
            fields |= {"ended_at": now, "ended_by": review.user_id, "end_reason": review.reason}
            change = Change(Event.REJECT, None, review.user_id, fields, details)
        written = await transaction.write(request, change)
        return Refused(Why.TOO_LATE, request) if written is None else Reviewed(written, drawn(written))

    async def cancel(self, person: Person, request_id: str, reason: str = "") -> Done | Denied | Refused:
        """Take a request back, or somebody else's with `imagebot:CancelImageRequest`."""
        request = await self.store.get(request_id)
        if request is None:
            return Refused(Why.NOT_FOUND, details={"request": request_id})
        try:
            denial = await self._may_cancel(person, request)
        except DirectoryDown:
            denial = Refused(Why.UNDECIDED, request)
        if denial is not None:
            await self._record_refusal(person, CANCEL, request, denial)
            return denial
        end = {"ended_at": self.clock(), "ended_by": person.user_id, "end_reason": reason}
        return await self._write(
            request_id, Change(Event.CANCEL, None, person.user_id, end, {"reason": reason})
        )

    async def _may_cancel(self, person: Person, request: Request) -> Denied | Refused | None:
        if person.user_id == request.requester or await self.rights.allows(
            person, CANCEL, request.image, request.requester
        ):
            return None
        if not await self.may_see(person, request):
            return Refused(Why.NOT_FOUND, details={"request": request.id})
        return Denied(
            CANCEL, await self.rights.explain(person, CANCEL, request.image, request.requester), request.image
        )

    async def retry(self, person: Person, request_id: str) -> Done | Denied | Refused:
        """Try a failed request once more under its approval, while that is fresh."""
        request = await self.store.get(request_id)
        if request is None or person.user_id != request.requester:
            seen = request is not None and await self.may_see(person, request)
            return Refused(
                Why.NOT_YOURS if seen else Why.NOT_FOUND, request if seen else None, {"request": request_id}
            )
        if (
            not permits(request.status, Event.RETRY)
            or self.clock() > (request.ended_at or 0.0) + RETRY_WITHIN
        ):
            return Refused(Why.TOO_LATE, request)
        try:
            if not await self.rights.may_still_create(request):
                return Denied(
                    CREATE,
                    await self.rights.explain(person, CREATE, request.image, person.user_id),
                    request.image,
                )
        except DirectoryDown:
            return Refused(Why.UNDECIDED, request)
        fresh = {
            "attempt": request.attempt + 1,
            "failure": None,
            "image_id": None,
            "task_id": None,
            "progress": None,
        }
        ended = {
            "ended_at": None,
            "ended_by": None,
            "called_at": None,
            "cloud_request_id": None,
            "watches": 0,
        }
        return await self._write(request_id, Change(Event.RETRY, self.clock(), person.user_id, fresh | ended))

    async def _write(self, request_id: str, change: Change) -> Done | Refused:
        """Write a change, if the request, locked now, still permits it."""
        async with self.store.begin() as transaction:
            request = await transaction.get(request_id)
            if request is None:
                return Refused(Why.NOT_FOUND, details={"request": request_id})
            if not permits(request.status, change.event):
                return Refused(Why.TOO_LATE, request)
            written = await transaction.write(request, change)
        return Refused(Why.TOO_LATE, request) if written is None else Done(written)

    async def _record_refusal(
        self, person: Person, action: str, request: Request | None, refusal: Denied | Refused
    ) -> None:
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


def _unfit(request: Request, review: Review) -> Why | None:
    """Say why a review does not fit a request; None when it does."""
    if not permits(request.status, Event.REVIEW):
        return Why.TOO_LATE
    approved = {earlier.user_id: earlier.usergroups for earlier in request.reviews if earlier.approves}
    if review.approves and review.user_id in approved:
        return Why.ALREADY_REVIEWED
    if not review.reason and (request.rule.reason_required or not review.approves):
        return Why.REASON_NEEDED
    if review.approves and not can_fill(request.rule, approved, review.user_id, review.usergroups):
        return Why.NOT_NEEDED
    return None
