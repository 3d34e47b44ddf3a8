"""The line in which one process's writers on SQLite stand: people first, the work behind them after.

SQLite has one write lock and lets those who want it poll for it; standing in line is quicker and fair.
Whoever works in the background waits in a line of their own first, so at most one is ahead of a person.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar

IN_BACKGROUND: ContextVar[bool] = ContextVar("in_background", default=False)
"""Whether nobody waits for what this task writes."""


class Line:
    """One line for one engine."""

    def __init__(self) -> None:
        self._writing = asyncio.Lock()
        self._background = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for the turn to write, and have it until the block ends."""
        if not IN_BACKGROUND.get():
            async with self._writing:
                yield
            return
        async with self._background, self._writing:
            yield
