"""An available image is copied to the requested regions; each copy is announced when it ends.

    available --DISTRIBUTE--> (call) … --> DISTRIBUTED | DISTRIBUTION_FAIL, for each region

StartTaskForDistributeImage has no client token either: the lease that claimed the call may make it, once, and
the image's regions are looked at before every claim.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.allowlist.authorizer import Authorizer
from bot.crash_points import point
from bot.domain.changes import Change, Sleep
from bot.domain.distribution import Copy, CopyStatus, Distribution
from bot.domain.lifecycle import Event
from bot.domain.request import (
    COPY_FAILED,
    COPY_RIGHTS_LOST,
    COPY_SILENT,
    COPY_TIMED_OUT,
    Failure,
    Request,
)
from bot.errors import CloudError, CloudUnknown
from bot.ports import Cloud, CloudImage, ImageRegion, ImageStatus
from bot.settings import Settings
from bot.steps.asking import asked
from bot.steps.ended import QUEUE_SECONDS, is_final, refused, told_of
from bot.store.leases import Lease
from bot.store.requests import Store

LONGEST_WATCH = 30.0
MOST_CALLS = 10
"""Calls with no known result before people are told."""


class DistributeSteps:
    """The steps of a request whose image is available and is copied to more regions."""

    def __init__(self, store: Store, cloud: Cloud, rights: Authorizer, settings: Settings) -> None:
        self.cloud = cloud
        self.rights = rights
        self.settings = settings
        self.clock = store.clock

    async def step(self, request: Request, lease: Lease) -> Change | Sleep:
        """Begin, call or look; `Sleep(None)`: there's nothing to copy, or every copy has ended."""
        distribution, image_id, now = request.attempt.distribution, request.attempt.image_id, self.clock()
        if not request.distributes or image_id is None:
            return Sleep(None)
        if distribution is None:
            begun = Distribution(now, tuple(map(Copy, request.regions)))
            return _changed(Event.DISTRIBUTE, request, begun, now, {"regions": request.regions})
        if distribution.caller == lease.token:
            return await self._call(request, distribution, image_id)
        if now >= distribution.since + self.settings.image_timeout:
            return self._failed(request, distribution, _ids(distribution.under_way), Failure(COPY_TIMED_OUT))
        if now < distribution.due:
            return Sleep(distribution.due)
        image = await asked(self.cloud.image(image_id), request.id)
        if not isinstance(image, CloudImage):
            return Sleep(now + LONGEST_WATCH)
        listed = {region.region_id: region for region in image.regions}
        return self._at_its_end(request, distribution, listed) or await self._go_on(
            request, distribution, listed, lease
        )

    def _at_its_end(
        self, request: Request, distribution: Distribution, listed: Mapping[str, ImageRegion]
    ) -> Change | None:
        """Announce the first copy that has arrived or failed."""
        for copy in distribution.under_way:
            region = listed.get(copy.region_id)
            if region is not None and region.status is ImageStatus.AVAILABLE:
                there = distribution.ended((copy.region_id,), CopyStatus.AVAILABLE)
                told = {"regions": (copy.region_id,)}
                return _changed(Event.DISTRIBUTED, request, there, self.clock(), told)
            if region is not None and region.status is ImageStatus.CREATE_FAILED:
                return self._failed(request, distribution, (copy.region_id,), Failure(COPY_FAILED))
        return None

    async def _go_on(
        self, request: Request, distribution: Distribution, listed: Mapping[str, ImageRegion], lease: Lease
    ) -> Change | Sleep:
        """Request the copies that aren't listed, if they were never requested or surely not begun; else
        wait.
        """
        now, asked_at = self.clock(), distribution.asked_at
        missing = tuple(id_ for id_ in _ids(distribution.under_way) if id_ not in listed)
        if missing and (asked_at is None or now >= asked_at + self.settings.lookup_seconds):
            return await self._claim(request, distribution, missing, lease)
        copies = tuple(_progressed(copy, listed.get(copy.region_id)) for copy in distribution.copies)
        first = self.settings.watch_seconds
        due = now + min(max(first, (now - distribution.since) / 10), max(first, LONGEST_WATCH))
        if copies == distribution.copies:
            return Sleep(due)
        return _changed(Event.WATCH, request, replace(distribution, copies=copies, due=due), due)

    async def _claim(
        self, request: Request, distribution: Distribution, missing: tuple[str, ...], lease: Lease
    ) -> Change:
        """Claim the call, with the requester's permissions as they are now."""
        if not await self.rights.may_still_create(request):
            return self._failed(request, distribution, missing, Failure(COPY_RIGHTS_LOST))
        if distribution.calls >= MOST_CALLS:
            return self._failed(request, distribution, missing, Failure(COPY_SILENT))
        now = self.clock()
        claimed = replace(
            distribution, caller=lease.token, asking=missing, asked_at=now, calls=distribution.calls + 1
        )
        return _changed(Event.WATCH, request, claimed, now)

    async def _call(self, request: Request, distribution: Distribution, image_id: str) -> Change:
        """Call StartTaskForDistributeImage: the only place that does, at most once per claim."""
        point("before-distribute")
        try:
            await self.cloud.distribute_image(image_id, distribution.asking)
        except CloudError as error:
            return self._not_begun(request, distribution, error)
        point("after-distribute")
        return self._later(request, distribution, self.settings.watch_seconds)

    def _not_begun(self, request: Request, distribution: Distribution, error: CloudError) -> Change:
        """Return what follows from an error: only a call that surely began nothing may be repeated without
        waiting for the listing.
        """
        if is_final(error):
            return self._failed(request, distribution, distribution.asking, refused(error))
        if isinstance(error, CloudUnknown):
            return self._later(request, distribution, self.settings.watch_seconds)
        nothing = replace(distribution, asked_at=None, calls=distribution.calls - 1)
        return self._later(request, nothing, error.retry_after or QUEUE_SECONDS)

    def _later(self, request: Request, distribution: Distribution, seconds: float) -> Change:
        due = self.clock() + seconds
        return _changed(Event.WATCH, request, replace(distribution, caller=None, due=due), due)

    def _failed(
        self, request: Request, distribution: Distribution, region_ids: tuple[str, ...], failure: Failure
    ) -> Change:
        """Announce that an image won't be copied to these regions, and what to do."""
        details = {"regions": region_ids, **told_of(failure)}
        ended = distribution.ended(region_ids, CopyStatus.FAILED)
        return _changed(Event.DISTRIBUTION_FAIL, request, ended, self.clock(), details)


def _changed(
    event: Event,
    request: Request,
    distribution: Distribution,
    due: float,
    details: Mapping[str, object] | None = None,
) -> Change:
    after = request.trying(replace(request.attempt, distribution=distribution))
    return Change(event, after, due, details=details or {})


def _ids(copies: tuple[Copy, ...]) -> tuple[str, ...]:
    return tuple(copy.region_id for copy in copies)


def _progressed(copy: Copy, region: ImageRegion | None) -> Copy:
    if region is None or copy.status is not CopyStatus.UNDER_WAY:
        return copy
    return replace(copy, progress=copy.progress if region.progress is None else region.progress)
