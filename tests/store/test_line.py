"""The line of approved requests: nobody who waits in it is written to, and no more are made than may be."""

import asyncio
from collections.abc import Callable

from sqlalchemy import select

from bot.domain.lifecycle import Hands, Status
from bot.domain.request import Request
from bot.ports import CloudImage, ImageStatus
from bot.service.outcomes import Done
from bot.store.engine import transaction
from bot.store.requests import Line, RequestQueue, request_queues
from bot.store.tables import requests
from tests.house import ALICE, BOB, House, lease, person
from tests.ports import CREATE, busy, unsure


async def in_line(house: House, number: int) -> list[Request]:
    """Return approved requests, each approved a second after the one before."""
    made = []
    for each in range(number):
        made.append(await house.approved(instance=f"ws-0line{each:04}00001"))
        house.clock.advance(1)
    return made


async def by_status(house: House, of: list[Request]) -> dict[Status, int]:
    """Count the requests by their status."""
    found = [(await house.get(each)).status for each in of]
    return {status: found.count(status) for status in set(found)}


async def rows(house: House) -> list[tuple[object, ...]]:
    """Return all that is kept of requests that wait."""
    query = select(requests).where(requests.c.status == Status.APPROVED.value).order_by(requests.c.id)
    async with transaction(house.engine, reads=True) as connection:
        return [tuple(row) for row in await connection.execute(query)]


async def test_an_image_that_ends_changes_nothing_for_those_behind(house: House) -> None:
    made = await in_line(house, 9)
    await house.settle()
    before, log, posts = await rows(house), len(await house.log()), len(house.notifier.edits)
    assert len(before) == 4

    house.cloud.images["img-1"] = CloudImage("img-1", "", ImageStatus.AVAILABLE)
    house.clock.advance(6)
    await house.settle()

    assert await by_status(house, made) == {Status.AVAILABLE: 1, Status.CREATING: 5, Status.APPROVED: 3}
    assert set(await rows(house)) < set(before)
    assert len(await house.log()) == log + 3  # an end, a claim, an image begun
    assert len(house.notifier.edits) == posts + 2  # of the one that ended and of the next


async def test_fewer_places_than_before_are_never_exceeded(house: House, url: str) -> None:
    """Slots three and four stay busy: two are made, and no third."""
    made = await in_line(house, 7)
    await house.settle()
    assert (await by_status(house, made))[Status.CREATING] == 5
    lowered = House(url, house.clock, images_at_once=2)
    lowered.cloud, lowered.notifier = house.cloud, house.notifier
    lowered.on(house.cloud, house.notifier)
    for image in ("img-1", "img-2", "img-3"):
        house.cloud.images[image] = CloudImage(image, "", ImageStatus.AVAILABLE)
    lowered.clock.advance(6)
    await lowered.settle()
    assert await by_status(house, made) == {Status.AVAILABLE: 3, Status.CREATING: 2, Status.APPROVED: 2}
    await lowered.aclose()


async def test_of_several_processes_none_makes_one_too_many(url: str) -> None:
    houses = [House(url, images_at_once=3) for _ in range(4)]
    made = await in_line(houses[0], 10)
    for house in houses:
        house.clock.advance(20)
        house.on(houses[0].cloud, house.notifier)
    for _ in range(3):
        await asyncio.gather(*(house.step() for house in houses), return_exceptions=True)
        for house in houses:
            house.clock.advance(2)
    assert (await by_status(houses[0], made))[Status.CREATING] == 3
    assert len(houses[0].cloud.images) == 3
    for house in houses:
        await house.aclose()


async def test_who_was_approved_first_is_made_first_whatever_waited_longer(
    houses: Callable[..., House],
) -> None:
    house = houses(images_at_once=1)
    made = await in_line(house, 4)
    line = Line(house.store, 9)
    taken = []
    while (request := await line.claim(lease())) is not None:
        taken.append(request.id)
    assert taken == [each.id for each in made]


async def test_who_is_being_started_has_a_place(cabin: House) -> None:
    await in_line(cabin, 3)
    line = Line(cabin.store, 2)
    held = [lease(), lease()]
    first = [await line.claim(each) for each in held]
    assert all(first)
    assert await line.claim(lease()) is None
    assert await line.next_due() is None
    assert first[0] is not None
    await line.release(first[0].id, held[0])
    assert await line.claim(lease()) == first[0]


async def test_a_request_whose_instance_is_imaged_is_passed_over(cabin: House) -> None:
    first = await cabin.approved()
    await cabin.step()
    second, third = await cabin.approved(), await cabin.approved(instance="ws-0other00000001")
    line = Line(cabin.store, 5)
    assert await line.claim(lease()) == third
    assert await line.claim(lease()) is None
    assert await line.next_due() is None
    assert (await cabin.get(first)).status is Status.CREATING
    assert (await cabin.get(second)).status is Status.APPROVED


async def test_a_cloud_that_is_busy_is_not_asked_for_the_next_in_line(cabin: House) -> None:
    made = await in_line(cabin, 8)
    cabin.cloud.fail(CREATE, busy(retry_after=100))
    await cabin.step()
    assert cabin.cloud.calls.count(CREATE) == 1
    line = Line(cabin.store, 5)
    assert await line.next_due() == cabin.clock() + 100
    cabin.clock.advance(100)
    await cabin.step()
    assert await by_status(cabin, made) == {Status.CREATING: 5, Status.APPROVED: 3}


async def test_a_code_that_nobody_knows_holds_nobody_else_up(cabin: House) -> None:
    """It may be about this request alone."""
    made = await in_line(cabin, 3)
    cabin.cloud.fail(CREATE, unsure())
    await cabin.step()
    assert await by_status(cabin, made) == {Status.APPROVED: 1, Status.CREATING: 2}


async def test_a_place_is_counted_when_it_is_shown(houses: Callable[..., House]) -> None:
    house = houses(images_at_once=1)
    made = await in_line(house, 4)
    later = await house.approved(instance="ws-0later00000001", start_at=house.clock() + 99)
    await house.step()
    shown = [await house.service.questions.show(person(ALICE), each.id) for each in (*made, later)]
    assert [each.place if isinstance(each, Done) else "?" for each in shown] == [None, 1, 2, 3, None]


async def test_each_kind_of_hands_takes_its_own(cabin: House) -> None:
    pending = await cabin.submit(instance="ws-0pending0000001")
    approved = await cabin.approved(instance="ws-0approved000001")
    creating = await cabin.set(
        await cabin.approved(instance="ws-0creating000001"), status=Status.CREATING, slot=4, image_id="img-9"
    )
    queues = request_queues(cabin.store, 5)
    taken = {hands: await queue.claim(lease()) for hands, queue in queues.items()}
    found = {hands: request.id if request else None for hands, request in taken.items()}
    assert found == {Hands.REVIEW: pending.id, Hands.CREATE: approved.id, Hands.WATCH: creating.id}
    assert [await queue.claim(lease()) for queue in queues.values()] == [None] * 3


async def test_an_approval_hands_the_request_on_in_the_same_write(cabin: House) -> None:
    """Who has approved hands on what others start: they are woken by that write, and must find it free."""
    request = await cabin.submit()
    await cabin.step()
    await cabin.service.review(person(BOB), request.id, approves=True)
    token = lease()
    claimed = await RequestQueue(cabin.store, Hands.REVIEW).claim(token)
    assert claimed is not None
    await cabin.steps.work(claimed, token)
    assert await Line(cabin.store, 1).claim(lease()) == await cabin.get(request)
