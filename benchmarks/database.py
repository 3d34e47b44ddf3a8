"""Databases for benchmarks: a new one each, with as many requests in it as a row wants, and workers on it."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from bot.domain.lifecycle import Status
from bot.domain.request import End, Request, Review
from bot.process.worker import Worker
from bot.store.engine import is_sqlite, transaction
from bot.store.requests import request_queues
from bot.store.tables import requests
from bot.store.transaction import columns
from tests.databases import upgrade
from tests.fakes import changed
from tests.house import BOB, House

BATCH = 10_000
Case = tuple[str | None, int]
"""A database's URL, None for a new SQLite file, and how many of something are in it."""


@asynccontextmanager
async def house(url: str | None = None, **settings: Any) -> AsyncIterator[House]:  # noqa: ANN401 - as `House` takes them
    """Open the core of the bot, with fakes for the world outside, on an empty database: a new SQLite file
    unless told otherwise.
    """
    with tempfile.TemporaryDirectory(prefix="image-bot-bench-") as folder:
        url = url or f"sqlite:///{Path(folder) / 'bench.db'}"
        await upgrade(url)
        made = House(url, **settings)
        try:
            yield made
        finally:
            await made.aclose()


def workers(made: House, *, post: bool = False) -> list[Worker[Any]]:
    """Return a process's workers on requests, and with `post` the one on messages; commits wake them."""
    queues = request_queues(made.store, made.settings.images_at_once).values()
    found: list[Worker[Any]] = [Worker(queue, made.steps.work, lease_seconds=30.0) for queue in queues]
    if post:
        found.append(Worker(made.outbox, made.deliveries.work, lease_seconds=30.0))

    def wake() -> None:
        """Let all of them look."""
        for worker in found:
            worker.wake()

    made.store.wake = wake
    return found


@asynccontextmanager
async def working(made: House, *, post: bool = False) -> AsyncIterator[None]:
    """Have those workers at work."""
    found = workers(made, post=post)
    running = [asyncio.create_task(worker.run()) for worker in found]
    try:
        yield
    finally:
        await asyncio.gather(*(worker.stop(1.0) for worker in found))
        await asyncio.gather(*running)


async def fill(made: House, size: int, row: Callable[[Request, int], Request]) -> None:
    """Put so many requests into the database, each made from one pattern by `row`."""
    pattern = await made.submit()
    now = made.clock()
    async with transaction(made.engine, seconds=None) as connection:
        for first in range(0, size, BATCH):
            rows = [
                columns(each)
                | {"id": each.id, "created_at": now + number, "recorded_revision": 1, "due": now, "tries": 0}
                for number in range(first, min(first + BATCH, size))
                for each in [row(pattern, number)]
            ]
            await connection.execute(insert(requests), rows)
        if not is_sqlite(made.engine):  # autovacuum would within a minute
            await connection.execute(text("ANALYZE requests"))


def approved(pattern: Request, number: int) -> Request:
    """Return one that waits in line for an image."""
    approved_at = pattern.created_at + number
    return _own(
        pattern, number, status=Status.APPROVED, approved_at=approved_at, reviews=(bobs_approval(pattern),)
    )


def bobs_approval(pattern: Request) -> Review:
    """Return what Bob clicked."""
    return Review(BOB, approves=True, reason="", at=pattern.created_at, usergroups=frozenset({"S0OPS"}))


def ended(pattern: Request, number: int) -> Request:
    """Return one that ended long ago."""
    return _own(pattern, number, status=Status.AVAILABLE, end=End(pattern.created_at))


def _own(pattern: Request, number: int, **fields: object) -> Request:
    image = pattern.image.model_copy(update={"instance_id": f"ws-0bench{number:09}"})
    return changed(pattern, id=f"r-bench{number}", image=image, **fields)
