"""Images that are available at the same moment, until their threads are told, beside one post a second.

Slack takes one post a second to a channel (chat.postMessage, Rate limits), so this takes as many seconds as
there are images. All sizes and databases wait for theirs at the same time; each begins some seconds after the
one before, for the ends themselves take a process's CPU.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from statistics import median
from typing import Any

from sqlalchemy import update

from benchmarks.database import Case, house, working
from benchmarks.table import Goal, Row
from bot.domain.lifecycle import Event, Status
from bot.domain.message import Kind, Message
from bot.domain.request import Request
from bot.ports import ImageStatus, Posted
from bot.store.engine import transaction
from bot.store.message_queue import SECONDS_BETWEEN_POSTS
from bot.store.tables import rate_limits, requests
from tests.databases import postgres
from tests.house import House
from tests.ports import FakeNotifier

SIZES = (10, 25, 50)
QUICK_SIZES = (4, 8)
PATIENCE = 3.0
"""Seconds for each image, after which nobody waits for it."""
APART = 4.0
"""Seconds between the beginnings."""
SETTINGS: dict[str, Any] = {"clock": time.time, "images_at_once": 100, "watch_seconds": 3600.0}
Times = list[float]


class TimedNotifier(FakeNotifier):
    """Notes when each thread was told of its image, and when so many were."""

    def __init__(self, images: int) -> None:
        super().__init__()
        self.images = images
        self.told_at: Times = []
        self.all_told = asyncio.Event()

    async def deliver(self, message: Message, request: Request | None, now: float, others: int = 0) -> Posted:
        """Post or edit."""
        posted = await super().deliver(message, request, now, others)
        if message.kind is Kind.ENTRY and message.last.event == Event.FINISH:
            self.told_at.append(time.monotonic())
            if len(self.told_at) == self.images:
                self.all_told.set()
        return posted


def run(*, quick: bool = False) -> list[Row]:
    """Return the rows, two for each database; the quick run takes SQLite and a few images."""
    if quick:
        return _rows("SQLite", QUICK_SIZES, asyncio.run(_together([(None, size) for size in QUICK_SIZES])))
    with postgres(durable=True) as server:
        cases: list[Case] = [(url, size) for size in SIZES for url in (None, server.empty())]
        times = asyncio.run(_together(cases))
    return [*_rows("SQLite", SIZES, times[::2]), *_rows("PostgreSQL", SIZES, times[1::2])]


def _rows(database: str, sizes: tuple[int, ...], times: Sequence[Times]) -> list[Row]:
    ideal = [[number * SECONDS_BETWEEN_POSTS for number in range(size)] for size in sizes]
    return [
        Row(
            name=f"images available at once in one channel, until {who} is told, {database}",
            sizes=sizes,
            ours=tuple(map(of, times)),
            reference_name="one post a second",
            reference=tuple(map(of, ideal)),
            goal=Goal(text=f"≤ {most * sizes[-1]:g} s", measured=of(times[-1]), most=most * sizes[-1]),
            why="Slack's one post a second, ends before everything else; the rest is one look at all images "
            "and writing down their ends, some 10 ms of CPU each.",
        )
        for who, of, most in (("the median", median, 0.6), ("the last", max, 1.1))
    ]


async def _together(cases: Sequence[Case]) -> list[Times]:
    """Measure all cases, the last of which takes longest and begins first."""
    async with AsyncExitStack() as stack:
        houses = []
        for url, size in cases:
            houses.append(await stack.enter_async_context(house(url, **SETTINGS)))
            await _being_made(houses[-1], size)
        starts = (APART * number for number in reversed(range(len(houses))))
        return await asyncio.gather(*map(_until_told, houses, starts))


async def _being_made(made: House, size: int) -> None:
    """Have so many images made, with everything about them posted so far."""
    for number in range(size):
        await made.approved(instance=f"ws-0told{number:09}")
        await made.settle()


async def _until_told(made: House, start: float) -> Times:
    """Return the seconds from the moment at which the cloud has all images to each thread's being told."""
    await asyncio.sleep(start)
    size = len(made.cloud.images)
    made.on(made.cloud, notifier := TimedNotifier(size))
    made.cloud.become(ImageStatus.AVAILABLE)
    began = time.monotonic()
    async with transaction(made.engine) as connection:
        await connection.execute(update(rate_limits).values(free_at=0.0))
        making = requests.c.status == Status.CREATING.value
        await connection.execute(update(requests).where(making).values(due=made.clock()))
    async with working(made, post=True), asyncio.timeout(PATIENCE * size):
        await notifier.all_told.wait()
    return [at - began for at in notifier.told_at]
