"""Something kept in memory and refreshed in the background: nobody waits for it, except the first."""

import asyncio
import time
from collections.abc import Awaitable, Callable


class Refreshing:
    """Does a piece of work whenever somebody asks and it's due; once at a time, however many wait.

    Args:
        work: refreshes it, never raises, and returns after how many seconds it's due again.
        clock: seconds.
    """

    def __init__(
        self, work: Callable[[], Awaitable[float]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._work = work
        self._clock = clock
        self._due = float("-inf")
        self._done = False
        self._task: asyncio.Task[None] | None = None

    async def ready(self) -> None:
        """Begin when it's due; wait only when it has never been done."""
        if self._task is None and self._clock() >= self._due:
            self._task = asyncio.create_task(self._refresh(), name="refresh")
        if self._task is not None and not self._done:
            await asyncio.shield(self._task)

    async def aclose(self) -> None:
        """End what is under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _refresh(self) -> None:
        try:
            seconds = await self._work()
            self._due, self._done = self._clock() + seconds, True
        finally:
            self._task = None
