"""Work that goes on after Slack has its acknowledgement: kept track of, so that a stop can wait for it."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import structlog

log = structlog.get_logger(__name__)


class Background:
    """Tasks in the background, and how many deliveries of Slack's are being answered right now."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._answering = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self.closed = False
        """Set once everything was drained: what is delivered later is not begun, so it is not half done."""

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run the work on its own; what breaks is logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Count one delivery of Slack's for as long as it is being answered."""
        self._answering += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._answering -= 1
            if not self._answering:
                self._quiet.set()

    async def drain(self, within: float) -> bool:
        """Wait until nothing is going on, at most `within` seconds, then close; tell whether that came."""
        try:
            async with asyncio.timeout(within):
                await self._quiet.wait()
                while self._tasks:
                    await asyncio.wait(self._tasks)
        except TimeoutError:
            log.warning("not_drained", answering=self._answering, tasks=len(self._tasks))
            return False
        finally:
            self.closed = True
        return True

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background_work_broke", exc_info=error)
