"""The regions that images can be copied to, from memory: they change once in a few months."""

import time
from collections.abc import Awaitable, Callable, Collection

import structlog

from bot.alibaba.refreshing import Refreshing
from bot.errors import CloudError, CloudRefused

log = structlog.get_logger(__name__)

FRESH_SECONDS = 6 * 3600.0
RETRY_SECONDS, REFUSED_SECONDS = 60.0, 3600.0
"""How soon to ask again: after no answer, and after a refusal."""


class RegionList:
    """Implements `bot.ports.Regions`.

    Args:
        list_regions: `Cloud.regions`; asked by one task at a time, however many wait.
        also: regions that the operator has named, whatever is listed.
        clock: seconds, for how old the list is.
    """

    def __init__(
        self,
        list_regions: Callable[[], Awaitable[Collection[str]]],
        also: Collection[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._list = list_regions
        self._also = also
        self._listed: frozenset[str] | None = None
        self._refreshing = Refreshing(self._refresh, clock)

    async def listed(self) -> tuple[str, ...] | None:
        """Return all of them in order; None as long as none could be listed."""
        await self._refreshing.ready()
        return None if self._listed is None else tuple(sorted(self._listed.union(self._also)))

    async def aclose(self) -> None:
        """End a listing under way."""
        await self._refreshing.aclose()

    async def _refresh(self) -> float:
        """List them; what is listed already stays while Alibaba Cloud doesn't answer."""
        try:
            listed = frozenset(await self._list())
        except CloudRefused as refused:  # no permission, which a bot that copies no images doesn't need
            log.info("regions_not_listed", error=str(refused))
            return REFUSED_SECONDS
        except CloudError as error:
            log.warning("regions_not_listed", error=str(error))
            return RETRY_SECONDS
        except Exception:  # whatever a listing breaks on must not end the requests that ask
            log.exception("regions_not_listed")
            return RETRY_SECONDS
        self._listed = listed or self._listed
        return FRESH_SECONDS if listed else RETRY_SECONDS
