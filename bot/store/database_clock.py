"""The time by the database's clock, so that a host whose own clock is wrong ends nobody's request."""

import time
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.engine import clock_of, is_sqlite, transaction

NOTABLE_SECONDS = 0.25
"""A smaller difference is the way there and back; following it would make the time jitter."""


class DatabaseClock:
    """The time in epoch seconds. `offset` is how far the database is ahead of this host, in seconds."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.offset = 0.0

    def __call__(self) -> float:
        """Return the time, without asking anybody."""
        return self.clock() + self.offset

    async def measure(self, engine: AsyncEngine) -> None:
        """Compare the two clocks; SQLite's is this host's own. Raises `StoreUnavailable`."""
        if is_sqlite(engine):
            return
        async with transaction(engine, reads=True) as connection:
            before = self.clock()
            there = await connection.scalar(select(clock_of(engine)))
            here = (before + self.clock()) / 2
        if there is not None and abs(there - here - self.offset) > NOTABLE_SECONDS:
            self.offset = there - here
