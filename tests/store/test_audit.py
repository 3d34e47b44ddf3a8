"""The audit log: everything decided and done, chained; whatever is changed afterwards is found."""

import asyncio

import pytest
from sqlalchemy import Executable, delete, insert, select, text, update

from bot.store import audit as log
from bot.store.engine import transaction
from bot.store.tables import audit, audit_head
from tests.house import ALICE, BOB, DAVE, House, person

PAST_THE_TRIGGERS = {
    "sqlite": ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"),
    "postgresql": ("SET LOCAL session_replication_role = replica",),
}


async def first_broken(house: House) -> int | None:
    """Verify the log."""
    async with transaction(house.engine, reads=True) as connection:
        return await log.first_broken(connection)


async def tamper(house: House, *statements: Executable) -> None:
    """Change the log as somebody with all rights on the database can."""
    async with transaction(house.engine) as connection:
        for way in PAST_THE_TRIGGERS[house.engine.dialect.name]:
            await connection.execute(text(way))
        for statement in statements:
            await connection.execute(statement)


async def some_life(house: House) -> None:
    """Write a few entries."""
    request = await house.submit()
    await house.service.review(person(DAVE), request.id, approves=True)
    await house.service.review(person(BOB), request.id, approves=True)
    await house.step()


async def test_an_untouched_log_is_whole(house: House) -> None:
    await some_life(house)
    entries = await house.log()
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert [entry.event for entry in entries] == [
        "submitted",
        "refused",
        "reviewed",
        "inspected",
        "approved",
        "creating",
        "issued",
    ]
    assert await first_broken(house) is None


async def test_a_log_that_grows_meanwhile_is_whole(house: House) -> None:
    """Somebody verifies it while the bot works."""
    writing = asyncio.create_task(_writes(house))
    found = []
    while not writing.done():
        found.append(await first_broken(house))

    await writing
    assert set(found) == {None}


async def _writes(house: House) -> None:
    for number in range(30):
        await house.submit(instance=f"ws-0grow{number:02}00000001")


async def test_an_empty_log_is_whole(house: House) -> None:
    assert await first_broken(house) is None


@pytest.mark.parametrize("column", ["actor", "event", "request_id", "details", "previous", "hash"])
async def test_a_changed_entry_is_found(house: House, column: str) -> None:
    await some_life(house)
    await tamper(house, update(audit).where(audit.c.seq == 3).values({column: "forged"}))
    assert await first_broken(house) == 3


async def test_a_changed_time_is_found(house: House) -> None:
    await some_life(house)
    await tamper(house, update(audit).where(audit.c.seq == 2).values(at=audit.c.at + 1))
    assert await first_broken(house) == 2


async def test_a_removed_entry_is_found(house: House) -> None:
    await some_life(house)
    await tamper(house, delete(audit).where(audit.c.seq == 2))
    assert await first_broken(house) == 2


async def test_a_log_cut_short_is_found(house: House) -> None:
    await some_life(house)
    await tamper(house, delete(audit).where(audit.c.seq == 7))
    assert await first_broken(house) == 7


async def test_an_entry_added_past_the_head_is_found(house: House) -> None:
    await some_life(house)
    last = (await house.log())[-1]
    forged = {"seq": 8, "at": 1.0, "actor": BOB, "event": "approved", "request_id": None, "details": "{}"}
    digest = log.chain_hash(8, 1.0, BOB, "approved", None, "{}", last.hash)
    await tamper(house, insert(audit).values(**forged, previous=last.hash, hash=digest))
    assert await first_broken(house) is not None


async def test_two_entries_that_changed_places_are_found(house: House) -> None:
    await some_life(house)
    moves = [update(audit).where(audit.c.seq == of).values(seq=to) for of, to in ((2, 99), (3, 2), (99, 3))]
    await tamper(house, *moves)
    assert await first_broken(house) == 2


async def test_several_writers_make_one_chain(url: str) -> None:
    houses = [House(url) for _ in range(3)]
    await asyncio.gather(
        *(
            house.submit(instance=f"ws-0writer{number}{index}00001")
            for index, house in enumerate(houses)
            for number in range(8)
        )
    )
    assert len(await houses[0].log()) == 24
    assert await first_broken(houses[0]) is None
    for house in houses:
        await house.aclose()


async def broken_off(house: House, request_id: str) -> None:
    """Begin to write, and break."""
    async with house.store.begin() as writing:
        await writing.record("approved", BOB, request_id, {})
        raise ZeroDivisionError


async def test_an_entry_is_there_if_and_only_if_its_change_is(house: House) -> None:
    request = await house.submit()
    with pytest.raises(ZeroDivisionError):
        await broken_off(house, request.id)
    assert [entry.event for entry in await house.log()] == ["submitted"]
    async with transaction(house.engine, reads=True) as connection:
        assert await connection.scalar(select(audit_head.c.seq)) == 1


async def test_a_refusal_says_who_was_refused_what_and_by_which_statements(cabin: House) -> None:
    request = await cabin.submit()
    await cabin.service.review(person(DAVE), request.id, approves=True)
    entry = (await cabin.log())[-1]
    assert (entry.event, entry.actor, entry.request_id) == ("refused", DAVE, request.id)
    for said in ("imagebot:ApproveImageRequest", "ImplicitDeny", "statements", request.image.instance_id):
        assert said in entry.details


async def test_what_people_write_is_kept_as_it_is(house: House) -> None:
    reason = "für 新しい \x00 'quotes' \" \\ 🚀"
    await house.submit(reason=reason)
    assert await first_broken(house) is None
    (request,) = await house.store.find(requester=ALICE)
    assert request.reason == reason
