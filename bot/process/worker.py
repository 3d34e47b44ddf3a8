"""The engine: take a due row, work on it under a lease, give it back. What the row is, it does not know."""

import asyncio
import contextlib
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import structlog

from bot.crash_points import point
from bot.errors import StoreUnavailable
from bot.store.leases import Lease, LeasedRows, Row
from bot.store.write_queue import IN_BACKGROUND

log = structlog.get_logger(__name__)

POLL_SECONDS = 1.0
"""How long a row made due by another process may lie when no notice of it reaches us."""
STEP_SECONDS = 75.0
"""No step takes longer: what hangs is ended and tried again. A call to the cloud ends well before."""
CLOCK_STEP = 1.0
"""Seconds that the clock has to be set back by to be worth looking at everything."""
LOOK_SECONDS = 0.02
"""The least time between two looks for work: every write wakes every worker, and few have work for it."""
BLOCKED_SECONDS = 0.1
"""How long to wait when rows are due and none may be taken yet."""


R = TypeVar("R", bound=Row)


class Worker(Generic[R]):
    """One queue's worker: up to `at_once` rows in hand, each under a lease of its own, renewed meanwhile."""

    def __init__(
        self,
        queue: LeasedRows[R],
        work: Callable[[R, Lease], Awaitable[None]],
        *,
        lease_seconds: float,
        step_seconds: float = STEP_SECONDS,
        at_once: int = 8,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self.queue = queue
        self.work = work
        self.lease_seconds = lease_seconds
        self.step_seconds = step_seconds
        self.at_once = at_once
        self.poll_seconds = poll_seconds
        self.in_hand: set[asyncio.Task[None]] = set()
        self.awake = asyncio.Event()
        self.stopping = False
        self.offset = queue.clock() - time.monotonic()  # moves when the clock is set
        self.found = False  # whether a row was just found: then there may be more
        self.looked = 0.0  # when it was last asked whether there is one, on the monotonic clock
        self.beat = time.monotonic()  # the last sign of life, for readiness

    def wake(self) -> None:
        """Look for work now: something was just written."""
        self.awake.set()

    async def run(self) -> None:
        """Work until stopped; a database that is down is waited for, a row that cannot be read is left."""
        IN_BACKGROUND.set(True)
        while not self.stopping:
            self.beat = time.monotonic()
            self.awake.clear()
            try:
                await self._notice_clock()
                wait = await self._take_one()
            except Exception as error:
                log.warning("queue_failed", error=repr(error), exc_info=_is_surprise(error))
                wait = self.poll_seconds
            if wait > 0 and not self.stopping:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.awake.wait(), wait)
                await asyncio.sleep(self.looked + LOOK_SECONDS - time.monotonic())

    async def stop(self, within: float) -> None:
        """Take no more work, let what is in hand finish within the seconds given, then hand the rest back."""
        self.stopping = True
        self.awake.set()
        if self.in_hand:
            _, late = await asyncio.wait(self.in_hand, timeout=within)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _notice_clock(self) -> None:
        """Look at every row again when the clock was set back: what it was to do soon lies far ahead now."""
        offset = self.queue.clock() - time.monotonic()
        if offset < self.offset - CLOCK_STEP:
            log.warning("clock_set_back", seconds=self.offset - offset)
            await self.queue.bring_forward()
        self.offset = offset

    async def _take_one(self) -> float:
        """Take one row if there is one; return how long to wait before looking again."""
        if len(self.in_hand) >= self.at_once:
            return self.poll_seconds
        more, self.found = self.found, False
        if not more:
            self.looked = time.monotonic()
            due = await self.queue.next_due()
            wait = self.poll_seconds if due is None else due - self.queue.clock()
            if wait > 0:
                return min(wait, self.poll_seconds)
        lease = Lease(secrets.token_hex(8), self.lease_seconds)
        row = await self.queue.claim(lease)
        if row is not None and self.stopping:
            await self.queue.release(row.id, lease)
            return 0.0
        if row is None:
            await asyncio.sleep(0.0 if more else BLOCKED_SECONDS)  # whatever wakes us, sooner gains nothing
            return 0.0
        self.found = True
        point("after-claim")
        task = asyncio.create_task(self._hold(row, lease))
        self.in_hand.add(task)
        task.add_done_callback(self._put_down)
        return 0.0

    def _put_down(self, task: asyncio.Task[None]) -> None:
        self.in_hand.discard(task)
        self.awake.set()

    async def _hold(self, row: R, lease: Lease) -> None:
        """Work on a row with its lease kept alive; what breaks is put off, and the row always goes back."""
        keeping = asyncio.create_task(self._keep(row, lease, asyncio.current_task()))
        try:
            async with asyncio.timeout(self.step_seconds):
                await self.work(row, lease)
        except asyncio.CancelledError:
            log.info("handed_back", row=row.id)
        except Exception as error:
            log.warning("step_failed", row=row.id, error=repr(error), exc_info=_is_surprise(error))
            with contextlib.suppress(StoreUnavailable):
                await self.queue.put_off(row, lease)
        finally:
            keeping.cancel()
            with contextlib.suppress(StoreUnavailable):
                await self.queue.release(row.id, lease)

    async def _keep(self, row: R, lease: Lease, holder: asyncio.Task[None] | None) -> None:
        """Renew the lease; when it is lost, end the work: another worker has the row."""
        while True:
            await asyncio.sleep(lease.seconds / 3)
            with contextlib.suppress(StoreUnavailable):
                if not await self.queue.renew(row.id, lease):
                    log.warning("lease_lost", row=row.id)
                    if holder is not None:
                        holder.cancel()
                    return


def _is_surprise(error: Exception) -> bool:
    """Tell whether the log should have the trace: our own exceptions say enough by themselves."""
    return not type(error).__module__.startswith("bot.")
