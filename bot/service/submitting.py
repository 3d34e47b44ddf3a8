"""Asking for an image."""

from sqlalchemy.exc import IntegrityError

from bot.allowlist.access import target_for
from bot.allowlist.authorizer import Authorizer, grants
from bot.allowlist.principal import Principal
from bot.domain.image import ACTION as CREATE
from bot.domain.request import Person, Request, Submission
from bot.errors import DirectoryDown, StoreOutcomeUnknown, StoreUnavailable
from bot.service.new_request import drafted
from bot.service.outcomes import Considered, Denied, RefusalReason, Refused, Submitted, denied, undecided
from bot.service.refusals import Refusals
from bot.settings import Settings
from bot.store import posts
from bot.store.requests import Store

LATEST_START = 30 * 86400.0
"""How far ahead a start may be."""


class Submitting:
    """The submission becomes a row; everything else follows from that."""

    def __init__(self, store: Store, rights: Authorizer, settings: Settings, refusals: Refusals) -> None:
        self.store = store
        self.rights = rights
        self.settings = settings
        self.refusals = refusals
        self.clock = store.clock

    async def submit(self, person: Person, submission: Submission) -> Submitted | Denied | Refused:
        """Ask for an image. The same delivery twice (`submission.key`) is one request."""
        considered = await self.consider(person, submission)
        if not isinstance(considered, Considered):
            return considered
        return await self._keep(considered, submission.key)

    async def consider(self, person: Person, submission: Submission) -> Considered | Denied | Refused:
        """Decide what `submit` would, without writing anything."""
        try:
            principal = await self.rights.principal(person)
            request = drafted(principal, submission, self.settings, self.clock())
            refusal = self._unfit_to_submit(principal, submission, request) or await self._elsewhere(request)
        except DirectoryDown as down:
            return await self.refusals.record(person, CREATE, None, Refused(undecided(down)))
        refusal = refusal or await self._one_more(request, submission)
        if isinstance(refusal, Refused) and refusal.why is RefusalReason.ALREADY_OPEN:
            return refusal  # a question rather than a refusal
        if refusal is not None:
            return await self.refusals.record(person, CREATE, None, refusal)
        rights = principal.taken_by(target_for(person, submission))
        return Considered(request, tuple(each.decision for each in rights))

    def _unfit_to_submit(
        self, principal: Principal, submission: Submission, request: Request
    ) -> Denied | Refused | None:
        """Return what speaks against a submission; None if nothing does."""
        target, now = target_for(principal.person, submission), self.clock()
        if principal.outsider(request.rule):
            return Refused(RefusalReason.OUTSIDER)
        lacking = principal.lacking(target)
        if lacking is not None:
            return denied(lacking, target)
        if not submission.reason and (submission.break_glass or request.rule.requester_reason_required):
            return Refused(RefusalReason.REASON_NEEDED)
        if submission.start_at is not None and not now < submission.start_at < now + LATEST_START:
            return Refused(RefusalReason.BAD_START)
        return None if request.channel else Refused(RefusalReason.NO_CHANNEL)

    async def _elsewhere(self, request: Request) -> Refused | None:
        """Refuse to notify a channel that the requester isn't in, if the rule doesn't name it."""
        for channel in set(request.notify) - {request.asked_in, request.rule.channel}:
            if not await self.rights.is_in_channel(request.requester, channel):
                return Refused(RefusalReason.NOT_IN_CHANNEL, details={"channel": channel})
        return None

    async def _one_more(self, request: Request, submission: Submission) -> Refused | None:
        """Say what speaks against one more request of a person's: as many as they may have, or one like it.

        A command that Slack delivers again is no further request.
        """
        asked_for = submission.anyway or submission.break_glass
        refusal = None if asked_for else await self._already_open(request)
        a_minute_ago = self.clock() - 60
        still_open, lately = await self.store.asked_by(request.team_id, request.requester, a_minute_ago)
        if still_open >= self.settings.open_requests_per_person:
            refusal = Refused(RefusalReason.TOO_MANY)
        if lately >= self.settings.requests_per_person_and_minute:
            refusal = Refused(RefusalReason.TOO_FAST)
        if refusal is None or (submission.key and await self.store.by_key(request.team_id, submission.key)):
            return None
        return refusal

    async def _already_open(self, request: Request) -> Refused | None:
        """Point to a request of the same person for the same instance."""
        instance_id = request.image.instance_id
        earlier = await self.store.open_for(request.team_id, request.requester, instance_id)
        return None if earlier is None else Refused(RefusalReason.ALREADY_OPEN, earlier)

    async def _keep(self, considered: Considered, key: str) -> Submitted:
        """Write a request; when another delivery was quicker, answer with its request.

        So too when nobody knows whether the write got through, and the row is there.
        The answer tells why the card can't be posted, as far as the last try told.
        """
        request = considered.request
        details = {
            "image": request.image.model_dump(mode="json"),
            "reason": request.reason,
            "rule": request.rule.name,
            "break_glass": request.break_glass,
            "stop_first": request.stop_first,
            "regions": request.regions,
            "start_at": request.start_at,
            **grants(*considered.rights),
        }
        try:
            async with self.store.begin() as transaction:
                connection = transaction.connection
                refused = await posts.refusal_of(connection, request.team_id, request.channel)
                await transaction.add(request, key=key, details=details)
        except (IntegrityError, StoreOutcomeUnknown):
            earlier = await self._earlier(request.team_id, key)
            if earlier is None:
                raise
            return Submitted(earlier, again=True)
        return Submitted(request, refused=refused)

    async def _earlier(self, team_id: str, key: str) -> Request | None:
        try:
            return await self.store.by_key(team_id, key)
        except StoreUnavailable as down:
            raise StoreOutcomeUnknown(down.reason) from down
