"""An image that is being made is looked at until it is done, and for a day longer if that takes too long."""

from dataclasses import replace

import structlog

from bot.domain.changes import Change, Sleep
from bot.domain.lifecycle import Event
from bot.domain.request import End, Failure, Request
from bot.errors import CloudError
from bot.ports import Cloud, CloudImage, ImageStatus
from bot.settings import Settings
from bot.steps.ended import failed
from bot.store.requests import Store

log = structlog.get_logger(__name__)

LATE_LOOK_SECONDS = 60.0
LATE_FOR = 24 * 3600.0
"""How long an image that was given up on is still watched."""
LONGEST_WATCH = 30.0
MOST_WATCHES = 20
"""Looks that are counted: after so many the interval has long stopped growing."""

CREATE_FAILED, TIMED_OUT = "image-create-failed", "timed-out"


class WatchSteps:
    """The steps of a request whose image has an id."""

    def __init__(self, store: Store, cloud: Cloud, settings: Settings) -> None:
        self.cloud = cloud
        self.settings = settings
        self.clock = store.clock

    async def step(self, request: Request, image_id: str) -> Change:
        """Look at an image that is being made; errors while looking decide nothing."""
        try:
            image = await self.cloud.image(image_id)
        except CloudError as error:
            log.warning("look_failed", request=request.id, error=str(error))
            return self._watched(request, None)
        now = self.clock()
        if image is not None and image.status is ImageStatus.AVAILABLE:
            return self._available(request, Event.FINISH)
        if image is not None and image.status is ImageStatus.CREATE_FAILED:
            return failed(request, Failure(CREATE_FAILED, "", image.cloud_request_id or ""), now)
        if now >= (request.attempt.called_at or 0.0) + self.settings.image_timeout:
            return failed(request, Failure(TIMED_OUT), now, due=now + LATE_LOOK_SECONDS)
        return self._watched(request, image)

    def _watched(self, request: Request, image: CloudImage | None) -> Change:
        attempt, first = request.attempt, self.settings.watch_seconds
        progress = image.progress if image is not None and image.progress is not None else attempt.progress
        wait = min(first * 1.5**attempt.watches, max(LONGEST_WATCH, first))
        attempt = replace(attempt, progress=progress, watches=min(attempt.watches + 1, MOST_WATCHES))
        return Change(Event.WATCH, request.trying(attempt), self.clock() + wait)

    def _available(self, request: Request, event: Event) -> Change:
        """The image is there."""
        attempt = replace(request.attempt, progress=100)
        done = request.trying(attempt).over(End(self.clock()))
        return Change(event, done, None, details={"image_id": attempt.image_id})

    async def late(self, request: Request) -> Change | Sleep:
        """Keep an eye, for a day, on an image that was reported as failed because it took too long."""
        failure, image_id, end = request.attempt.failure, request.attempt.image_id, request.end
        given_up = failure is not None and failure.code == TIMED_OUT
        if not given_up or image_id is None or end is None or self.clock() > end.at + LATE_FOR:
            return Sleep(None)
        image = await self.cloud.image(image_id)
        if image is not None and image.status is ImageStatus.AVAILABLE:
            return self._available(request, Event.APPEAR)
        is_over = image is not None and image.status is ImageStatus.CREATE_FAILED
        return Sleep(None if is_over else self.clock() + LATE_LOOK_SECONDS)
