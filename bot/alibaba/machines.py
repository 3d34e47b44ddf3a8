"""Workstations and cloud desktops over the wire: one, all, stopped and started."""

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from typing import TypeVar

from bot.alibaba import instances
from bot.alibaba.answers import Body, error
from bot.alibaba.client import Client, Operation
from bot.alibaba.errors import KNOWN
from bot.domain.image import InstanceType
from bot.errors import CloudError, CloudRefused
from bot.ports import Instance, InstanceListing

Answer = TypeVar("Answer")
WORKSTATIONS = "workstations"
_MOST_PAGES = 500
_AT_ONCE = 4


class Machines:
    """Implements the part of `bot.ports.Cloud` that is about instances.

    Args:
        appstream: endpoint of the workstations, which are central.
        ecd: endpoint of each region's desktops.
        stopped_mode: StoppedMode of StopDesktops; the cloud's own default when left out.
    """

    def __init__(
        self, client: Client, appstream: str, ecd: dict[str, str], stopped_mode: str | None = None
    ) -> None:
        self._client = client
        self._appstream = appstream
        self._ecd = ecd
        self._stopped_mode = stopped_mode

    async def one(self, instance_id: str, kind: InstanceType, within: float | None) -> Instance | None:
        """Return the instance; None when every place where it could be has answered that it isn't there."""
        if kind is InstanceType.WUYING_SERVER:
            return await self._workstation(instance_id, within)
        asked = await _settled(self._desktop(instance_id, region, within) for region in self._ecd)
        found = next((answer for answer in asked if isinstance(answer, Instance)), None)
        failed = next((answer for answer in asked if isinstance(answer, CloudError)), None)
        if found is None and failed is not None:
            raise failed
        return found

    async def all(self) -> InstanceListing:
        """Return every page of every place; a place that doesn't answer doesn't hide the others."""
        names = [WORKSTATIONS, *self._ecd]
        answers = await _settled([self._workstations(), *map(self._desktops, self._ecd)])
        both = list(zip(names, answers, strict=True))
        return InstanceListing(
            {name: rows for name, rows in both if isinstance(rows, tuple)},
            {name: rows.code for name, rows in both if isinstance(rows, CloudError)},
        )

    async def stop(self, instance: Instance) -> None:
        """Shut it down, not by force."""
        await self._power(instance, stop=True)

    async def start(self, instance: Instance) -> None:
        """Start it."""
        await self._power(instance, stop=False)

    async def _power(self, instance: Instance, *, stop: bool) -> None:
        if instance.instance_type is InstanceType.WUYING_SERVER:
            operation = instances.STOP_WORKSTATION if stop else instances.START_WORKSTATION
            form = instances.power_form(instance.instance_id, stop=stop)
            await self._client.call(self._appstream, operation, form)
            return
        operation = instances.STOP_DESKTOPS if stop else instances.START_DESKTOPS
        mode = self._stopped_mode if stop else None
        query = instances.power_query(instance.instance_id, instance.region, mode)
        if instance.region not in self._ecd:  # the settings have changed since it was looked at
            raise error(KNOWN["InvalidRegionId"], "InvalidRegionId", operation.name, message=instance.region)
        await self._client.call(self._ecd[instance.region], operation, {}, query)

    async def _workstation(self, instance_id: str, within: float | None) -> Instance | None:
        """Ask by the list of IDs, then by name or ID: not every workstation's ID has the shape `ws-…`."""
        try:
            form = instances.workstation_form(instance_id)
            body = await self._workstation_rows(form, within)
        except CloudRefused as refused:
            if refused.explanation != "cloud-parameter":
                raise
            body = {}
        found = _of(instance_id, instances.workstations(body))
        if found is not None:
            return found
        form = instances.workstation_form_by_name_or_id(instance_id)
        return _of(instance_id, instances.workstations(await self._workstation_rows(form, within)))

    async def _workstation_rows(self, form: dict[str, str], within: float | None) -> Body:
        return await self._ask(self._appstream, instances.LIST_WORKSTATIONS, form, {}, within)

    async def _desktop(self, instance_id: str, region: str, within: float | None) -> Instance | None:
        query = instances.desktop_query(instance_id, region)
        body = await self._ask(self._ecd[region], instances.DESCRIBE_DESKTOPS, {}, query, within)
        return _of(instance_id, instances.desktops(body, region))

    async def _workstations(self) -> tuple[Instance, ...]:
        """Read the first page, which says how many there are, then the others, a few at a time."""
        turns = asyncio.Semaphore(_AT_ONCE)

        async def page(number: int) -> Body:
            async with turns:
                form = instances.workstations_form(number)
                return await self._workstation_rows(form, None)

        first = await page(1)
        total = first.get("TotalCount")
        pages = -(-total // instances.PAGE_SIZE) if isinstance(total, int) else 1
        rest = await asyncio.gather(*map(page, range(2, min(pages, _MOST_PAGES) + 1)))
        return tuple(row for body in (first, *rest) for row in instances.workstations(body))

    async def _desktops(self, region: str) -> tuple[Instance, ...]:
        found, token = list[Instance](), ""
        for _ in range(_MOST_PAGES):
            query = instances.desktops_query(region, token)
            body = await self._ask(self._ecd[region], instances.DESCRIBE_DESKTOPS, {}, query, None)
            found += instances.desktops(body, region)
            token, before = str(body.get("NextToken") or ""), token
            if not token or token == before:
                break
        return tuple(found)

    async def _ask(
        self,
        endpoint: str,
        operation: Operation,
        form: dict[str, str],
        query: dict[str, str],
        within: float | None,
    ) -> Body:
        if within is None:
            return await self._client.call(endpoint, operation, form, query)
        return await self._client.look(endpoint, operation, form, query, within=within)


def _of(instance_id: str, found: Sequence[Instance]) -> Instance | None:
    return next((instance for instance in found if instance.instance_id == instance_id), None)


async def _settled(asked: Iterable[Awaitable[Answer]]) -> list[Answer | CloudError]:
    """Return each result: a value, or an error of the cloud's."""
    return await asyncio.gather(*map(_outcome, asked))


async def _outcome(asked: Awaitable[Answer]) -> Answer | CloudError:
    try:
        return await asked
    except CloudError as failed:
        return failed
