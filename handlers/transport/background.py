"""Work that continues after the acknowledgement, tracked so that shutdown can wait for it."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import structlog

log = structlog.get_logger(__name__)

LONGEST_ANSWER = 3.0
"""Seconds that an answer may take: Slack waits no longer for an acknowledgement."""


class Background:
    """Tasks in the background, and how many deliveries of Slack's are being answered right now.

    `answered` is called after each answer with the kind of delivery and the seconds it took.
    """

    def __init__(self, answered: Callable[[str, float], None] | None = None) -> None:
        self._answered = answered
        self._tasks: set[asyncio.Task[None]] = set()
        self._answering = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self.closed = False
        """Set when a drain nears its end: later deliveries aren't started, so none is left half done."""

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run the work in the background; failures are logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    @contextmanager
    def answering(self, kind: str) -> Iterator[None]:
        """Count one delivery of that kind for as long as it's being answered."""
        self._answering += 1
        self._quiet.clear()
        began = time.perf_counter()
        try:
            yield
        finally:
            if self._answered is not None:
                self._answered(kind, time.perf_counter() - began)
            self._answering -= 1
            if not self._answering:
                self._quiet.set()

    async def drain(self, within: float) -> bool:
        """Wait until nothing is in progress, at most `within` seconds, and close; tell whether that worked.

        If deliveries never stop, it closes early enough to answer those in progress.
        """
        last = min(LONGEST_ANSWER, within)
        calm = await self._calm(within - last)
        self.closed = True
        calm = calm or await self._calm(last)
        if not calm:
            log.warning("not_drained", answering=self._answering, tasks=len(self._tasks))
        return calm

    async def _calm(self, within: float) -> bool:
        """Wait for a moment when nothing is in progress; tell whether it came within the given seconds."""
        try:
            async with asyncio.timeout(within):
                while self._answering or self._tasks:
                    await self._quiet.wait()
                    if self._tasks:
                        await asyncio.wait(self._tasks)
        except TimeoutError:
            return False
        return True

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background_work_broke", exc_info=error)
