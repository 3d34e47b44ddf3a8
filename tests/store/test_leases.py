"""Rows under a lease: one worker at a time, and what is taken over from one that died."""

import asyncio

from sqlalchemy import select, update

from bot.domain.changes import Change
from bot.domain.lifecycle import Event
from bot.store.engine import transaction
from bot.store.leases import LONGEST_LEASE, LONGEST_WAIT
from bot.store.tables import requests
from tests.house import BOB, House, lease, person


async def due(house: House) -> float | None:
    """Return when the only request is due."""
    async with transaction(house.engine, reads=True) as connection:
        found: float | None = await connection.scalar(select(requests.c.due))
    return found


async def test_a_claimed_row_is_nobody_elses_until_it_is_given_back(house: House) -> None:
    request = await house.submit()
    token = lease()
    assert await house.requests.claim(token) == request
    assert await house.requests.claim(lease()) is None
    assert await house.requests.next_due() is None
    await house.requests.release(request.id, token)
    assert await house.requests.claim(lease()) == request


async def test_a_dead_workers_row_is_taken_over_when_its_lease_has_lapsed(house: House) -> None:
    request = await house.submit()
    dead = lease(seconds=-1)
    await house.requests.claim(dead)
    taken = lease()
    assert await house.requests.claim(taken) == request
    assert not await house.requests.renew(request.id, dead)
    assert await house.requests.renew(request.id, taken)


async def test_a_worker_that_lost_its_lease_writes_nothing(house: House) -> None:
    request = await house.submit()
    dead = lease(seconds=-1)
    await house.requests.claim(dead)
    await house.requests.claim(lease())
    async with house.store.begin() as writing:
        assert await writing.write(request, Change(Event.EXPIRE, request, None), dead) is None
    await house.requests.sleep(request, dead, None)
    await house.requests.put_off(request, dead)
    await house.requests.release(request.id, dead)
    assert await house.get(request) == request
    assert await due(house) == request.created_at
    assert len(await house.log()) == 1


async def test_a_lease_from_far_ahead_was_given_before_the_clock_was_set_back(house: House) -> None:
    request = await house.submit()
    await house.requests.claim(lease(seconds=LONGEST_LEASE + 3600))
    assert await house.requests.claim(lease()) == request


async def test_a_step_that_began_before_a_click_does_not_put_the_request_to_sleep(house: House) -> None:
    request = await house.submit()
    token = lease()
    seen = await house.requests.claim(token)
    assert seen is not None
    house.clock.advance(5)
    await house.service.review(person(BOB), request.id, approves=True)
    await house.requests.sleep(seen, token, house.clock() + 9999)
    await house.requests.put_off(seen, token)
    async with house.store.begin() as writing:
        assert await writing.write(seen, Change(Event.EXPIRE, seen, None), token) is None
    assert await due(house) == house.clock()


async def test_work_that_breaks_is_put_off_for_longer_each_time_and_never_for_long(house: House) -> None:
    request = await house.submit()
    waits = []
    for _ in range(9):
        token = lease()
        assert await house.requests.claim(token) is not None
        waits.append(await house.requests.put_off(request, token))
        await house.requests.release(request.id, token)
        house.clock.advance(LONGEST_WAIT)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


async def test_rows_are_taken_in_the_order_in_which_they_are_due(house: House) -> None:
    submitted = []
    for number in range(5):
        house.clock.advance(1)
        submitted.append((await house.submit(instance=f"ws-0row{number}00000001")).id)
    taken = [await house.requests.claim(lease()) for _ in range(5)]
    assert [each.id for each in taken if each] == submitted


async def test_several_workers_never_hold_the_same_row(url: str) -> None:
    houses = [House(url) for _ in range(4)]
    for number in range(20):
        await houses[0].submit(instance=f"ws-0row{number}00000001")
    taken: list[str] = []

    async def take(house: House) -> None:
        while len(taken) < 20:
            row = await house.requests.claim(lease())
            if row is not None:
                taken.append(row.id)

    async with asyncio.timeout(20):
        await asyncio.gather(*(take(house) for house in houses))
    assert len(set(taken)) == 20
    for house in houses:
        await house.aclose()


async def test_everything_that_sleeps_is_brought_forward_when_the_clock_was_set_back(house: House) -> None:
    await house.submit()
    await house.step()
    house.clock.advance(-3600)
    assert await house.requests.claim(lease()) is None
    await house.requests.bring_forward()
    assert await due(house) == house.clock()


async def test_what_never_wakes_by_itself_is_not_brought_forward(house: House) -> None:
    request = await house.submit()
    await house.service.cancel(person(request.requester), request.id)
    await house.requests.bring_forward()
    assert await due(house) is None


async def test_a_row_that_cannot_be_read_is_left_for_a_while(house: House) -> None:
    broken = await house.submit()
    async with transaction(house.engine) as connection:
        await connection.execute(update(requests).where(requests.c.id == broken.id).values(body="{}"))
    house.clock.advance(1)
    whole = await house.submit(instance="ws-0whole00000001")
    try:
        first = await house.requests.claim(lease())
    except ValueError:
        first = await house.requests.claim(lease())
    assert first == whole
