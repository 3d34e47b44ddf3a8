"""The engine: works on what is due, hands back what it cannot finish, survives what breaks."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import pairwise

from sqlalchemy import select, update

from bot.domain.request import Request
from bot.process.worker import LOOK_SECONDS, Worker
from bot.store.engine import transaction
from bot.store.leases import Lease
from bot.store.requests import RequestQueue
from bot.store.tables import requests
from tests.house import House

Work = Callable[[Request, Lease], Awaitable[None]]


@asynccontextmanager
async def running(house: House, work: Work, **settings: float) -> AsyncIterator[Worker[Request]]:
    """Run a worker on the house's requests for a while."""
    worker = Worker(house.requests, work, **{"lease_seconds": 30.0, **settings})  # type: ignore[arg-type]  # at_once is no float
    task = asyncio.create_task(worker.run())
    yield worker
    await worker.stop(1.0)
    await task


async def until(true: Callable[[], Awaitable[bool] | bool]) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(10):
        while True:
            found = true()
            if found is True or (not isinstance(found, bool) and await found):
                return
            await asyncio.sleep(0.01)


async def row(house: House) -> tuple[float | None, str | None, int]:
    """When the only request is due, who holds it, and how often its work broke."""
    async with transaction(house.engine, reads=True) as connection:
        found = (await connection.execute(select(requests))).one()
    return found.due, found.lease_owner, found.tries


async def test_what_is_due_is_worked_on_and_given_back(house: House) -> None:
    await house.submit()
    done: list[str] = []

    async def work(request: Request, lease: Lease) -> None:
        done.append(request.id)
        await house.requests.sleep(request, lease, None)

    async with running(house, work):
        await until(lambda: bool(done))
    assert len(done) == 1
    assert (await row(house))[:2] == (None, None)


async def test_a_wake_is_answered_at_once(cabin: House) -> None:
    """Polling would come to it only when the test is long over."""
    done: list[str] = []
    looked = asyncio.Event()

    class Watched(RequestQueue):
        async def next_due(self) -> float | None:
            due = await super().next_due()
            looked.set()
            return due

    async def work(request: Request, lease: Lease) -> None:
        done.append(request.id)
        await cabin.requests.sleep(request, lease, None)

    cabin.requests = Watched(cabin.store)
    async with running(cabin, work, poll_seconds=3600.0) as worker:
        await asyncio.wait_for(looked.wait(), 10)
        await cabin.submit()
        worker.wake()
        await until(lambda: bool(done))


async def test_a_storm_of_wakes_is_a_few_looks(cabin: House) -> None:
    """Every write of any process wakes every worker, and most have nothing to do then."""
    looks: list[float] = []

    class Watched(RequestQueue):
        async def next_due(self) -> float | None:
            looks.append(time.monotonic())
            return await super().next_due()

    async def work(_request: Request, _lease: Lease) -> None:
        raise AssertionError("nothing is due")

    cabin.requests = Watched(cabin.store)
    async with running(cabin, work, poll_seconds=3600.0) as reconciler:
        began = time.monotonic()
        while time.monotonic() < began + 0.1:
            reconciler.wake()
            await asyncio.sleep(0)
    assert min(later - earlier for earlier, later in pairwise(looks)) > LOOK_SECONDS / 2
    assert len(looks) > 2


async def test_what_waits_is_taken_after_one_look(cabin: House) -> None:
    for number in range(3):
        await cabin.submit(instance=f"ws-0buj1s9gm00000{number}")
    asked: list[str] = []

    class Watched(RequestQueue):
        async def next_due(self) -> float | None:
            asked.append("look")
            return await super().next_due()

        async def claim(self, lease: Lease) -> Request | None:
            asked.append("claim")
            return await super().claim(lease)

    async def work(request: Request, lease: Lease) -> None:
        await cabin.requests.sleep(request, lease, None)

    cabin.requests = Watched(cabin.store)
    async with running(cabin, work, poll_seconds=3600.0):
        await until(lambda: asked.count("look") == 2)
    assert asked[:6] == ["look", "claim", "claim", "claim", "claim", "look"]


async def test_work_that_breaks_is_put_off_and_the_engine_goes_on(cabin: House) -> None:
    await cabin.submit()
    tried: list[str] = []

    async def work(_request: Request, lease: Lease) -> None:
        tried.append(lease.token)
        raise RuntimeError("broken")

    async with running(cabin, work):
        await until(lambda: bool(tried))
    due, owner, tries = await row(cabin)
    assert (due, owner, tries) == (cabin.clock() + 1, None, 1)


async def test_work_that_hangs_is_ended(cabin: House) -> None:
    await cabin.submit()
    ended = asyncio.Event()

    async def work(_request: Request, _lease: Lease) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with running(cabin, work, step_seconds=0.05):
        await asyncio.wait_for(ended.wait(), 10)
        await until(lambda: _given_back(cabin))
    assert (await row(cabin))[2] == 1


