"""An approved request becomes an image, once: claimed before the call, looked for when in doubt.

    approved --START--> creating --(call)--> ISSUE --> WATCH … --> FINISH | FAIL
        ^                   \\--(outcome unknown)--> LOOK … --> ISSUE
        +-------------------------------------------- RESTART

CreateImageByInstance has no client token, so it is never sent twice for one claim: the lease that wrote START
may call, once, and every other looks for the image by its marker first. START is the one gate: every call has
passed it, with everybody's permissions as they are at that time.
"""

from dataclasses import replace

from bot.allowlist.authorizer import Authorizer
from bot.crash_points import point
from bot.domain.changes import Change, Sleep
from bot.domain.image import CreateImage
from bot.domain.lifecycle import Event
from bot.domain.request import (
    CLOUD_AWAY,
    CLOUD_BUSY,
    CLOUD_UNSURE,
    INSTANCE_BUSY,
    PLACES_TAKEN,
    RIGHTS_LOST,
    Attempt,
    End,
    Failure,
    Request,
)
from bot.errors import CloudBusy, CloudError, CloudUnreachable, Fault
from bot.ports import Cloud, ImageStatus
from bot.settings import Settings
from bot.steps.asking import asked
from bot.steps.ended import UNTOLD, failed, is_final, issued, queued, refused, unanswered
from bot.steps.look import LOOK_SECONDS, LookSteps
from bot.steps.mark import marked, new_mark
from bot.steps.places import CONTENDED_SECONDS, Places
from bot.steps.power import StopSteps
from bot.steps.watch import WatchSteps
from bot.store.leases import Lease
from bot.store.requests import Store

TASK_EXISTS = "ImageCreateByInstance.TaskExist"
QUOTA = "ExceedBuilderQuota"


