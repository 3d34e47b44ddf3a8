"""Images a minute while requests stand in line for five slots at the cloud, beside slots that are never
empty.

An image takes two seconds and is looked at when it is done, so that what a slot loses between two images is
the bot's: writing the end, finding the next in line, claiming it and calling. Nothing is posted.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import AsyncExitStack
from statistics import mean
from typing import Any

from benchmarks.database import Case, approved, fill, house, working
from benchmarks.table import Goal, Row
from bot.domain.image import CreateImage
from bot.ports import CloudImage, Creation, ImageStatus
from tests.databases import postgres
from tests.house import House
from tests.ports import FakeCloud

SLOTS = 5
IMAGE_SECONDS = 2.0
IDEAL = SLOTS * 60 / IMAGE_SECONDS
SIZES = (100, 1_000, 10_000)
QUICK_SIZES = (100, 5_000)
SETTINGS: dict[str, Any] = {"clock": time.time, "images_at_once": SLOTS, "watch_seconds": IMAGE_SECONDS}


class SlowCloud(FakeCloud):
    """Makes an image in two seconds; `begun` has when each was asked for, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: dict[str, float] = {}

    async def create_image(self, image: CreateImage) -> Creation:
        """Begin one."""
        creation = await super().create_image(image)
        self.begun[creation.image_id] = time.monotonic()
        return creation

    async def images_by_id(self, image_ids: Collection[str]) -> dict[str, CloudImage]:
        """Look at many."""
        late = time.monotonic() - IMAGE_SECONDS
        done = {each for each in image_ids if self.begun[each] <= late}
        return {
            each: CloudImage(each, "", ImageStatus.AVAILABLE if each in done else ImageStatus.CREATING)
            for each in image_ids
        }


def run(*, quick: bool = False) -> list[Row]:
    """Return the rows, one a database; the quick run takes SQLite alone."""
    if quick:
        return [_row("SQLite", QUICK_SIZES, asyncio.run(_rates([(None, size) for size in QUICK_SIZES], 5.5)))]
    with postgres(durable=True) as server:
        urls: dict[str, Callable[[], str | None]] = {"SQLite": lambda: None, "PostgreSQL": server.empty}
        return [
            _row(name, SIZES, asyncio.run(_rates([(url(), size) for size in SIZES], 15.0)))
            for name, url in urls.items()
        ]


def _row(database: str, sizes: tuple[int, ...], rates: Sequence[float]) -> Row:
    return Row(
        name=f"approved in line, {SLOTS} slots, images of {IMAGE_SECONDS:g} s, {database}",
        sizes=sizes,
        ours=tuple(rates),
        unit="a minute",
        reference_name="slots never empty",
        reference=(IDEAL,) * len(sizes),
        goal=Goal(text="≥ 90 %", measured=rates[-1] / IDEAL, least=0.9),
        why="between two images of a slot are some fourteen transactions with 12 ms of CPU, and five slots "
        "come together; no statement grows with the line.",
    )


async def _rates(cases: Sequence[Case], seconds: float) -> list[float]:
    """Return the images a minute of each case, all at the same time; their images are done at different
    moments.
    """
    async with AsyncExitStack() as stack:
        houses = []
        for url, size in cases:
            houses.append(await stack.enter_async_context(house(url, **SETTINGS)))
            await fill(houses[-1], size, approved)
        starts = [IMAGE_SECONDS / len(houses) * number for number in range(len(houses))]
        return await asyncio.gather(
            *(_rate(made, start, seconds) for made, start in zip(houses, starts, strict=True))
        )


async def _rate(made: House, start: float, seconds: float) -> float:
    """Return images a minute, by the mean time from a slot's image to its next; its first doesn't count."""
    await asyncio.sleep(start)
    made.on(cloud := SlowCloud(), made.notifier)
    async with working(made):
        await asyncio.sleep(seconds)
    begun = list(cloud.begun.values())[SLOTS:]
    turns = [later - earlier for earlier, later in zip(begun, begun[SLOTS:], strict=False)]
    return SLOTS * 60 / mean(turns)
