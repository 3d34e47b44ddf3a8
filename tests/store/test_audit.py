"""The audit log: everything decided and done, chained; whatever is changed afterwards is found."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import Executable, delete, insert, literal_column, select, text, update

from bot.domain.changes import Change
from bot.domain.lifecycle import TRANSITIONS, Event
from bot.store import audit as log
from bot.store.audit_check import Check, check, sign
from bot.store.engine import transaction
from bot.store.tables import audit, audit_checkpoints, audit_head, requests
from tests.house import ALICE, AUDIT_KEY, BOB, DAVE, House, person

PAST_THE_TRIGGERS = {
    "sqlite": ("DROP TRIGGER IF EXISTS audit_no_update", "DROP TRIGGER IF EXISTS audit_no_delete"),
    "postgresql": ("SET LOCAL session_replication_role = replica",),
}


async def checked(house: House, expect: log.Head | None = None) -> Check:
    """Verify the log."""
    async with transaction(house.engine, reads=True) as connection:
        return await check(connection, expect)


async def first_broken(house: House) -> int | None:
    """Verify the log; name the first record that is broken."""
    found = await checked(house)
    assert (found.first_broken is None) <= (not found.problems)
    return found.first_broken


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


def forged(seq: int, previous: str, key: bytes | None) -> dict[str, object]:
    """An entry that says what somebody would like, chained as well as they can."""
    fields = (seq, 1.0, BOB, "approved", None, "{}", previous)
    return vars(log.Entry(*fields, log.chain_hash(key, fields)))


async def test_an_entry_added_past_the_head_is_found(house: House) -> None:
    await some_life(house)
    last = (await house.log())[-1]
    await tamper(house, insert(audit).values(**forged(8, last.hash, AUDIT_KEY)))
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


async def test_the_audit_log_has_every_event_but_those_that_decide_nothing(cabin: House) -> None:
    """A look at an image that may still be made, and a button that disappears."""
    rows = {event: before for before, row in TRANSITIONS.items() for event in row}
    request = await cabin.submit()
    for event, before in rows.items():
        async with cabin.store.begin() as writing:
            written = await writing.write(replace(request, status=before), Change(event, request, None))
        assert written is not None
        request = written
    recorded = [entry.event for entry in await cabin.log()]
    assert recorded == [Event.SUBMIT, *(event for event in rows if event not in {Event.WATCH, Event.LAPSE})]


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


# What a person with every right on the database, and without the key, can do to cover something up.


async def test_a_tail_cut_with_the_head_moved_is_found_by_the_requests(house: House) -> None:
    await some_life(house)
    at_3 = (await house.log())[2]
    await tamper(
        house, delete(audit).where(audit.c.seq > 3), update(audit_head).values(seq=3, hash=at_3.hash)
    )
    (problem,) = (await checked(house)).problems
    assert "is creating at revision 5, and the log says pending at 1" in problem


async def test_a_tail_of_refusals_cut_with_the_head_moved_is_found_by_what_was_expected(house: House) -> None:
    request = await house.submit()
    before, expected = (await house.log())[-1], None
    await house.service.review(person(DAVE), request.id, approves=True)
    expected = log.Head(2, (await house.log())[-1].hash)
    assert (await checked(house, expected)).problems == []
    await tamper(
        house, delete(audit).where(audit.c.seq > 1), update(audit_head).values(seq=1, hash=before.hash)
    )
    assert (await checked(house)).problems == []
    assert (await checked(house, expected)).first_broken == 2


async def test_everything_deleted_is_found_by_the_requests_or_by_what_was_expected(house: House) -> None:
    await some_life(house)
    expected = log.Head(7, (await house.log())[-1].hash)
    await tamper(house, delete(audit), update(audit_head).values(seq=0, hash=log.GENESIS))
    assert "the log has no record of it" in (await checked(house)).problems[0]
    await tamper(house, delete(requests))
    assert (await checked(house)).problems == []
    assert (await checked(house, expected)).first_broken == 1


async def test_a_chain_rewritten_without_the_key_is_found(house: House) -> None:
    await some_life(house)
    entry = forged(1, log.GENESIS, None)
    await tamper(
        house,
        delete(audit),
        insert(audit).values(**entry),
        update(audit_head).values(seq=1, hash=entry["hash"]),
    )
    assert await first_broken(house) == 1


async def test_a_chain_rewritten_with_the_key_is_found_by_what_was_expected(house: House) -> None:
    await house.service.delegate(person(BOB), DAVE, house.clock() + 60)
    expected = log.Head(1, (await house.log())[-1].hash)
    entry = forged(1, log.GENESIS, AUDIT_KEY)
    await tamper(
        house,
        delete(audit),
        insert(audit).values(**entry),
        update(audit_head).values(seq=1, hash=entry["hash"]),
    )
    assert (await checked(house)).problems == []
    assert (await checked(house, expected)).first_broken == 1


@pytest.mark.parametrize("seq", [-1, 0, 99])
async def test_a_row_outside_of_the_chain_is_found(house: House, seq: int) -> None:
    await some_life(house)
    await tamper(house, insert(audit).values(**forged(seq, log.GENESIS, None) | {"at": -5.0}))
    assert await first_broken(house) is not None


async def test_a_row_at_a_negative_time_is_read(house: House) -> None:
    await some_life(house)
    await tamper(house, update(audit).where(audit.c.seq == 2).values(at=-5.0))
    assert await first_broken(house) == 2
    assert len(await house.log()) == 7


@pytest.mark.parametrize(
    "column", ["seq", "at", "actor", "event", "request_id", "details", "hash", "previous"]
)
@pytest.mark.parametrize("blob", ["x'00ff'", "cast(x'c328' AS TEXT)", "'text'", "1e999", "NULL"])
async def test_what_sqlite_takes_in_any_column_is_found_without_a_trace(
    cabin: House, column: str, blob: str
) -> None:
    """Blobs, text that is no UTF-8, infinity: a column of SQLite holds them all."""
    await some_life(cabin)
    spoil = update(audit).prefix_with("OR IGNORE").where(audit.c.seq == 3)
    await tamper(cabin, spoil.values({column: literal_column(blob)}))
    refused = blob == "NULL" and column != "request_id"
    assert await first_broken(cabin) == (None if refused else 3)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "available"},
        {"recorded_revision": 9},
        {"revision": 0},
        {"status": "pending", "recorded_revision": 0},
    ],
)
async def test_a_request_that_does_not_follow_from_the_log_is_found(
    house: House, change: dict[str, object]
) -> None:
    """So is an older copy of either table."""
    await some_life(house)
    await tamper(house, update(requests).values(change))
    assert len((await checked(house)).problems) == 1


async def test_a_request_that_nobody_asked_for_and_one_that_is_gone_are_found(house: House) -> None:
    request = await house.submit()
    other = await house.submit(instance="ws-0second0000001")
    await tamper(house, update(requests).where(requests.c.id == other.id).values(id="r-forged"))
    assert [problem.split(" ", 2)[1] for problem in (await checked(house)).problems] == ["r-forged", other.id]
    assert request.id not in str((await checked(house)).problems)


async def test_a_checkpoint_that_was_not_signed_with_the_key_is_found(house: House) -> None:
    await some_life(house)
    at_2 = (await house.log())[1]
    forgery = {"seq": 2, "at": 1.0, "hash": at_2.hash, "signature": sign(None, 2, 1.0, at_2.hash)}
    await tamper(house, insert(audit_checkpoints).values(forgery), delete(audit).where(audit.c.seq <= 2))
    assert await first_broken(house) == 2
