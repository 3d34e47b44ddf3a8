"""An approved request becomes an image, once: claimed before the cloud is asked, looked for when in doubt.

    approved --START--> creating --(call)--> ISSUE --> WATCH … --> FINISH | FAIL
                            \\--(outcome unknown)--> LOOK … --> ISSUE | RESTART

CreateImageByInstance has no client token, so it is never sent twice for one claim: the lease that wrote START
(or RESTART) may call, once, and every other looks for the image by its marker first.
"""

from dataclasses import replace

from bot.allowlist.authorizer import Authorizer
from bot.crash_points import point
from bot.domain.changes import Change, Sleep
from bot.domain.image import CreateImage
from bot.domain.lifecycle import Event
from bot.domain.request import (
    CLOUD_BUSY,
    INSTANCE_BUSY,
    PLACES_TAKEN,
    RIGHTS_LOST,
    Attempt,
    End,
    Failure,
    Request,
)
from bot.errors import CloudBusy, CloudCredentials, CloudError, CloudRefused, CloudUnreachable
from bot.ports import Cloud
from bot.settings import Settings
from bot.steps.ended import failed, issued, refused
from bot.steps.mark import marked
from bot.steps.watch import WatchSteps
from bot.store.leases import Lease
from bot.store.requests import Store

LOOK_SECONDS = 5.0
QUEUE_SECONDS = 30.0
MOST_LOST = 10
"""How many calls in a row may come to nothing that anybody knows of before a person is told."""

TASK_EXISTS = "ImageCreateByInstance.TaskExist"
QUOTA = "ExceedBuilderQuota"
SILENT = "cloud-silent"


class CreateSteps:
    """The steps of a request from its approval until the cloud has given it an image."""

    def __init__(self, store: Store, cloud: Cloud, rights: Authorizer, settings: Settings) -> None:
        self.store = store
        self.cloud = cloud
        self.rights = rights
        self.settings = settings
        self.watch_steps = WatchSteps(store, cloud, settings)
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
        """Take a place among those being made at once, if one is left by those who are first in the line."""
        slots, instance_busy = await self.store.occupied(request.image.instance_id)
        if instance_busy:
            return await self._queue(request, INSTANCE_BUSY)
        free = [slot for slot in range(self.settings.images_at_once) if slot not in slots]
        if len(free) <= await self.store.ahead_of(request):
            return await self._queue(request, PLACES_TAKEN)
        attempt = replace(request.attempt, slot=free[0], queue_place=None)
        return Change(Event.START, request.trying(self._claimed(attempt, lease)), self.clock())

    async def step(self, request: Request, lease: Lease) -> Change | Sleep:
        """Call, look or watch, as far as the request has come."""
        if request.attempt.image_id is not None:
            return await self.watch_steps.step(request, request.attempt.image_id)
        if request.attempt.caller == lease.token:
            return await self._call(request)
        return await self._look(request, lease)

    async def _call(self, request: Request) -> Change | Sleep:
        """Ask the cloud for the image: the one place that does, at most once for a claim.

        Before any call but the first, look once more: an earlier one may have got through after all.
        """
        if request.attempt.calls > 1:
            found = await self._find(request)
            if found is not None:
                return found
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

    async def _not_created(self, request: Request, error: CloudError) -> Change | Sleep:
        """Say what follows from an error: only what surely made nothing may be asked for again."""
        if error.code == TASK_EXISTS:
            return await self._adopt_or_wait(request)
        if error.code == QUOTA:
            return await self._queue(request, PLACES_TAKEN, error)
        if isinstance(error, CloudBusy | CloudUnreachable):
            return await self._queue(request, CLOUD_BUSY, error)
        if isinstance(error, CloudRefused | CloudCredentials):
            return failed(request, refused(error), self.clock(), error)
        looking = request.trying(replace(request.attempt, caller=None))
        return Change(Event.LOOK, looking, self.clock() + LOOK_SECONDS, details={"error": str(error)})

    async def _adopt_or_wait(self, request: Request) -> Change | Sleep:
        """The instance is being imaged already: by an earlier call of ours, or by somebody else."""
        return await self._find(request) or await self._queue(request, INSTANCE_BUSY)

    async def _find(self, request: Request) -> Change | None:
        """Adopt the image of an earlier call, if one is listed."""
        found = await self.cloud.find_images(request.marker)
        if not found:
            return None
        newest = found[0]
        attempt = replace(request.attempt, image_id=newest.image_id, cloud_request_id=newest.cloud_request_id)
        return self._issued(request, attempt)

    async def _look(self, request: Request, lease: Lease) -> Change | Sleep:
        """Look for the image of a call of unknown outcome; call again only when it surely was not made."""
        found = await self._find(request)
        if found is not None:
            return found
        attempt = request.attempt
        if self.clock() < (attempt.called_at or 0.0) + self.settings.lookup_seconds:
            return Sleep(self.clock() + min(LOOK_SECONDS, self.settings.lookup_seconds / 4))
        if attempt.lost >= MOST_LOST:
            return failed(request, Failure(SILENT), self.clock())
        attempt = self._claimed(replace(attempt, lost=attempt.lost + 1), lease)
        return Change(Event.RESTART, request.trying(attempt), self.clock())

    async def _queue(self, request: Request, reason: str, error: CloudError | None = None) -> Change | Sleep:
        """Wait in line, and say so when that is news."""
        place = await self.store.ahead_of(request) + 1 if reason == PLACES_TAKEN else None
        wait = (error.retry_after if error else None) or QUEUE_SECONDS
        attempt = request.attempt
        if (attempt.queue_reason, attempt.queue_place) == (reason, place) and attempt.caller is None:
            return Sleep(self.clock() + wait)
        attempt = replace(attempt, queue_reason=reason, queue_place=place, caller=None, slot=None)
        details = {"reason": reason, "place": place, "error": str(error or "")}
        return Change(Event.QUEUE, request.trying(attempt), self.clock() + wait, details=details)

    def _issued(self, request: Request, attempt: Attempt) -> Change:
        return issued(request, attempt, self.clock() + self.settings.watch_seconds)

    def _claimed(self, attempt: Attempt, lease: Lease) -> Attempt:
        """Return the attempt with the lease's right to call the cloud, once."""
        return replace(attempt, caller=lease.token, called_at=self.clock(), calls=attempt.calls + 1)

    def _as_operator_wishes(self, image: CreateImage) -> CreateImage:
        """Add the two parameters that are not public, when the operator set them."""
        settings = self.settings
        return image.model_copy(
            update={"biz_type": settings.appstream_biz_type, "product_type": settings.appstream_product_type}
        )
