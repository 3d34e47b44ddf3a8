"""An approved request becomes an image, once: claimed before the cloud is asked, looked for when in doubt.

    approved --START--> creating --(call)--> ISSUE --> WATCH … --> FINISH | FAIL
                            \\--(outcome unknown)--> LOOK … --> ISSUE | RESTART

CreateImageByInstance has no client token, so it is never sent twice for one claim: the lease that wrote START
(or RESTART) may call, once, and every other looks for the image by its marker first.
"""

from dataclasses import replace

from bot.allowlist.authorizer import Authorizer, request_tally
from bot.crash_points import point
from bot.domain.changes import Change, Sleep
from bot.domain.image import CreateImage
from bot.domain.lifecycle import Event
from bot.domain.request import BOT, CLOUD_BUSY, INSTANCE_BUSY, PLACES_TAKEN, Failure, Request
from bot.errors import CloudBusy, CloudCredentials, CloudError, CloudRefused, CloudUnreachable
from bot.ports import Cloud
from bot.settings import Settings
from bot.steps.ended import failed, issued
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
            end = {"ended_at": now, "ended_by": BOT, "end_reason": "rights-lost"}
            return Change(Event.CANCEL, None, fields=end, details={"reason": "rights-lost"})
        if not request.break_glass:
            valid_reviews = await self.rights.valid_reviews(request)
            if not request_tally(replace(request, reviews=valid_reviews)).complete:
                return Change(Event.REOPEN, now, fields={"approved_at": None, "reviews": valid_reviews})
        return await self._take_place(request, lease)

    async def _take_place(self, request: Request, lease: Lease) -> Change | Sleep:
        """Take a place among those being made at once, if one is left by those who are first in the line."""
        slots, instance_busy = await self.store.occupied(request.image.instance_id)
        if instance_busy:
            return await self._queue(request, INSTANCE_BUSY)
        free = [slot for slot in range(self.settings.images_at_once) if slot not in slots]
        if len(free) <= await self.store.ahead_of(request):
            return await self._queue(request, PLACES_TAKEN)
        fields = {"slot": free[0], "queue_place": None} | self._may_call(request, lease)
        return Change(Event.START, self.clock(), fields=fields)

    async def step(self, request: Request, lease: Lease) -> Change | Sleep:
        """Call, look or watch, as far as the request has come."""
        if request.image_id is not None:
            return await self.watch_steps.step(request, request.image_id)
        if request.caller == lease.token:
            return await self._call(request)
        return await self._look(request, lease)

    async def _call(self, request: Request) -> Change | Sleep:
        """Ask the cloud for the image: the one place that does, at most once for a claim.

        Before any call but the first, look once more: an earlier one may have got through after all.
        """
        if request.calls > 1:
            found = await self._find(request)
            if found is not None:
                return found
        point("before-create")
        try:
            creation = await self.cloud.create_image(self._as_operator_wishes(marked(request)))
        except CloudError as error:
            return await self._not_created(request, error)
        point("after-create")
        ids = {"image_id": creation.image_id, "task_id": creation.task_id}
        return self._issued(ids | {"cloud_request_id": creation.cloud_request_id})

    async def _not_created(self, request: Request, error: CloudError) -> Change | Sleep:
        """Say what follows from an error: only what surely made nothing may be asked for again."""
        if error.code == TASK_EXISTS:
            return await self._adopt_or_wait(request)
        if error.code == QUOTA:
            return await self._queue(request, PLACES_TAKEN, error)
        if isinstance(error, CloudBusy | CloudUnreachable):
            return await self._queue(request, CLOUD_BUSY, error)
        if isinstance(error, CloudRefused | CloudCredentials):
            return failed(Failure(error.code, error.message, error.request_id or ""), self.clock(), error)
        return Change(
            Event.LOOK, self.clock() + LOOK_SECONDS, fields={"caller": None}, details={"error": str(error)}
        )

    async def _adopt_or_wait(self, request: Request) -> Change | Sleep:
        """The instance is being imaged already: by an earlier call of ours, or by somebody else."""
        return await self._find(request) or await self._queue(request, INSTANCE_BUSY)

    async def _find(self, request: Request) -> Change | None:
        """Adopt the image of an earlier call, if one is listed."""
        found = await self.cloud.find_image(request.marker, request.image.image_name)
        if found is None:
            return None
        return self._issued({"image_id": found.image_id, "cloud_request_id": found.cloud_request_id})

    async def _look(self, request: Request, lease: Lease) -> Change | Sleep:
        """Look for the image of a call of unknown outcome; call again only when it surely was not made."""
        found = await self._find(request)
        if found is not None:
            return found
        if self.clock() < (request.called_at or 0.0) + self.settings.lookup_seconds:
            return Sleep(self.clock() + min(LOOK_SECONDS, self.settings.lookup_seconds / 4))
        if request.lost >= MOST_LOST:
            return failed(Failure(SILENT), self.clock())
        again = {"lost": request.lost + 1} | self._may_call(request, lease)
        return Change(Event.RESTART, self.clock(), fields=again)

    async def _queue(self, request: Request, reason: str, error: CloudError | None = None) -> Change | Sleep:
        """Wait in line, and say so when that is news."""
        place = await self.store.ahead_of(request) + 1 if reason == PLACES_TAKEN else None
        wait = (error.retry_after if error else None) or QUEUE_SECONDS
        waits = {"queue_reason": reason, "queue_place": place}
        if (request.queue_reason, request.queue_place) == (reason, place) and request.caller is None:
            return Sleep(self.clock() + wait)
        fields = waits | {"caller": None, "slot": None}
        details = {"reason": reason, "place": place, "error": str(error or "")}
        return Change(Event.QUEUE, self.clock() + wait, fields=fields, details=details)

    def _issued(self, ids: dict[str, str | None]) -> Change:
        return issued(ids, self.clock() + self.settings.watch_seconds)

    def _may_call(self, request: Request, lease: Lease) -> dict[str, object]:
        return {"caller": lease.token, "called_at": self.clock(), "calls": request.calls + 1}

    def _as_operator_wishes(self, image: CreateImage) -> CreateImage:
        """Add the two parameters that are not public, when the operator set them."""
        settings = self.settings
        return image.model_copy(
            update={"biz_type": settings.appstream_biz_type, "product_type": settings.appstream_product_type}
        )
