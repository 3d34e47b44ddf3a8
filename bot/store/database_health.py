"""Whether the database can be written: tried every few seconds, so that `readyz` doesn't have to wait."""

import asyncio

import structlog
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import StoreUnavailable
from bot.store.database_clock import DatabaseClock
from bot.store.engine import last_write, transaction
from bot.store.tables import audit_head
from bot.store.write_queue import IN_BACKGROUND

log = structlog.get_logger(__name__)

BEAT_SECONDS = 2.0
CLOCK_SECONDS = 1.0
"""Seconds; a larger correction of the clock is logged."""


NOT_ASKED = "not asked yet"


class DatabaseHealth:
    """`failure` says why the database can't be written, "" when it can; the clock follows the database's."""

    def __init__(self, engine: AsyncEngine, clock: DatabaseClock) -> None:
        self.engine = engine
        self.clock = clock
        self.failure = NOT_ASKED

    async def run(self) -> None:
        """Try until cancelled, after anything that people wait for."""
        IN_BACKGROUND.set(True)
        while True:
            await self.beat()
            await asyncio.sleep(BEAT_SECONDS)

    async def beat(self) -> None:
        """Try once."""
        offset, set_by = self.clock.offset, 0.0
        try:
            await self._write()
            set_by = await self.clock.measure(self.engine)
        except StoreUnavailable as down:
            self._turns(down.reason, str(down))
        else:
            self._turns("")
        if abs(self.clock.offset - offset) > CLOCK_SECONDS:
            log.warning("clock_differs", database_ahead_seconds=round(self.clock.offset, 3))
        if abs(set_by) > CLOCK_SECONDS:
            log.warning("clock_set", by_seconds=round(set_by, 3))

    def _turns(self, failure: str, said: str = "") -> None:
        """Keep the state, and log when the database goes away and comes back."""
        was_well = self.failure in ("", NOT_ASKED)
        if failure and was_well:
            log.error("database_down", reason=failure, error=said)
        elif not failure and not was_well:
            log.info("database_back")
        self.failure = failure

    async def _write(self) -> None:
        """Write something that changes nothing and roll it back; after a failure, commit: only that shows
        it's over.
        """
        failed = bool(last_write(self.engine).failure)
        async with transaction(self.engine) as connection:
            await connection.execute(update(audit_head).values(seq=audit_head.c.seq))
            if not failed:
                await connection.rollback()