async def _given_back(house: House) -> bool:
    return (await row(house))[1] is None


async def test_stopping_finishes_what_can_be_and_hands_back_the_rest(cabin: House) -> None:
    await cabin.submit()
    begun = asyncio.Event()

    async def work(_request: Request, _lease: Lease) -> None:
        begun.set()
        await asyncio.Event().wait()

    worker = Worker(cabin.requests, work, lease_seconds=30)
    task = asyncio.create_task(worker.run())
    await asyncio.wait_for(begun.wait(), 10)
    await worker.stop(0.05)
    await asyncio.wait_for(task, 5)
    due, owner, _ = await row(cabin)
    assert owner is None
    assert due == cabin.clock()


async def test_what_was_being_claimed_at_the_end_is_handed_back_untouched(cabin: House) -> None:
    """A stop waits for what is in hand; what comes to hand after it would be cut off."""
    await cabin.submit()

    class Slow(RequestQueue):
        async def claim(self, lease: Lease) -> Request | None:
            claimed = await super().claim(lease)
            await worker.stop(1.0)
            return claimed

    async def work(_request: Request, _lease: Lease) -> None:
        raise AssertionError("begun after the end")

    worker = Worker(Slow(cabin.store), work, lease_seconds=30)
    await asyncio.wait_for(worker.run(), 5)
    assert not worker.in_hand
    assert await row(cabin) == (cabin.clock(), None, 0)


async def test_a_lease_is_renewed_while_work_goes_on(house: House) -> None:
    await house.submit()
    begun, go_on, holders = asyncio.Event(), asyncio.Event(), []

    async def work(_request: Request, lease: Lease) -> None:
        holders.append(lease.token)
        begun.set()
        await go_on.wait()

    async with running(house, work, lease_seconds=0.3):
        await asyncio.wait_for(begun.wait(), 10)
        first = await _lease_until(house)
        await until(lambda: _renewed_since(house, first + 0.3))
        assert len(holders) == 1
        go_on.set()


async def _lease_until(house: House) -> float:
    async with transaction(house.engine, reads=True) as connection:
        return float(await connection.scalar(select(requests.c.lease_until)) or 0)


async def _renewed_since(house: House, time: float) -> bool:
    return await _lease_until(house) > time


async def test_a_worker_whose_lease_was_taken_stops_at_once(cabin: House) -> None:
    await cabin.submit()
    begun, ended = asyncio.Event(), asyncio.Event()

    async def work(_request: Request, _lease: Lease) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with running(cabin, work, lease_seconds=0.2):
        await asyncio.wait_for(begun.wait(), 10)
        async with transaction(cabin.engine) as connection:
            await connection.execute(update(requests).values(lease_owner="another", due=None))
        await asyncio.wait_for(ended.wait(), 10)
    assert (await row(cabin))[1] == "another"


async def test_no_more_is_in_hand_than_allowed(cabin: House) -> None:
    for number in range(6):
        await cabin.submit(instance=f"ws-0hand{number}00000001")
    at_work, most, go_on = 0, 0, asyncio.Event()

    async def work(request: Request, lease: Lease) -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        if at_work == 2:
            go_on.set()
        await go_on.wait()
        await cabin.requests.sleep(request, lease, None)
        at_work -= 1

    async with running(cabin, work, at_once=2):
        await until(lambda: _nothing_due(cabin))
    assert most == 2


async def _nothing_due(house: House) -> bool:
    async with transaction(house.engine, reads=True) as connection:
        return await connection.scalar(select(requests.c.id).where(requests.c.due.is_not(None))) is None


async def test_the_engine_outlives_a_row_that_it_cannot_read(cabin: House) -> None:
    await cabin.submit()
    done: list[str] = []

    async def work(request: Request, lease: Lease) -> None:
        done.append(request.id)
        await cabin.requests.sleep(request, lease, None)

    async with transaction(cabin.engine) as connection:
        await connection.execute(update(requests).values(body="{}"))
    cabin.clock.advance(1)
    whole = await cabin.submit(instance="ws-0whole00000001")
    async with running(cabin, work):
        await until(lambda: whole.id in done)


async def test_a_clock_that_is_set_back_holds_nothing_up(cabin: House) -> None:
    await cabin.submit()
    await cabin.step()
    looked: list[str] = []

    async def work(request: Request, lease: Lease) -> None:
        looked.append(request.id)
        await cabin.requests.sleep(request, lease, None)

    async with running(cabin, work) as worker:
        await asyncio.sleep(0.05)
        assert not looked
        cabin.clock.advance(-7200)
        worker.wake()
        await until(lambda: bool(looked))
