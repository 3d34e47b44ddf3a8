"""Notices between processes: a process that writes says so, and the others' workers look at once.

PostgreSQL tells its listeners (LISTEN and NOTIFY, delivered when the writer commits). SQLite keeps a number
that changes with every commit of another connection (PRAGMA data_version), which costs little to look at.
"""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.engine import is_sqlite, transaction

log = structlog.get_logger(__name__)

CHANNEL = "image_bot"
NOTIFY = text(f"NOTIFY {CHANNEL}")
LOOK_SECONDS = 0.05
"""How often SQLite's number is looked at: a click in one process is worked on by another within 100 ms."""
RETRY_SECONDS = 1.0
HEARING_SECONDS = 2.0
SILENT_SECONDS = 600.0
"""How long to leave a silent connection alone before listening again: somebody may change the pooler."""
SILENT = (
    "LISTEN is not delivered, as behind a pooler in transaction mode: "
    "what one process writes, another begins within a second instead of at once"
)


async def send(connection: AsyncConnection) -> None:
    """Tell the other processes, if and when this transaction commits."""
    if connection.dialect.name == "postgresql":
        await connection.execute(NOTIFY)


async def listen(engine: AsyncEngine, wake: Callable[[], None]) -> None:
    """Call `wake` whenever another process may have written, until cancelled; reconnect as needed."""
    hear = _watch_sqlite if is_sqlite(engine) else _hear_postgres
    while True:
        try:
            async with engine.connect() as connection:
                raw = await connection.get_raw_connection()
                wake()  # for anything that was said while nobody listened
                await hear(engine, raw.driver_connection, wake)
        except Exception as error:  # noqa: BLE001 - the driver is one of two, and both are reconnected
            log.warning("notices_lost", error=repr(error))
        await asyncio.sleep(RETRY_SECONDS)


async def _hear_postgres(engine: AsyncEngine, driver: Any, wake: Callable[[], None]) -> None:  # noqa: ANN401 - psycopg's, an extra
    await driver.set_autocommit(True)
    await driver.execute(f"LISTEN {CHANNEL}")
    try:
        if not await _hears_itself(engine, driver):
            log.warning("notices_silent", why=SILENT)
            await asyncio.sleep(SILENT_SECONDS)
            return
        wake()  # for anything that came before our own notice
        async for _ in driver.notifies():
            wake()
    finally:
        await driver.close()


async def _hears_itself(engine: AsyncEngine, driver: Any) -> bool:  # noqa: ANN401 - psycopg's
    """Send a notice over another connection, and tell whether it arrives: some poolers deliver nothing."""
    word = secrets.token_hex(8)
    async with transaction(engine) as connection:
        said = {"channel": CHANNEL, "word": word}
        await connection.execute(text("SELECT pg_notify(:channel, :word)"), said)
    async with aclosing(driver.notifies(timeout=HEARING_SECONDS)) as notices:
        async for notice in notices:
            if notice.payload == word:
                return True
    return False


async def _watch_sqlite(_engine: AsyncEngine, driver: Any, wake: Callable[[], None]) -> None:  # noqa: ANN401 - aiosqlite's
    seen = None
    while True:
        (version,) = await driver.execute_fetchall("PRAGMA data_version")
        if version != seen:
            wake()
        seen = version
        await asyncio.sleep(LOOK_SECONDS)
