"""An image is watched until it's done, and for another day if that takes too long."""

from dataclasses import replace

from bot.allowlist.authorizer import Authorizer
from bot.domain.actions import RETRY_WITHIN
from bot.domain.changes import Change, Sleep
from bot.domain.lifecycle import Event
from bot.domain.progress import advanced
from bot.domain.request import CREATE_FAILED, TIMED_OUT, End, Failure, Request
from bot.errors import CloudError
from bot.ports import Cloud, CloudImage, ImageStatus
from bot.settings import Settings
from bot.steps.asking import asked
from bot.steps.ended import LATE_SEARCH_SECONDS, failed, stalled
from bot.steps.mark import the_one
from bot.steps.watched_images import WatchedImages
from bot.store.requests import Store

LATE_LOOK_SECONDS = 60.0
LONGEST_WATCH = 30.0
MOST_WATCHES = 20
"""How many looks are counted: by then the interval has stopped growing."""


class WatchSteps:
    """The steps of a request whose image has an ID, and of one whose image may still appear."""

    def __init__(self, store: Store, cloud: Cloud, rights: Authorizer, settings: Settings) -> None:
        self.cloud = cloud
        self.rights = rights
        self.settings = settings
        self.clock = store.clock
        self.images = WatchedImages(cloud, store.clock, settings.watch_seconds / 2)

    async def step(self, request: Request, image_id: str) -> Change:
        """Look at an unfinished image; errors while looking decide nothing, only the time limit does."""
        seen = await self.images.get(image_id)
        error, image = (seen, None) if isinstance(seen, CloudError) else (None, seen)
        now = self.clock()
        if image is not None and image.status is ImageStatus.AVAILABLE:
            return self._over(image_id, self._available(request, Event.FINISH, image))
        if image is not None and image.status is ImageStatus.CREATE_FAILED:
            failure = Failure(CREATE_FAILED, "", image.cloud_request_id or "")
            return self._over(image_id, failed(request, failure, now))
        if now >= (request.attempt.called_at or 0.0) + self.settings.image_timeout:
            timed_out = failed(request, Failure(TIMED_OUT), now, error, due=now + LATE_LOOK_SECONDS)
            return self._over(image_id, timed_out)
        return self._watched(request, image, error)

    def _over(self, image_id: str, end: Change) -> Change:
        """Stop watching an image."""
        self.images.over(image_id)
        return end

    def _watched(self, request: Request, image: CloudImage | None, error: CloudError | None) -> Change:
        """Look again after a while, a longer one each time; announce once that the cloud won't say."""
        attempt, first = request.attempt, self.settings.watch_seconds
        due = next_round(self.clock(), min(first * 2.0**attempt.watches, max(LONGEST_WATCH, first)))
        watches = min(attempt.watches + 1, MOST_WATCHES)
        if error is not None:
            again = request.trying(replace(attempt, watches=watches))
            told = stalled(again, error, due, self.rights.allowlist().admin_channel)
            return told or Change(Event.WATCH, again, due)
        progress = None if image is None else image.progress
        attempt = replace(advanced(attempt, progress, self.clock()), watches=watches, trouble="")
        return Change(Event.WATCH, request.trying(attempt), due)

    def _available(self, request: Request, event: Event, image: CloudImage) -> Change:
        """Say that the image is there, and to which regions it's still on its way."""
        attempt = replace(request.attempt, progress=100, stuck=False)
        done = request.trying(attempt).over(End(self.clock()))
        under_way = (region.region_id for region in image.regions if region.is_under_way)
        regions = tuple(dict.fromkeys((*request.regions, *under_way)))
        return Change(event, done, None, details={"image_id": attempt.image_id, "regions": regions})

    async def late(self, request: Request) -> Change | Sleep:
        """Keep watching, while a retry is possible, an image that took too long."""
        awaited, end = request.attempt.awaited, request.end
        closes = (end.at if end is not None else 0.0) + RETRY_WITHIN
        if self.clock() >= closes:
            return Change(Event.LAPSE, request, None)
        if awaited is None and not request.attempt.in_doubt:
            return Sleep(closes)
        image = await self._late_image(request)
        if image is not None and image.status is ImageStatus.AVAILABLE:
            found = replace(request.attempt, image_id=image.image_id)
            return self._available(request.trying(found), Event.APPEAR, image)
        is_over = image is not None and image.status is ImageStatus.CREATE_FAILED
        wait = LATE_LOOK_SECONDS if awaited is not None else LATE_SEARCH_SECONDS
        return Sleep(closes if is_over else min(closes, self.clock() + wait))

    async def _late_image(self, request: Request) -> CloudImage | None:
        """Return the image that may still appear: by its ID, or by the mark of calls with unknown outcome."""
        attempt, image = request.attempt, None
        if attempt.awaited is not None:
            seen = await asked(self.cloud.image(attempt.awaited), request.id)
            image = seen if isinstance(seen, CloudImage) else None
        if not attempt.in_doubt or (image is not None and image.status is not ImageStatus.CREATE_FAILED):
            return image
        found = await asked(self.cloud.find_images(request.marker), request.id)
        listed = () if isinstance(found, CloudError) else found
        return the_one(listed, request, self.settings.appstream_product_type)


def next_round(now: float, interval: float) -> float:
    """Return the next moment, at most one interval ahead, at which all images with that interval are
    looked at.
    """
    return (now // interval + 1) * interval
