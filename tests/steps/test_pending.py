"""A request that waits: looked over, counted, reminded of, reopened, and let go when its time is over."""

import pytest

from bot.domain.lifecycle import Status
from bot.domain.request import End, Request
from bot.ports import InstanceState
from tests.house import ALICE, BOB, CAROL, EVE, House, person
from tests.ports import ALL_KINDS, INSTANCE

TWO = {"image_name": "two"}


async def after(house: House, request: Request, seconds: float) -> Request:
    """Let time pass and see what has become of the request."""
    house.clock.advance(seconds)
    await house.settle()
    return await house.get(request)


async def test_the_card_is_told_the_state_of_the_instance(cabin: House) -> None:
    request = await cabin.submit()
    await cabin.step()
    assert (await cabin.get(request)).instance_state == "STOPPED"


async def test_the_card_is_told_of_the_request_of_the_last_image(cabin: House) -> None:
    first = await cabin.submit(image={"image_name": "golden"})
    await cabin.settle()
    await cabin.set(first, status=Status.AVAILABLE, end=End(cabin.clock()))
    second = await cabin.submit()
    await cabin.step()
    facts, [card] = (await cabin.get(second)).facts, [row for row in await cabin.messages() if row.ts][:1]
    assert (facts.last_image, facts.last_request) == ("golden", first.id)
    assert facts.last_card == (card.posted_in, card.ts)


async def test_an_instance_that_nobody_knows_is_missing(cabin: House) -> None:
    cabin.cloud.state = None
    request = await cabin.submit()
    await cabin.step()
    assert (await cabin.get(request)).instance_state == "MISSING"


@pytest.mark.parametrize("state", list(InstanceState))
async def test_every_state_is_kept_as_it_is(cabin: House, state: InstanceState) -> None:
    cabin.cloud.state = state
    request = await cabin.submit()
    await cabin.step()
    assert (await cabin.get(request)).instance_state == state.value


@pytest.mark.parametrize("error", ALL_KINDS)
async def test_a_cloud_that_cannot_tell_holds_nothing_up(cabin: House, error: object) -> None:
    cabin.cloud.fail(INSTANCE, error())  # type: ignore[operator]  # a table of factories
    request = await cabin.submit()
    await cabin.step()
    assert (await cabin.get(request)).instance_state == "UNKNOWN"
    await cabin.service.review(person(BOB), request.id, approves=True)
    await cabin.step()
    assert (await cabin.get(request)).status is Status.CREATING


async def test_a_request_expires_when_its_time_is_over_and_not_before(house: House) -> None:
    request = await house.submit()
    assert (await after(house, request, 86399)).status is Status.PENDING
    expired = await after(house, request, 1)
    assert (expired.status, expired.end) == (Status.EXPIRED, End(house.clock()))
    assert house.told()[-1] == ("entry", "expired")


async def test_who_sleeps_a_day_wakes_to_the_right_state(cabin: House) -> None:
    waiting = await cabin.submit(instance="ws-0waiting000001")
    approved = await cabin.submit()
    await cabin.service.review(person(BOB), approved.id, approves=True)
    cabin.clock.advance(86400 * 2)
    await cabin.settle()
    assert (await cabin.get(waiting)).status is Status.EXPIRED
    assert (await cabin.get(approved)).status is Status.CREATING


async def test_reminders_come_at_their_times_and_name_those_who_can_help(cabin: House) -> None:
    request = await cabin.submit(image=TWO)
    await cabin.settle()
    await cabin.service.review(person(BOB), request.id, approves=True)
    for _ in range(3):
        await after(cabin, request, 3600)
    reminders = [message for message in cabin.notifier.order if message.last.event == "reminded"]
    assert len(reminders) == 3
    assert reminders[-1].last.details["helpers"] == [CAROL]
    assert (await after(cabin, request, 3600)).status is Status.EXPIRED


async def test_a_rule_that_names_no_time_reminds_once_at_half_of_it(cabin: House) -> None:
    """A day is what the default rule gives."""
    request = await cabin.submit()
    await cabin.settle()
    reminded = []
    for _ in range(3):
        await after(cabin, request, 6 * 3600)
        reminded.append([event for _, event in cabin.told()].count("reminded"))

    assert reminded == [0, 1, 1]


async def test_a_sleeper_is_reminded_once_not_once_for_every_time_missed(cabin: House) -> None:
    request = await cabin.submit(image=TWO)
    await cabin.settle()
    await after(cabin, request, 3 * 3600)
    assert [event for _, event in cabin.told()].count("reminded") == 1


async def test_an_approver_who_loses_the_right_makes_room_for_another(cabin: House) -> None:
    request = await cabin.submit(image=TWO)
    await cabin.settle()
    await cabin.service.review(person(BOB), request.id, approves=True)
    await cabin.settle()
    cabin.directory.groups["S0OPS"].discard(BOB)
    await cabin.service.review(person(CAROL), request.id, approves=True)
    await cabin.settle()
    reopened = await cabin.get(request)
    assert (reopened.status, reopened.approvers) == (Status.PENDING, (CAROL,))
    assert ("entry", "reopened") in cabin.told()
    await cabin.service.review(person(EVE), request.id, approves=True)
    await cabin.settle()
    assert (await cabin.get(request)).status is Status.CREATING


async def test_who_regains_the_right_may_approve_again(cabin: House) -> None:
    request = await cabin.submit(image=TWO)
    await cabin.settle()
    await cabin.service.review(person(BOB), request.id, approves=True)
    cabin.directory.groups["S0OPS"].discard(BOB)
    await after(cabin, request, 1)
    cabin.directory.groups["S0OPS"].add(BOB)
    await cabin.service.review(person(BOB), request.id, approves=True)
    assert (await cabin.get(request)).approvers == (BOB,)


async def test_nobody_approves_by_having_asked(cabin: House) -> None:
    request = await cabin.submit(user=EVE)
    await cabin.service.review(person(EVE), request.id, approves=True)
    await cabin.settle()
    assert (await cabin.get(request)).status is Status.PENDING
    assert request.requester != ALICE
