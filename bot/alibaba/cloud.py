"""`AlibabaCloud`: the core's port to the cloud, on one client and two endpoints."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx

from bot.alibaba import endpoints, images, instances
from bot.alibaba.answers import error
from bot.alibaba.client import Client
from bot.alibaba.credentials import Credentials
from bot.alibaba.errors import UNREADABLE
from bot.domain.image import CreateImage, InstanceType
from bot.ports import CloudImage, Creation, Instance

_MOST_PAGES = 200
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class AlibabaCloud:
    """Implements `bot.ports.Cloud`.

    Args:
        credentials: whom to sign as.
        region, endpoint: of App Streaming; an endpoint overrides the region's.
        ecd_region, ecd_endpoint: of the cloud desktops.
        http: a client of the caller's, which stays theirs to close.
        seconds: the longest that a call may take.

    Raises ValueError for a region or endpoint that cannot be one.
    """

    def __init__(
        self,
        credentials: Credentials,
        region: str = "cn-shanghai",
        endpoint: str | None = None,
        ecd_region: str = "cn-shanghai",
        ecd_endpoint: str | None = None,
        http: httpx.AsyncClient | None = None,
        seconds: float = 30.0,
    ) -> None:
        self._appstream = endpoints.appstream_endpoint(region, endpoint)
        self._ecd = endpoints.ecd_endpoint(ecd_region, ecd_endpoint)
        self._ecd_region = ecd_region
        away = not endpoints.is_loopback(self._appstream)
        self._client = Client(credentials, http, seconds=seconds, proxies=away)

    async def create_image(self, image: CreateImage) -> Creation:
        """Send the request once; an answer without an image id counts as no answer."""
        form, query = images.creation_form(image), images.creation_query(image.tags)
        body = await self._client.call(self._appstream, images.CREATE, form, query)
        made = images.creation(body)
        if made is None:
            raise error(UNREADABLE, "NoImageId", images.CREATE.name, status=200)
        return made

    async def find_image(self, marker: str, image_name: str | None) -> CloudImage | None:
        """Look among the images of that name, then among all: no page says how the name filter matches."""
        for name in (image_name, None) if image_name else (None,):
            async for page in self._pages(name):
                found = [image for image in page if marker in image.description]
                if found:
                    return max(found, key=lambda image: image.created_at or _LONG_AGO)
        return None

    async def image(self, image_id: str) -> CloudImage | None:
        """Ask for one id."""
        body = await self._client.call(self._appstream, images.LIST, images.page_of(1, ImageId=image_id))
        return next((image for image in images.listed(body) if image.image_id == image_id), None)

    async def instance(self, image: CreateImage) -> Instance | None:
        """Ask the service that the instance type belongs to."""
        wanted = image.instance_id
        if image.instance_type is InstanceType.WUYING_SERVER:
            form = instances.workstation_form(wanted)
            body = await self._client.call(self._appstream, instances.LIST_WORKSTATIONS, form)
            return instances.workstation(body, wanted)
        query = instances.desktop_query(wanted, self._ecd_region)
        body = await self._client.call(self._ecd, instances.DESCRIBE_DESKTOPS, {}, query)
        return instances.desktop(body, wanted)

    async def aclose(self) -> None:
        """Close the connections that are ours."""
        await self._client.aclose()

    async def _pages(self, name: str | None) -> AsyncIterator[list[CloudImage]]:
        for number in range(1, _MOST_PAGES + 1):
            form = images.page_of(number, ImageName=name)
            page = images.listed(await self._client.call(self._appstream, images.LIST, form))
            yield page
            if len(page) < images.PAGE_SIZE:
                return
        raise error(UNREADABLE, "TooManyImages", images.LIST.name, status=200)
