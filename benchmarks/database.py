"""Databases for benchmarks: a new SQLite file each, with as many requests in it as a row wants."""

import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import insert

from bot.domain.lifecycle import Status
from bot.domain.request import End, Request
from bot.store import schema
from bot.store.engine import open_engine, transaction
from bot.store.tables import requests
from bot.store.transaction import columns
from tests.fakes import changed
from tests.house import House

BATCH = 10_000


@asynccontextmanager
async def house(images_at_once: int = 5) -> AsyncIterator[House]:
    """Open the core of the bot on a new SQLite file, with fakes for the world outside."""
    with tempfile.TemporaryDirectory(prefix="image-bot-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        engine = open_engine(url)
        await schema.upgrade(engine)
        await engine.dispose()
        made = House(url, images_at_once=images_at_once)
        try:
            yield made
        finally:
            await made.aclose()


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


def approved(pattern: Request, number: int) -> Request:
    """Return one that stands in line for an image."""
    return _own(pattern, number, status=Status.APPROVED, approved_at=pattern.created_at + number)


def ended(pattern: Request, number: int) -> Request:
    """Return one that ended long ago."""
    return _own(pattern, number, status=Status.AVAILABLE, end=End(pattern.created_at))


def _own(pattern: Request, number: int, **fields: object) -> Request:
    image = pattern.image.model_copy(update={"instance_id": f"ws-0bench{number:09}"})
    return changed(pattern, id=f"r-bench{number}", image=image, **fields)
