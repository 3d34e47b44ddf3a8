"""An approved request becomes an image, once: claimed before the cloud is asked, looked for when in doubt.

    approved --START--> creating --(call)--> ISSUE --> WATCH … --> FINISH | FAIL
        ^                   \\--(outcome unknown)--> LOOK … --> ISSUE
        +-------------------------------------------- RESTART

CreateImageByInstance has no client token, so it is never sent twice for one claim: the lease that wrote START
may call, once, and every other looks for the image by its marker first. START is the one gate: whoever comes
to a call has passed it, with everybody's rights as they are then.
"""

from dataclasses import replace

from bot.allowlist.authorizer import Authorizer
from bot.crash_points import point
from bot.domain.changes import Change, Sleep
from bot.domain.image import CreateImage
from bot.domain.lifecycle import Event
from bot.domain.request import (
    CLOUD_BUSY,
    CLOUD_UNSURE,
    INSTANCE_BUSY,
    PLACES_TAKEN,
    RIGHTS_LOST,
    Attempt,
    End,
    Request,
)
from bot.errors import CloudBusy, CloudCredentials, CloudError, CloudRefused, CloudUnreachable, Fault
from bot.ports import Cloud, ImageStatus
from bot.settings import Settings
from bot.steps.asking import asked
from bot.steps.ended import failed, issued, refused
from bot.steps.look import LOOK_SECONDS, LookSteps
from bot.steps.mark import marked, new_mark
from bot.steps.watch import WatchSteps
from bot.store.leases import Lease
from bot.store.requests import Store

QUEUE_SECONDS, LONGEST_QUEUE = 30.0, 600.0
"""When to ask a busy cloud again, unless it says so itself, and no later than when."""
CONTENDED_SECONDS = 1.0
"""How long to leave a place alone that another worker has just taken."""

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
        self.clock = store.clock

    async def start(self, request: Request, lease: Lease) -> Change | Sleep:
        """Claim the request for the cloud, if everybody's rights still stand and there is a place."""
        now = self.clock()
        if request.start_at is not None and now < request.start_at:
            return Sleep(request.start_at)
        if not await self.rights.may_still_create(request):
            over = request.over(End(now, reason=RIGHTS_LOST))
            return Change(Event.CANCEL, over, None, details={"reason": RIGHTS_LOST})
        if not request.break_glass:
            valid_reviews = await self.rights.valid_reviews(request)
            reopened = replace(request, reviews=valid_reviews, approved_at=None)
            if not reopened.tally.complete:
                return Change(Event.REOPEN, reopened, now)
        return await self._take_place(request, lease)

    async def _take_place(self, request: Request, lease: Lease) -> Change | Sleep:
        """Take a place among those being made at once; the line gives requests out as there are places.

        The lowest free slot: of two who see the same one free, the database lets one have it.
        """
        slots, instance_busy = await self.store.occupied(request.image.instance_id)
        free = [slot for slot in range(self.settings.images_at_once) if slot not in slots]
        if instance_busy or not free or len(slots) >= self.settings.images_at_once:
            return Sleep(self.clock() + CONTENDED_SECONDS)
        attempt = request.attempt
        claimed = replace(
            attempt,
            slot=free[0],
            mark=attempt.mark or new_mark(),
            caller=lease.token,
            called_at=self.clock(),
            calls=attempt.calls + 1,
        )
        return Change(Event.START, request.trying(claimed), self.clock())

    async def step(self, request: Request, lease: Lease) -> Change | Sleep:
        """Call, look or watch, as far as the request has come."""
        if request.attempt.image_id is not None:
            return await self.watch_steps.step(request, request.attempt.image_id)
        if request.attempt.caller == lease.token:
            return await self._call(request)
        return await self.look_steps.step(request)

    async def _call(self, request: Request) -> Change | Sleep:
        """Ask the cloud for the image: the one place that does, at most once for a claim.

        Before any call but the first, look once more: an earlier one may have got through after all.
        """
        earlier = await self._earlier(request)
        if isinstance(earlier, Change):
            return earlier
        if isinstance(earlier, CloudError):
            return self._queue(request, CLOUD_BUSY, earlier)
        point("before-create")
        try:
            creation = await self.cloud.create_image(self._as_operator_wishes(marked(request)))
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
        """Adopt what an earlier call or attempt has made; None: there is nothing to adopt."""
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
        """Say what follows from an error: only what surely made nothing may be asked for again."""
        if error.code == TASK_EXISTS:
            return await self._adopt_or_wait(request, error)
        if error.code == QUOTA:
            return self._queue(request, PLACES_TAKEN, error)
        if isinstance(error, CloudBusy | CloudUnreachable):
            known = error.fault is Fault.NOBODY or isinstance(error, CloudUnreachable)
            return self._queue(request, CLOUD_BUSY if known else CLOUD_UNSURE, error)
        if isinstance(error, CloudRefused | CloudCredentials):
            return failed(request, refused(error), self.clock(), error)
        looking = request.trying(replace(request.attempt, caller=None))
        return Change(Event.LOOK, looking, self.clock() + LOOK_SECONDS, details={"error": str(error)})

    async def _adopt_or_wait(self, request: Request, error: CloudError) -> Change | Sleep:
        """The instance is being imaged already: by an earlier call of ours, or by somebody else."""
        found = await self.look_steps.find(request)
        return found if isinstance(found, Change) else self._queue(request, INSTANCE_BUSY, error)

    def _queue(self, request: Request, reason: str, error: CloudError) -> Change:
        """Go back into the line until the cloud is to be asked again."""
        attempt = replace(request.attempt, queue_reason=reason, caller=None, slot=None)
        due = self.clock() + min(error.retry_after or QUEUE_SECONDS, LONGEST_QUEUE)
        details = {"reason": reason, "error": str(error)}
        return Change(Event.QUEUE, request.trying(attempt), due, details=details)

    def _issued(self, request: Request, attempt: Attempt) -> Change:
        return issued(request, attempt, self.clock() + self.settings.watch_seconds)

    def _as_operator_wishes(self, image: CreateImage) -> CreateImage:
        """Add the two parameters that are not public, when the operator set them."""
        settings = self.settings
        return image.model_copy(
            update={"biz_type": settings.appstream_biz_type, "product_type": settings.appstream_product_type}
        )
