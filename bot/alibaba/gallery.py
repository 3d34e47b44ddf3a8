"""Looking for images: by ID, many at once, and by the mark of a request."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from datetime import UTC, datetime

from bot.alibaba import images
from bot.alibaba.answers import error
from bot.alibaba.client import Client
from bot.alibaba.errors import UNREADABLE
from bot.ports import CloudImage

USER = {"ImageType": "User"}
_BEING_MADE = ("CREATING", "INIT")
_MOST_PAGES = 100
_MOST_PAGES_OF_OTHERS = 20
"""Images of other types belong to the cloud and other tenants, too, and have no end; ours are of the type
User.
"""
_AT_ONCE = 5
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Gallery:
    """ListImage of one endpoint. `filters` are the operator's BizType and ProductType, which narrow it."""

    def __init__(self, client: Client, endpoint: str, filters: Mapping[str, str]) -> None:
        self._client = client
        self._endpoint = endpoint
        self._filters = dict(filters)

    async def find(self, mark: str) -> tuple[CloudImage, ...]:
        """Return all images that carry the mark, newest first.

        The listing is searched by tag, then by description: with the operator's filters, without them, and
        finally among images of every type. The first search that finds any decides.
        """
        scopes = ([USER | self._filters] if self._filters else []) + [USER, {}]
        for scope in scopes:
            most = _MOST_PAGES if scope else _MOST_PAGES_OF_OTHERS
            for query in (images.mark_query(mark), {}):
                found = [
                    image
                    async for page in self._pages(scope, query, most)
                    for image in page
                    if images.carries(image, mark)
                ]
                if found:
                    return tuple(sorted(found, key=lambda image: image.created_at or _LONG_AGO, reverse=True))
        return ()

    async def one(self, image_id: str) -> CloudImage | None:
        """Return the image of that ID, None when it isn't listed."""
        form = images.page_of(1, ImageId=image_id)
        listed = images.listed(await self._client.call(self._endpoint, images.LIST, form))
        return next((image for image in listed if image.image_id == image_id), None)

    async def many(self, image_ids: Collection[str]) -> dict[str, CloudImage]:
        """Return those that are listed: those in progress by their status, all together; the others by ID."""
        wanted, found = set(image_ids), dict[str, CloudImage]()
        for status in _BEING_MADE:
            if len(wanted) < 2:
                break
            most = -(-len(wanted) // images.PAGE_SIZE)
            async for page in self._pages(USER | {"Status": status}, {}, most, strict=False):
                found |= {image.image_id: image for image in page if image.image_id in wanted}
            wanted -= found.keys()
        turns = asyncio.Semaphore(_AT_ONCE)

        async def ask(image_id: str) -> CloudImage | None:
            """Ask for one, when it's its turn."""
            async with turns:
                return await self.one(image_id)

        rest = await asyncio.gather(*map(ask, sorted(wanted)))
        return found | {image.image_id: image for image in rest if image is not None}

    async def _pages(
        self, scope: Mapping[str, str], query: Mapping[str, str], most: int, *, strict: bool = True
    ) -> AsyncIterator[list[CloudImage]]:
        """Yield up to `most` pages; when our own type has more than that, raise: the question stays open."""
        for number in range(1, most + 1):
            form = images.page_of(number, **scope)
            page = images.listed(await self._client.call(self._endpoint, images.LIST, form, query))
            yield page
            if len(page) < images.PAGE_SIZE:
                return
        if strict and scope:
            raise error(UNREADABLE, "TooManyImages", images.LIST.name, status=200)
