"""`AlibabaCloud`: the core's port to the cloud, on one client and the endpoints of three services."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Self

import httpx

from bot.alibaba import account, endpoints, images
from bot.alibaba.answers import error
from bot.alibaba.client import Called, Client
from bot.alibaba.credentials import Credentials
from bot.alibaba.errors import UNREADABLE
from bot.alibaba.gallery import Gallery
from bot.alibaba.machines import Machines
from bot.alibaba.probes import Probe, probes
from bot.domain.image import CreateImage
from bot.errors import CloudRefused
from bot.ports import Caller, CloudImage, Creation, Instance, InstanceListing
from bot.settings import Settings


class AlibabaCloud:
    """Implements `bot.ports.Cloud`.

    Args:
        credentials: whom to sign as.
        region, endpoint: of App Streaming; an endpoint overrides the region's.
        ecd_regions: where cloud desktops are looked for.
        ecd_endpoint: overrides the endpoints of all of them.
        filters: the operator's BizType and ProductType, for looking for images.
        extras: what the operator has sent with CreateImageByInstance besides.
        stopped_mode: StoppedMode of StopDesktops; the cloud's default when left out.
        http: a client of the caller's, which the caller closes.
        seconds: the longest that a call may take.
        pause: how to wait between the attempts of a call that reads.
        called: called after every attempt at a call with its operation, its code, the cloud's ID for it.

    Raises ValueError for a region or endpoint that cannot be one.
    """

    def __init__(
        self,
        credentials: Credentials,
        region: str = "cn-shanghai",
        endpoint: str | None = None,
        ecd_regions: Sequence[str] = ("cn-shanghai",),
        ecd_endpoint: str | None = None,
        *,
        filters: Mapping[str, str] | None = None,
        extras: Mapping[str, str] | None = None,
        stopped_mode: str | None = None,
        http: httpx.AsyncClient | None = None,
        seconds: float = 30.0,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
        called: Called = lambda *_: None,
    ) -> None:
        self._appstream = endpoints.appstream_endpoint(region, endpoint)
        self._ecd = {name: endpoints.ecd_endpoint(name, ecd_endpoint) for name in ecd_regions}
        self._sts = endpoints.sts_endpoint(region, self._appstream)
        self._client = Client(credentials, http, seconds=seconds, pause=pause, called=called)
        self._filters = filters or {}
        self._gallery = Gallery(self._client, self._appstream, filters or {})
        self._extras = dict(extras or {})
        self._machines = Machines(self._client, self._appstream, self._ecd, stopped_mode)

    @classmethod
    def from_settings(
        cls,
        settings: Settings,
        credentials: Credentials,
        *,
        seconds: float = 30.0,
        called: Called = lambda *_: None,
    ) -> Self:
        """Make the cloud that the operator's settings name."""
        return cls(
            credentials,
            settings.appstream_region,
            settings.appstream_endpoint,
            settings.ecd_region,
            settings.ecd_endpoint,
            filters=settings.image_filters,
            extras=settings.image_extras,
            stopped_mode=settings.ecd_stopped_mode,
            seconds=seconds,
            called=called,
        )

    @property
    def desktop_regions(self) -> tuple[str, ...]:
        """The regions of the settings."""
        return tuple(self._ecd)

    async def create_image(self, image: CreateImage) -> Creation:
        """Send the request once; an answer without an image ID counts as no answer."""
        form, query = images.creation_form(image) | self._extras, images.creation_query(image.tags)
        body = await self._client.call(self._appstream, images.CREATE, form, query)
        made = images.creation(body)
        if made is None:
            raise error(UNREADABLE, "NoImageId", images.CREATE.name, status=200)
        return made

    async def find_images(self, mark: str) -> tuple[CloudImage, ...]:
        """Look by tag and by description, among User images first."""
        return await self._gallery.find(mark)

    async def image(self, image_id: str) -> CloudImage | None:
        """Ask for one ID."""
        return await self._gallery.one(image_id)

    async def images_by_id(self, image_ids: Collection[str]) -> dict[str, CloudImage]:
        """Ask for those in progress by their status, for the others one by one."""
        return await self._gallery.many(image_ids)

    async def distribute_image(self, image_id: str, regions: Collection[str]) -> str | None:
        """Send the request once."""
        form = images.distribution_form(image_id, regions)
        return images.task_id(await self._client.call(self._appstream, images.DISTRIBUTE, form))

    async def instance(self, image: CreateImage, within: float | None = None) -> Instance | None:
        """Ask the service of the instance type, in all its regions."""
        return await self._machines.one(image.instance_id, image.instance_type, within)

    async def instances(self) -> InstanceListing:
        """Ask both services for all pages."""
        return await self._machines.all()

    async def stop_instance(self, instance: Instance) -> None:
        """Send the request once, without force."""
        await self._machines.stop(instance)

    async def start_instance(self, instance: Instance) -> None:
        """Send the request once."""
        await self._machines.start(instance)

    async def regions(self) -> tuple[str, ...]:
        """Ask App Streaming, or without permission the desktop service, which has the same regions."""
        try:
            body = await self._client.call(self._appstream, account.LIST_REGIONS, {})
        except CloudRefused:
            region, endpoint = next(iter(self._ecd.items()))
            query = {"RegionId": region}
            body = await self._client.call(endpoint, account.DESCRIBE_REGIONS, {}, query)
        return account.region_ids(body)

    async def caller(self) -> Caller:
        """Ask STS."""
        return account.caller(await self._client.call(self._sts, account.CALLER, {}))

    async def probe(self) -> tuple[Probe, ...]:
        """Ask each service for one row, which changes nothing: the answers show what the key may do."""
        asked = probes(self._appstream, self._ecd, self._filters)
        return tuple(await asyncio.gather(*(each.asked(self._client) for each in asked)))

    async def server_time(self) -> datetime | None:
        """Return the time by App Streaming's clock; None when it can't be reached."""
        return await self._client.server_time(self._appstream)

    async def aclose(self) -> None:
        """Close the connections that are ours."""
        await self._client.aclose()
