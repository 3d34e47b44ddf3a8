"""The line in which one process's transactions wait: people first, background work after them.

SQLite has one write lock and lets writers poll for it; a line is faster and fair. On PostgreSQL, a
writer that records something locks the head of the audit log, so only a few of a process's writers compete
for it.
Background work also waits until people have been quiet for a moment, so that a burst of commands is
acknowledged before the work for the first of them begins; but never for long, so that the work continues
under any load.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from contextvars import ContextVar

IN_BACKGROUND: ContextVar[bool] = ContextVar("in_background", default=False)
"""Whether this task works in the background: nobody waits for what it reads and writes."""

QUIET_SECONDS = 0.025
LONGEST_WAIT = 0.1
LONGEST_IN_LINE = 1.0
"""Seconds in line after which background work no longer waits for quiet. Each waits in turn, so the last of
dozens would run out of its transaction's time, and a busy database would count as down.
"""


class WriteQueue:
    """One line for one engine; so many write at once."""

    def __init__(self, at_once: int = 1, longest_in_line: float = LONGEST_IN_LINE) -> None:
        self._longest_in_line = longest_in_line
        self._writing = asyncio.Semaphore(at_once)
        self._background = asyncio.Semaphore(at_once)
        self._people_at = 0.0  # when a person was last served, on the monotonic clock

    @asynccontextmanager
    async def turn(self, *, reads: bool) -> AsyncIterator[None]:
        """Wait for the turn, and keep it until the block ends; readers wait for no writer."""
        lock = nullcontext() if reads else self._writing
        if IN_BACKGROUND.get():
            arrived = time.monotonic()
            async with self._background:
                await self._until_people_are_quiet(arrived + self._longest_in_line)
                async with lock:
                    yield
            return
        self._people_at = time.monotonic()
        try:
            async with lock:
                yield
        finally:
            self._people_at = time.monotonic()

    async def _until_people_are_quiet(self, at_last: float) -> None:
        latest = min(time.monotonic() + LONGEST_WAIT, at_last)
        while (wait := min(self._people_at + QUIET_SECONDS, latest) - time.monotonic()) > 0:  # noqa: ASYNC110 - quiet is nothing that happens
            await asyncio.sleep(wait)
