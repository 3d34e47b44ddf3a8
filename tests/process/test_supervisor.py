"""Endless work is restarted when it breaks, later each time, and readiness reports it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from bot.process import supervisor
from bot.process.supervisor import Supervisor


@asynccontextmanager
async def supervising(works: Mapping[str, Callable[[], Awaitable[None]]]) -> AsyncIterator[Supervisor]:
    """Supervise some works for a while."""
    it = Supervisor()
    task = asyncio.create_task(it.run(works))
    try:
        yield it
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def forever() -> None:
    """Go on as long as the process does."""
    await asyncio.Event().wait()


@pytest.mark.parametrize("error", [OSError("no watch left"), ValueError("a NUL in a path"), MemoryError()])
async def test_whatever_breaks_is_started_again(error: Exception) -> None:
    starts: list[int] = []
    again = asyncio.Event()

    async def breaks_once() -> None:
        """Break at first, then go on."""
        starts.append(1)
        if len(starts) == 1:
            raise error
        again.set()
        await forever()

    async with supervising({"following the allowlist": breaks_once}) as it, asyncio.timeout(5):
        await again.wait()
        assert list(it.failing) == ["following the allowlist"]  # not for long enough yet


async def test_what_ends_by_itself_is_started_again() -> None:
    ended = asyncio.Queue[None]()

    async def ends() -> None:
        """End at once."""
        ended.put_nowait(None)

    async with supervising({"ends": ends}) as it, asyncio.timeout(5):
        await ended.get()
        await ended.get()
        assert it.failing == {"ends": "it ended"}


async def test_what_ends_at_the_stop_is_no_breakage() -> None:
    """Workers return when they are stopped: an error in the log would call somebody for nothing."""
    stop = asyncio.Event()

    async def until_stopped() -> None:
        """Work as a worker does."""
        await stop.wait()

    it = Supervisor()
    with capture_logs() as logs:
        task = asyncio.create_task(it.run({"the worker": until_stopped}))
        it.end()
        stop.set()
        async with asyncio.timeout(5):
            await task

    assert (logs, it.failing) == ([], {})


async def test_one_that_breaks_leaves_the_others_alone() -> None:
    breaks = asyncio.Queue[None]()
    lived = asyncio.Event()

    async def broken() -> None:
        """Break each time."""
        breaks.put_nowait(None)
        raise OSError

    async def fine() -> None:
        """Tell when ended, which must not happen."""
        try:
            await forever()
        finally:
            lived.set()

    async with supervising({"broken": broken, "fine": fine}) as it, asyncio.timeout(5):
        await breaks.get()
        await breaks.get()
        assert not lived.is_set()
        assert it.failing == {"broken": "OSError"}


async def test_what_goes_on_for_a_while_has_recovered() -> None:
    again = asyncio.Event()
    starts: list[int] = []

    async def breaks_once() -> None:
        """Break at first, then go on."""
        starts.append(1)
        if len(starts) == 1:
            raise OSError
        again.set()
        await forever()

    it = Supervisor(healthy_seconds=0.05)
    task = asyncio.create_task(it.run({"work": breaks_once}))
    async with asyncio.timeout(5):
        await again.wait()
        while it.failing:  # noqa: ASYNC110 - the loop itself is what has to come round
            await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])


def test_the_waits_grow_to_half_a_minute_and_no_further() -> None:
    waits = [supervisor.wait_after(breaks) for breaks in range(1, 12)]
    assert waits[:4] == [0.5, 1.0, 2.0, 4.0]
    assert max(waits) == waits[-1] == supervisor.LONGEST_WAIT
