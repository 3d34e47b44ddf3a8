"""Refusals in the audit log: each at first, then their number."""

import asyncio
import json
from contextlib import suppress

from bot.service.outcomes import Denied, RefusalReason, Refused
from bot.service.refusals import INTERVAL, WRITTEN_WHOLE, Refusals
from tests.house import ALICE, DAVE, INSTANCE, House, person

OUTSIDER, TOO_MANY = Refused(RefusalReason.OUTSIDER), Refused(RefusalReason.TOO_MANY)


async def told(house: House) -> list[tuple[str, str, str, int]]:
    """What the log says of refusals: event, who, why and how often."""
    entries = [each for each in await house.log() if each.event.startswith("refused")]
    facts = [json.loads(each.details) for each in entries]
    return [
        (each.event, each.actor, fact["why"], fact.get("times", 1))
        for each, fact in zip(entries, facts, strict=True)
    ]


async def tried(refusals: Refusals, user: str, refusal: Refused, times: int) -> None:
    """Be refused the same so many times."""
    for _ in range(times):
        assert await refusals.record(person(user), "a:b", None, refusal) is refusal


async def test_who_is_refused_the_same_a_thousand_times_is_written_ten_times_and_counted(
    house: House,
) -> None:
    refusals = Refusals(house.store)
    await tried(refusals, DAVE, OUTSIDER, 1000)
    assert await told(house) == [("refused", DAVE, "outsider", 1)] * WRITTEN_WHOLE

    house.clock.advance(INTERVAL)
    await refusals.write_counts()
    await refusals.write_counts()

    assert (await told(house))[WRITTEN_WHOLE:] == [("refused_again", DAVE, "outsider", 1000 - WRITTEN_WHOLE)]


async def test_no_count_is_written_before_its_interval_is_over(house: House) -> None:
    refusals = Refusals(house.store)
    await tried(refusals, DAVE, OUTSIDER, WRITTEN_WHOLE + 1)
    house.clock.advance(INTERVAL - 1)
    await refusals.write_counts()
    assert len(await told(house)) == WRITTEN_WHOLE


async def test_every_person_and_every_kind_of_refusal_counts_by_itself(house: House) -> None:
    refusals = Refusals(house.store)
    await tried(refusals, DAVE, OUTSIDER, WRITTEN_WHOLE)
    await tried(refusals, DAVE, TOO_MANY, 1)
    await tried(refusals, ALICE, OUTSIDER, 1)
    assert (await told(house))[-2:] == [
        ("refused", DAVE, "too-many", 1),
        ("refused", ALICE, "outsider", 1),
    ]


async def test_after_the_interval_the_number_is_written_and_refusals_have_entries_again(
    house: House,
) -> None:
    refusals = Refusals(house.store)
    await tried(refusals, DAVE, OUTSIDER, WRITTEN_WHOLE + 5)
    house.clock.advance(INTERVAL)
    await tried(refusals, DAVE, OUTSIDER, WRITTEN_WHOLE + 1)
    assert (await told(house))[WRITTEN_WHOLE:] == [
        ("refused_again", DAVE, "outsider", 5),
        *[("refused", DAVE, "outsider", 1)] * WRITTEN_WHOLE,
    ]


async def test_what_is_refused_once_in_a_while_is_written_whole_and_never_counted(cabin: House) -> None:
    refusals = Refusals(cabin.store)
    for _ in range(3):
        await tried(refusals, DAVE, OUTSIDER, 1)
        cabin.clock.advance(INTERVAL)
        await refusals.write_counts()
    assert await told(cabin) == [("refused", DAVE, "outsider", 1)] * 3


async def test_a_refusal_about_a_request_stands_under_it_with_what_it_was_about(cabin: House) -> None:
    """Who reads the request's log sees who tried."""
    request = await cabin.submit()
    assert isinstance(await cabin.service.review(person(DAVE), request.id, approves=True), Denied)
    [entry] = [each for each in await cabin.log() if each.event == "refused"]
    assert (entry.request_id, entry.actor) == (request.id, DAVE)
    assert json.loads(entry.details)["resource"].endswith(f"/{INSTANCE}")


async def test_what_was_counted_is_written_when_the_process_ends(house: House) -> None:
    refusals = Refusals(house.store)
    await tried(refusals, DAVE, OUTSIDER, WRITTEN_WHOLE + 3)
    counting = asyncio.create_task(refusals.run())
    await asyncio.sleep(0)
    counting.cancel()
    with suppress(asyncio.CancelledError):
        await counting
    assert (await told(house))[-1] == ("refused_again", DAVE, "outsider", 3)