class CreateSteps:
    """The steps of a request from its approval until the cloud has given it an image."""

    def __init__(self, store: Store, cloud: Cloud, rights: Authorizer, settings: Settings) -> None:
        self.store = store
        self.cloud = cloud
        self.rights = rights
        self.settings = settings
        self.look_steps = LookSteps(store, cloud, rights, settings)
        self.watch_steps = WatchSteps(store, cloud, rights, settings)
        self.stop_steps = StopSteps(store, cloud, settings)
        self.places = Places(store, settings)
        self.clock = store.clock

    async def start(self, request: Request, lease: Lease) -> Change | Sleep:
        """Claim the call, if everybody still has their permissions and there's a free slot."""
        now = self.clock()
        if request.start_at is not None and now < request.start_at:
            return Sleep(request.start_at)
        refusal = self.stop_steps.late(request) or await self._lost(request)
        if refusal is not None:
            return refusal
        if request.stop_first:
            first = await self._stopped_first(request)
            if first is not None:
                return first
        slot = await self.places.free(request)
        return Sleep(now + CONTENDED_SECONDS) if slot is None else self._claimed(request, slot, lease)

    async def _lost(self, request: Request) -> Change | None:
        """Return what follows from lost permissions, just before a call; None: everybody still has theirs."""
        now = self.clock()
        if not await self.rights.may_still_create(request):
            over = request.over(End(now, reason=RIGHTS_LOST))
            return Change(Event.CANCEL, over, None, details={"reason": RIGHTS_LOST})
        if request.break_glass:
            return None
        valid_reviews = await self.rights.valid_reviews(request)
        reopened = replace(request.released(), reviews=valid_reviews, approved_at=None)
        return None if reopened.tally.complete else Change(Event.REOPEN, reopened, now)

    async def _stopped_first(self, request: Request) -> Change | Sleep | None:
        """Stop the instance, unless an earlier attempt's image of it may be in progress; None: go on."""
        if request.attempt.doubtful or request.attempt.predecessor:
            earlier = await self._earlier(request)
            if isinstance(earlier, CloudError):
                return self._waiting(request, CLOUD_AWAY, earlier)
            if earlier is not None:  # the lease that will make the call adopts it
                return None
        return await self.stop_steps.step(request)

    def _claimed(self, request: Request, slot: int, lease: Lease) -> Change:
        attempt = request.attempt
        claimed = replace(
            attempt,
            slot=slot,
            mark=attempt.mark or new_mark(),
            caller=lease.token,
            called_at=self.clock(),
            calls=attempt.calls + 1,
        )
        return Change(Event.START, request.trying(claimed), self.clock())

    async def step(self, request: Request, lease: Lease) -> Change | Sleep:
        """Call, look or watch, depending on how far the request has come."""
        if request.attempt.image_id is not None:
            return await self.watch_steps.step(request, request.attempt.image_id)
        if request.attempt.caller == lease.token:
            return await self._call(request)
        return await self.look_steps.step(request)

    async def _call(self, request: Request) -> Change | Sleep:
        """Call CreateImageByInstance: the only place that does, at most once per claim.

        Before any call but the first, look once more: an earlier one may have succeeded after all.
        """
        earlier = await self._earlier(request)
        if isinstance(earlier, Change):
            return earlier
        if isinstance(earlier, CloudError):
            return self._waiting(request, CLOUD_AWAY, earlier)
        point("before-create")
        try:
            creation = await self.cloud.create_image(self._as_configured(marked(request)))
        except CloudError as error:
            return await self._not_created(request, error)
        point("after-create")
        attempt = replace(
            request.attempt,
            image_id=creation.image_id,
            task_id=creation.task_id,
            cloud_request_id=creation.cloud_request_id,
        )
        return self._issued(request, attempt)

    async def _earlier(self, request: Request) -> Change | CloudError | None:
        """Adopt the image of an earlier call or attempt; None: there is none."""
        if request.attempt.calls > 1 or request.attempt.doubtful:
            found = await self.look_steps.find(request)
            if found is not None:
                return found
        predecessor = request.attempt.predecessor
        if predecessor is None:
            return None
        image = await asked(self.cloud.image(predecessor), request.id)
        if image is None or isinstance(image, CloudError):
            return image
        if image.status is ImageStatus.CREATE_FAILED:
            return None
        return self._issued(request, replace(request.attempt, image_id=predecessor))

    async def _not_created(self, request: Request, error: CloudError) -> Change | Sleep:
        """Return what to do after an error: only a call that surely made nothing may be repeated."""
        if error.code == TASK_EXISTS:
            return await self._adopt_or_wait(request, error)
        if error.code == QUOTA:
            return queued(request, PLACES_TAKEN, error, self.clock())
        if isinstance(error, CloudUnreachable):
            return self._waiting(request, CLOUD_BUSY, error)
        if isinstance(error, CloudBusy):
            return self._sent_away(request, error)
        if is_final(error):
            return failed(request, refused(error), self.clock(), error)
        looking = request.trying(replace(request.attempt, caller=None))
        return Change(Event.LOOK, looking, self.clock() + LOOK_SECONDS, details={"error": str(error)})

    def _sent_away(self, request: Request, error: CloudBusy) -> Change:
        """Come back for as long as the cloud asks us to; for an undocumented code there's a limit."""
        if error.fault is not Fault.NOBODY:
            return self._waiting(request, CLOUD_UNSURE, error, refused(error))
        answered = request.trying(replace(request.attempt, unsure_since=None))
        return queued(answered, CLOUD_BUSY, error, self.clock())

    def _waiting(self, request: Request, reason: str, error: CloudError, failure: Failure = UNTOLD) -> Change:
        """Keep trying for as long as an image may take."""
        seconds = self.settings.image_timeout
        return unanswered(request, reason, error, self.clock(), seconds, failure)

    async def _adopt_or_wait(self, request: Request, error: CloudError) -> Change | Sleep:
        """Handle an instance that is already being imaged: by an earlier call of ours, or by somebody
        else.
        """
        found = await self.look_steps.find(request)
        return found if isinstance(found, Change) else queued(request, INSTANCE_BUSY, error, self.clock())

    def _issued(self, request: Request, attempt: Attempt) -> Change:
        return issued(request, attempt, self.clock() + self.settings.watch_seconds)

    def _as_configured(self, image: CreateImage) -> CreateImage:
        """Add the two undocumented parameters, if the operator set them."""
        settings = self.settings
        return image.model_copy(
            update={"biz_type": settings.appstream_biz_type, "product_type": settings.appstream_product_type}
        )
