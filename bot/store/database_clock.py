"""The time by the database's clock, so that a host with a wrong clock doesn't end requests early."""

import time
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.engine import clock_of, is_sqlite, transaction

NOTABLE_SECONDS = 0.25
"""Seconds; a smaller difference is the round trip, and following it would make the time jitter."""


class DatabaseClock:
    """The time in epoch seconds. `offset` is how far the database is ahead of this host, in seconds.

    Between two looks at the database it runs evenly, even when somebody sets this host's clock.
    """

    def __init__(
        self, clock: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self.clock = clock
        self.steady = steady
        self.offset = 0.0
        self._began = clock() - steady()

    def __call__(self) -> float:
        """Return the time, without I/O."""
        return self._began + self.steady()

    async def measure(self, engine: AsyncEngine) -> float:
        """Follow the database's clock from now on; return by how many seconds the time was corrected.

        SQLite's clock is this host's own. Raises `StoreUnavailable`.
        """
        before = self.steady()
        there = self.clock() if is_sqlite(engine) else await _time_of(engine)
        between = (before + self.steady()) / 2
        self.offset = _notable(there - self.clock() + self.steady() - between)
        correction = _notable(there - between - self._began)
        self._began += correction
        return correction


async def _time_of(engine: AsyncEngine) -> float:
    async with transaction(engine, reads=True) as connection:
        return float(await connection.scalar(select(clock_of(engine))) or 0.0)


def _notable(seconds: float) -> float:
    return seconds if abs(seconds) > NOTABLE_SECONDS else 0.0
