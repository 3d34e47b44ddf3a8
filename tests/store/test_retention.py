"""KEEP_DAYS: what ended long ago goes, what lives stays, and the audit log still proves itself."""

import pytest
from sqlalchemy import delete, func, select, update

from bot.domain.lifecycle import ENDS, Status
from bot.store import retention
from bot.store.audit_check import check
from bot.store.engine import open_engine, transaction
from bot.store.tables import audit, audit_checkpoints, messages, requests
from tests.house import ALICE, House, person
from tests.store.test_audit import tamper

DAY = 86400.0


async def problems(house: House) -> list[str]:
    """What `audit verify` says."""
    async with transaction(house.engine, reads=True) as connection:
        return (await check(connection)).problems


async def removed(house: House, days: float = 30.0) -> tuple[int, int]:
    """Remove what ended so long ago."""
    return await retention.remove(house.engine, house.clock() - days * DAY, house.clock())


async def ended(house: House, number: int) -> str:
    """Make a request that its requester cancelled; return its ID."""
    request = await house.submit(instance=f"ws-0ended{number:03}00001")
    await house.service.cancel(person(ALICE), request.id)
    return request.id


async def test_what_ended_long_ago_goes_with_its_messages_and_its_history(house: House) -> None:
    old = [await ended(house, number) for number in range(retention.REQUESTS_AT_ONCE + 3)]
    house.clock.now += 40 * DAY
    young = await ended(house, 99)

    assert await removed(house) == (len(old), 2 * len(old))
    assert [each.id for each in await house.store.find(limit=100)] == [young]
    assert {row.subject_id for row in await house.messages()} == {young}
    assert await problems(house) == []
    assert await removed(house) == (0, 0)


async def test_the_history_of_what_lives_is_kept_and_everything_after_it(house: House) -> None:
    first = await ended(house, 1)
    living = await house.submit()
    second = await ended(house, 2)
    house.clock.now += 40 * DAY

    assert await removed(house) == (2, 2)
    assert [each.id for each in await house.store.find()] == [living.id]
    told = [entry.request_id for entry in await house.log()]
    assert told == [living.id, second, second, first, second]
    assert await problems(house) == []


@pytest.mark.parametrize("status", Status)
async def test_only_what_has_ended_can_be_removed(cabin: House, status: Status) -> None:
    request = await cabin.submit()
    async with transaction(cabin.engine) as connection:
        await connection.execute(update(requests).values(status=status.value, ended_at=cabin.clock()))
    cabin.clock.now += 40 * DAY

    assert (await removed(cabin))[0] == (1 if status in ENDS else 0)
    assert (await cabin.store.get(request.id) is None) == (status in ENDS)


async def test_without_a_key_the_log_is_kept_whole(house: House, url: str) -> None:
    await ended(house, 1)
    house.clock.now += 40 * DAY
    unkeyed = open_engine(url)
    gone = await retention.remove(unkeyed, house.clock() - DAY, house.clock())

    assert gone == (1, 0)
    await unkeyed.dispose()


async def test_a_cut_without_its_checkpoint_or_beyond_it_is_found(house: House) -> None:
    await ended(house, 1)
    await house.submit()
    house.clock.now += 40 * DAY
    await removed(house)
    assert await problems(house) == []
    await tamper(house, delete(audit).where(audit.c.seq == 3))
    assert await problems(house)
    await tamper(house, delete(audit_checkpoints))
    assert await problems(house)


async def test_what_was_removed_without_a_word_is_found(house: House) -> None:
    await ended(house, 1)
    async with transaction(house.engine) as connection:
        await connection.execute(delete(requests))
        assert await connection.scalar(select(func.count()).select_from(messages))
    (problem,) = await problems(house)
    assert "no longer in the database" in problem
