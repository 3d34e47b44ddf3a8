"""Waiting for something to happen, without polling."""

import asyncio
from collections.abc import AsyncIterator, Callable


class Changes:
    """Counts changes and wakes anybody who is waiting for one."""

    def __init__(self) -> None:
        self.count = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def happened(self) -> None:
        """Count a change."""
        self.count += 1
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()

    async def after(self, seen: int) -> int:
        """Return the count as soon as it's past `seen`."""
        while self.count <= seen:
            waiter = asyncio.get_running_loop().create_future()
            self._waiting.add(waiter)
            try:
                await waiter
            finally:
                self._waiting.discard(waiter)
        return self.count

    async def until(self, holds: Callable[[], bool], seconds: float = 10.0) -> None:
        """Return once `holds()`, checked after every change. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not holds():
                await self.after(self.count)

    async def stream(self) -> AsyncIterator[int]:
        """Yield the count after every change; changes while the reader is busy count as one."""
        seen = self.count
        while True:
            seen = await self.after(seen)
            yield seen
