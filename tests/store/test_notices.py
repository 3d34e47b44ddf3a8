"""Between processes: when one writes, the others are told."""

import asyncio
import time

import psycopg

from bot.store import notices
from tests.databases import Postgres
from tests.house import House


class Ear:
    """Counts how often it was woken, and when last."""

    def __init__(self) -> None:
        self.count = 0
        self.at = 0.0
        self.heard = asyncio.Event()

    def __call__(self) -> None:
        """Wake."""
        self.count += 1
        self.at = time.monotonic()
        self.heard.set()

    async def next(self) -> None:
        """Wait for the next time."""
        self.heard.clear()
        await asyncio.wait_for(self.heard.wait(), 10)


async def test_a_commit_is_heard_by_the_other_process(url: str) -> None:
    writer, worker, ear = House(url), House(url), Ear()
    listening = asyncio.create_task(notices.listen(worker.engine, ear))
    await ear.next()
    await asyncio.sleep(0.2)  # let it settle: the first look itself is a wake
    waiting = asyncio.create_task(ear.next())
    await asyncio.sleep(0)
    await writer.submit()
    await waiting
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await writer.aclose()
    await worker.aclose()


async def test_what_was_not_committed_is_not_heard(postgresql: Postgres) -> None:
    url = postgresql.clean()
    worker, ear = House(url), Ear()
    listening = asyncio.create_task(notices.listen(worker.engine, ear))
    await ear.next()
    await _listens(url)
    woken = ear.count
    with psycopg.connect(url) as other:
        other.execute(f"NOTIFY {notices.CHANNEL}")
        other.rollback()
    with psycopg.connect(url) as other:
        other.execute(f"NOTIFY {notices.CHANNEL}")
    await ear.next()
    assert ear.count == woken + 1
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await worker.aclose()


async def _listens(url: str) -> None:
    """Wait until the worker's LISTEN has come through."""
    async with asyncio.timeout(10):
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as other:
            query = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
            while (await (await other.execute(query)).fetchone()) == (0,):  # noqa: ASYNC110 - PostgreSQL tells nobody
                await asyncio.sleep(0.01)


async def test_a_lost_connection_is_renewed_and_what_was_said_meanwhile_is_looked_for(
    postgresql: Postgres,
) -> None:
    url = postgresql.clean()
    worker, ear = House(url), Ear()
    listening = asyncio.create_task(notices.listen(worker.engine, ear))
    await ear.next()
    await _listens(url)
    woken = ear.count
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
    async with asyncio.timeout(10):
        while ear.count == woken:
            await ear.next()
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await worker.aclose()
