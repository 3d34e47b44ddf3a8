"""A delivery that comes again, to another process or after a restart, does nothing again."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.domain.lifecycle import Status
from bot.domain.preferences import Preferences
from bot.domain.request import End, Failure, Person
from bot.service.outcomes import Done, RefusalReason, Refused
from bot.store import deliveries
from bot.store.engine import transaction
from tests.house import ALICE, BOB, DAVE, EVE, House, person
from tests.service.test_home import home

Act = Callable[[House, str, Person], Awaitable[object]]


def by(user_id: str, delivery: str = "1795300000.1.x") -> Person:
    """Somebody, acting by a delivery."""
    return replace(person(user_id), delivery=delivery)


async def fails(house: House, request_id: str) -> None:
    """Let a request's attempt fail."""
    request = await house.store.get(request_id)
    assert request is not None
    end, failure = End(house.clock()), Failure("OperationDenied")
    await house.set(request, status=Status.FAILED, end=end, failure=failure, approved_at=house.clock())


async def retry(house: House, request_id: str, who: Person) -> object:
    """Try a failed request again."""
    return await house.service.retry(who, request_id)


async def cancel(house: House, request_id: str, who: Person) -> object:
    """Take it back."""
    return await house.service.cancel(who, request_id)


async def approve(house: House, request_id: str, who: Person) -> object:
    """Approve it."""
    return await house.service.review(who, request_id, approves=True)


async def reject(house: House, request_id: str, who: Person) -> object:
    """Reject it."""
    return await house.service.review(who, request_id, approves=False, reason="no")


async def sign_off(house: House, request_id: str, who: Person) -> object:
    """Review it afterwards."""
    return await house.service.sign_off(who, request_id)


async def delegate(house: House, _: str, who: Person) -> object:
    """Let Dave approve for an hour from now."""
    return await house.service.delegate(who, DAVE, house.clock() + 3600)


async def undelegate(house: House, _: str, who: Person) -> object:
    """Take it back."""
    return await house.service.end_delegation(who)


async def reopened(house: House, request_id: str) -> None:
    """Let a request wait for approval as if nobody had reviewed it."""
    request = await house.store.get(request_id)
    assert request is not None
    await house.set(request, status=Status.PENDING, reviews=(), end=None, approved_at=None)


async def unsigned(house: House, request_id: str) -> None:
    """Let emergency access wait to be signed off."""
    request = await house.store.get(request_id)
    assert request is not None
    end = End(house.clock())
    await house.set(request, status=Status.FAILED, break_glass=True, end=end, signed_off_by=None)


async def delegated(house: House, _: str) -> None:
    """Let Bob delegate to Dave."""
    await house.service.delegate(person(BOB), DAVE, house.clock() + 60)


async def undelegated(house: House, _: str) -> None:
    """Let Bob delegate to nobody."""
    await house.service.end_delegation(person(BOB))


@pytest.mark.parametrize(
    ("prepare", "act", "who"),
    [
        (fails, retry, ALICE),
        (reopened, cancel, ALICE),
        (reopened, approve, BOB),
        (reopened, reject, BOB),
        (unsigned, sign_off, BOB),
        (undelegated, delegate, BOB),
        (delegated, undelegate, BOB),
    ],
    ids=lambda each: getattr(each, "__name__", each),
)
async def test_what_is_delivered_again_is_done_once(
    houses: Callable[..., House], prepare: Callable[[House, str], Awaitable[None]], act: Act, who: str
) -> None:
    """Even if it would be possible again by then; a new delivery does it again."""
    one, other = houses(), houses()
    request = await one.submit()
    await prepare(one, request.id)
    first = await act(one, request.id, by(who))
    await prepare(one, request.id)
    before = await one.get(request), await one.store.delegations("T0TEAM")

    again = await act(other, request.id, by(who))

    assert not isinstance(first, Refused), first
    assert isinstance(again, Refused), again
    assert again.why is RefusalReason.REPEATED
    assert (await one.get(request), await one.store.delegations("T0TEAM")) == before
    assert not isinstance(await act(other, request.id, by(who, "1795300009.2.x")), Refused)


async def test_who_repeats_a_delivery_is_in_the_audit_log(cabin: House) -> None:
    """Somebody may be sending again what they have captured."""
    request = await cabin.submit()
    for _ in range(2):
        await approve(cabin, request.id, by(BOB))

    [entry] = [entry for entry in await cabin.log() if entry.event == "refused"]
    assert (entry.actor, entry.request_id, json.loads(entry.details)["why"]) == (BOB, request.id, "repeated")


async def test_a_choice_at_home_that_is_delivered_again_does_not_come_back(
    houses: Callable[..., House],
) -> None:
    """What was chosen since then stays."""
    one, other = houses(), houses()
    await home(one).choose(by(BOB, "1"), Preferences(decided=True))
    await home(one).choose(by(BOB, "2"), Preferences(decided=False))

    await home(other).choose(by(BOB, "1"), Preferences(decided=True))

    assert not (await home(one).choices(person(BOB))).decided


async def test_one_delivery_of_each_workspace_counts(cabin: House) -> None:
    """Their numbers are their own; and what comes from the shell has none."""
    async with transaction(cabin.engine) as connection:
        tried = [
            await deliveries.is_first(connection, each, cabin.clock())
            for each in (by(BOB), by(EVE), replace(by(BOB), team_id="T0OTHER"), person(BOB), person(BOB))
        ]

    assert tried == [True, False, True, True, True]


async def test_a_delivery_is_remembered_for_a_day(house: House) -> None:
    """A signature counts for five minutes, so the table stays small."""
    request = await house.submit()
    assert isinstance(await house.service.cancel(by(ALICE), request.id), Done)

    async def forgotten() -> int:
        async with transaction(house.engine) as connection:
            return await deliveries.forget(connection, house.clock())

    house.clock.advance(86_399)
    assert await forgotten() == 0
    house.clock.advance(2)
    assert await forgotten() == 1
