"""Asking for an image: once per delivery, within limits, and with permission."""

import asyncio
from collections.abc import Callable

import pytest

from bot.domain.lifecycle import Status
from bot.service.outcomes import (
    Denied,
    RefusalReason,
    Refused,
    Submitted,
)
from tests.house import ALICE, DAVE, EVE, House, person
from tests.service.asked import refusals, submission


async def test_the_same_delivery_twice_is_one_request(house: House) -> None:
    first = await house.service.submit(person(ALICE), submission(key="envelope-1"))
    again = await house.service.submit(person(ALICE), submission(key="envelope-1"))
    assert isinstance(first, Submitted)
    assert isinstance(again, Submitted)
    assert (first.request.id, first.again, again.request.id, again.again) == (
        first.request.id,
        False,
        first.request.id,
        True,
    )
    assert len(await house.messages()) == 1


async def test_deliveries_at_the_same_moment_are_one_request(url: str) -> None:
    houses = [House(url) for _ in range(4)]
    outcomes = await asyncio.gather(
        *(house.service.submit(person(ALICE), submission(key="envelope-1")) for house in houses)
    )
    made = [outcome for outcome in outcomes if isinstance(outcome, Submitted)]
    assert len(made) == 4
    assert len({outcome.request.id for outcome in made}) == 1
    assert [outcome.again for outcome in made].count(False) == 1
    for house in houses:
        await house.aclose()


async def test_who_is_not_allowed_to_ask_is_denied_and_nothing_is_kept_but_the_denial(house: House) -> None:
    outcome = await house.service.submit(person(DAVE), submission())
    assert isinstance(outcome, Denied)
    assert await house.store.find() == ()
    assert await refusals(house) == [DAVE]


async def test_a_request_that_needs_nobody_is_made_without_waiting(cabin: House) -> None:
    request = await cabin.submit(image={"image_name": "free"})
    await cabin.step()
    assert (await cabin.get(request)).status is Status.CREATING


async def test_a_request_without_a_channel_is_refused(houses: Callable[..., House]) -> None:
    house = houses(image_channel=None)
    outcome = await house.service.submit(person(ALICE, channel=""), submission())
    assert isinstance(outcome, Refused)
    assert outcome.why is RefusalReason.NO_CHANNEL


async def test_skipping_approval_needs_the_right_and_a_reason(cabin: House) -> None:
    denied = await cabin.service.submit(person(ALICE), submission(break_glass=True, reason="fire"))
    silent = await cabin.service.submit(person(EVE), submission(break_glass=True))
    made = await cabin.service.submit(person(EVE), submission(break_glass=True, reason="fire"))
    assert isinstance(denied, Denied)
    assert isinstance(silent, Refused)
    assert silent.why is RefusalReason.REASON_NEEDED
    assert isinstance(made, Submitted)
    await cabin.step()
    assert (await cabin.get(made.request)).status is Status.CREATING


LIMITS = {
    "open at once": ({"open_requests_per_person": 2}, RefusalReason.TOO_MANY),
    "sent in a minute": ({"requests_per_person_and_minute": 2}, RefusalReason.TOO_FAST),
}
"""What is limited to two requests, and why the third is refused."""


@pytest.mark.parametrize(("limit", "why"), LIMITS.values(), ids=LIMITS)
async def test_a_person_has_so_many_requests_and_no_more(
    houses: Callable[..., House], limit: dict[str, int], why: RefusalReason
) -> None:
    """Others' don't count, nor does a repeated delivery; after an end, or a minute, there's room again."""
    house = houses(**limit)
    made = [await house.submit(instance=f"ws-0mine{number}00000001", key=str(number)) for number in range(2)]
    refused = await house.service.submit(person(ALICE), submission(key="new"))
    assert isinstance(refused, Refused)
    assert refused.why is why
    again = await house.service.submit(person(ALICE), submission(key="1"))
    assert isinstance(again, Submitted)
    assert again.request.id == made[1].id
    assert isinstance(await house.service.submit(person(EVE), submission()), Submitted)
    if why is RefusalReason.TOO_MANY:
        await house.service.cancel(person(ALICE), made[0].id)
    else:
        house.clock.advance(60)
    assert isinstance(await house.service.submit(person(ALICE), submission()), Submitted)
