"""The outbox: in order within a thread, one post a second a channel, looked for before it is posted again."""

import asyncio
import secrets
import time

import pytest
from sqlalchemy import func, select, update

from bot.domain.changes import Change, NewMessage
from bot.domain.lifecycle import Event
from bot.domain.message import Kind, Priority, Subject, Told
from bot.domain.request import Request
from bot.errors import NotifierLater
from bot.ports import Posted
from bot.store import outbox
from bot.store.admin_notices import AdminNotices
from bot.store.engine import transaction
from bot.store.message_queue import LONGEST_PAUSE, Claimed
from bot.store.outbox import POSTED, WAITING
from bot.store.tables import messages, rate_limits
from tests.fakes import changed
from tests.house import ALICE, BOB, EVE, INSTANCE, House, lease, person


async def put(
    house: House,
    request: Request,
    *events: Event,
    kind: Kind = Kind.ENTRY,
    to: str = "",
    priority: Priority = Priority.PERSON,
) -> None:
    """Put messages about a request into the outbox."""
    async with house.store.begin() as writing:
        for event in events:
            message = NewMessage(kind, to or request.channel, priority)
            told = Told(event, house.clock(), ALICE, request.status)
            await outbox.put(writing.connection, outbox.about(request, message, told, secrets.token_hex(4)))


def posted(ts: str, channel: str = "C0IMAGES") -> Posted:
    """What Slack answers."""
    return Posted(channel, ts)


async def claim(house: House) -> Claimed | None:
    """Claim a message, as a worker does."""
    return await house.outbox.claim(lease())


async def rest_is_over(house: House) -> None:
    """Let every channel's second pass."""
    async with transaction(house.engine) as connection:
        await connection.execute(update(rate_limits).values(free_at=0.0))


async def test_a_message_goes_out_only_after_those_before_it_in_its_thread(house: House) -> None:
    request = await house.submit()
    await put(house, request, Event.REVIEW, Event.APPROVE)
    token = lease()
    card = await house.outbox.claim(token)
    assert card is not None
    assert card.message.kind is Kind.CARD
    await rest_is_over(house)
    assert await claim(house) is None
    await house.outbox.posted(card, token, posted("1.0"))
    await rest_is_over(house)
    entry = await claim(house)
    assert entry is not None
    assert ([told.event for told in entry.message.told], entry.message.thread_ts) == (
        [Event.REVIEW, Event.APPROVE],
        "1.0",
    )
    await rest_is_over(house)
    assert await claim(house) is None


async def test_a_thread_that_is_held_up_holds_up_no_other(house: House) -> None:
    first, second = await house.submit(), await house.submit()
    token = lease()
    card = await house.outbox.claim(token)
    assert card is not None
    await rest_is_over(house)
    other = await claim(house)
    assert other is not None
    assert {card.message.subject.id, other.message.subject.id} == {first.id, second.id}


async def test_a_channel_gets_one_post_a_second_and_other_channels_do_not_wait(house: House) -> None:
    request = await house.submit()
    await house.submit()
    await put(house, request, Event.SUBMIT, kind=Kind.NOTICE, to="C0OTHER")
    first, second, third = await claim(house), await claim(house), await claim(house)
    assert first is not None
    assert second is not None
    assert {first.message.target, second.message.target} == {"C0IMAGES", "C0OTHER"}
    assert third is None


async def test_the_second_starts_over_when_a_post_has_taken_long(house: House) -> None:
    await house.submit()
    token = lease()
    card = await house.outbox.claim(token)
    assert card is not None
    await rest_is_over(house)
    await house.outbox.posted(card, token, posted("1.0"))
    await house.submit()
    assert await claim(house) is None


async def test_an_edit_has_a_pace_of_its_own_and_holds_up_no_entry(house: House) -> None:
    request = await house.submit()
    await house.deliver()
    async with house.store.begin() as writing:
        await outbox.redraw_card(writing.connection, request.id, house.clock())
    await put(house, request, Event.REVIEW)
    claimed = [await claim(house), await claim(house)]
    assert {each.message.kind for each in claimed if each} == {Kind.CARD, Kind.ENTRY}


async def test_many_changes_of_one_card_are_one_edit_to_the_newest_state(cabin: House) -> None:
    request = await cabin.submit()
    await cabin.deliver()
    for progress in range(20):
        async with cabin.store.begin() as writing:
            locked = await writing.get(request.id)
            assert locked is not None
            await writing.write(locked, Change(Event.INSPECT, changed(locked, progress=progress), None))
    await cabin.deliver()
    assert [edited and edited.attempt.progress for _, edited in cabin.notifier.edits] == [19]


async def test_a_card_that_changes_while_it_is_being_posted_is_edited_afterwards(cabin: House) -> None:
    request = await cabin.submit()
    token = lease()
    claimed = await cabin.outbox.claim(token)
    assert claimed is not None
    async with cabin.store.begin() as writing:
        await outbox.redraw_card(writing.connection, request.id, cabin.clock())
    await cabin.outbox.posted(claimed, token, posted("1.0"))
    await cabin.outbox.release(claimed.id, token)
    (row,) = await cabin.messages()
    assert (row.state, row.ts) == (WAITING, "1.0")
    await cabin.deliver()
    assert len(cabin.notifier.edits) == 1
    assert not cabin.notifier.posts


async def test_a_card_that_is_always_redrawn_keeps_its_place_in_the_queue(cabin: House) -> None:
    request = await cabin.submit()
    await cabin.deliver()
    since = cabin.clock()
    for _ in range(3):
        async with cabin.store.begin() as writing:
            await outbox.redraw_card(writing.connection, request.id, cabin.clock())
        cabin.clock.advance(10)
    (row,) = await cabin.messages()
    assert row.due == since


async def test_a_claim_counts_as_an_attempt_before_anything_is_sent(house: House) -> None:
    await house.submit()
    dead = await house.outbox.claim(lease(seconds=-1))
    assert dead is not None
    assert dead.message.tries == 0
    await rest_is_over(house)
    again = await claim(house)
    assert again is not None
    assert again.message.tries == 1


async def test_a_worker_that_lost_its_lease_writes_nothing(house: House) -> None:
    await house.submit()
    dead = lease(seconds=-1)
    slow = await house.outbox.claim(dead)
    assert slow is not None
    await rest_is_over(house)
    assert await claim(house) is not None
    await house.outbox.posted(slow, dead, posted("9.9"))
    await house.outbox.delay(slow, dead, 1000)
    (row,) = await house.messages()
    assert (row.state, row.ts) == (WAITING, None)
    assert row.due == house.clock()


async def test_a_delay_is_kept_by_the_whole_channel(house: House) -> None:
    await house.submit()
    house.notifier.faults.append(NotifierLater(30, "ratelimited"))
    token = lease()
    card = await house.outbox.claim(token)
    assert card is not None
    await house.deliveries.work(card, token)
    await house.outbox.release(card.id, token)
    await house.submit(instance="ws-0other00000001")
    assert await claim(house) is None
    (row, _) = await house.messages()
    assert row.due == house.clock() + 30


async def test_a_pause_from_far_ahead_was_taken_before_the_clock_was_set_back(house: House) -> None:
    await house.submit()
    async with transaction(house.engine) as connection:
        ahead = house.outbox.now + LONGEST_PAUSE + 60
        await connection.execute(
            rate_limits.insert().values(team_id="T0TEAM", key="T0TEAM/C0IMAGES", free_at=ahead)
        )
    assert await claim(house) is not None


async def test_several_workers_share_the_outbox_and_each_message_is_posted_once(url: str) -> None:
    workers = [House(url) for _ in range(3)]
    for number in range(12):
        request = await workers[0].submit(instance=f"ws-0place{number}0000001")
        await put(workers[0], request, Event.REVIEW, Event.APPROVE)
    shared = workers[0].notifier
    for worker in workers:
        worker.deliveries.notifier = shared

    async def unpaced(worker: House) -> None:
        for _ in range(200):
            await rest_is_over(worker)
            token = lease()
            claimed = await worker.outbox.claim(token)
            if claimed is None:
                if not await _waiting(worker):
                    return
                await asyncio.sleep(0)
                continue
            await worker.deliveries.work(claimed, token)
            await worker.outbox.release(claimed.id, token)

    await asyncio.gather(*(unpaced(worker) for worker in workers))
    assert {row.state for row in await workers[0].messages()} == {POSTED}
    assert sum(len(message.told) for message in shared.order) == 36
    for row in await workers[0].messages():
        told = [message.id for message in shared.order if message.subject.id == row.subject_id]
        assert told == sorted(told)
    for worker in workers:
        await worker.aclose()


async def _waiting(house: House) -> int:
    async with transaction(house.engine, reads=True) as connection:
        return (
            await connection.scalar(
                select(func.count()).select_from(messages).where(messages.c.state == WAITING)
            )
            or 0
        )


async def test_a_message_whose_row_cannot_be_read_holds_up_no_other(cabin: House) -> None:
    broken = await cabin.submit()
    await cabin.submit(instance=INSTANCE.replace("1", "2"))
    async with transaction(cabin.engine) as connection:
        row = messages.c.subject_id == broken.id
        await connection.execute(update(messages).where(row).values(kind="from-a-newer-version", due=0))
    for _ in range(2):
        await rest_is_over(cabin)
        try:
            claimed = await claim(cabin)
        except ValueError:
            claimed = None
    assert claimed is not None


async def test_the_next_message_is_due_when_its_channels_second_is_over(house: House) -> None:
    await house.submit()
    assert await house.outbox.next_due() == house.clock()
    before = time.monotonic()
    await claim(house)
    await house.submit(instance="ws-0other00000001")
    due = await house.outbox.next_due()
    assert due is not None
    taken = time.monotonic() - before  # by a database's clock or the house's, the second has run so long
    assert max(0.0, 0.99 - taken) <= due - house.clock() <= 1.0


async def test_waiting_entries_of_a_thread_are_one_message_in_their_order(house: House) -> None:
    request = await house.submit()
    await put(house, request, Event.REVIEW)
    await put(house, request, Event.START, priority=Priority.BOT)
    await put(house, request, Event.FINISH, priority=Priority.END)
    await house.deliver()
    [_, entry] = house.notifier.order
    assert [told.event for told in entry.told] == ["reviewed", "creating", "available"]
    assert entry.last.event == "available"


async def test_an_end_closes_its_message(house: House) -> None:
    """What comes after it, a retry, say, is another message."""
    request = await house.submit()
    await put(house, request, Event.FAIL, priority=Priority.END)
    await put(house, request, Event.RETRY)
    await house.deliver()
    assert [[told.event for told in each.told] for each in house.notifier.order[1:]] == [
        ["failed"],
        ["retried"],
    ]


async def test_nothing_is_added_to_a_message_whose_attempt_is_open(house: House) -> None:
    """What was sent is known by what it said; once Slack has refused it, nothing was sent."""
    request = await house.submit()
    await house.deliver()
    await put(house, request, Event.REVIEW)
    await rest_is_over(house)
    token = lease()
    entry = await house.outbox.claim(token)
    assert entry is not None
    await put(house, request, Event.START)
    assert len([row for row in await house.messages() if row.kind == "entry"]) == 2

    await house.outbox.delay(entry, token, 0, in_doubt=False)
    await house.outbox.release(entry.id, token)
    await house.deliver()
    assert [[told.event for told in each.told] for each in house.notifier.order[1:]] == [
        ["reviewed"],
        ["creating"],
    ]
    assert house.notifier.looked == []


async def test_a_message_holds_ten_events_and_the_rest_is_another(house: House) -> None:
    request = await house.submit()
    await put(house, request, *[Event.REMIND] * (outbox.MOST_MERGED + 1))
    await house.deliver()
    assert [len(each.told) for each in house.notifier.order[1:]] == [outbox.MOST_MERGED, 1]


async def test_ends_go_before_everything_else_in_a_channel_with_what_stands_before_them(
    house: House,
) -> None:
    for number in range(3):
        await house.submit(instance=f"ws-0first{number}0000001")
    last = await house.submit(user=EVE)
    await put(house, last, Event.FINISH, priority=Priority.END)
    await house.deliver()
    assert [(each.kind.value, each.subject.id == last.id) for each in house.notifier.order[:2]] == [
        ("card", True),
        ("entry", True),
    ]


async def test_people_take_turns_in_a_channel(house: House) -> None:
    """Forty commands of one person delay the card of another by one second, not by forty."""
    for number in range(40):
        await house.submit(instance=f"ws-0many{number:02}0000001")
    theirs = await house.submit(user=EVE, instance="ws-0bob000000001")
    await house.deliver()
    assert theirs.id in [each.subject.id for each in house.notifier.order[:2]]
    assert len(house.notifier.order) == 41


async def test_the_same_message_from_five_processes_is_one(url: str) -> None:
    houses = [House(url) for _ in range(5)]

    async def tell(house: House, state: str) -> None:
        await AdminNotices(house.store).tell("C0ADMINS", Subject("allowlist", "file"), state, {"n": 1})

    for state in ("broken", "fixed", "broken"):
        await asyncio.gather(*(tell(house, state) for house in houses))
    rows = await houses[0].messages()
    assert [row.told[0]["event"] for row in rows] == ["broken", "fixed", "broken"]
    assert {(row.kind, row.target, row.subject_kind) for row in rows} == {("admin", "C0ADMINS", "allowlist")}
    for house in houses:
        await house.aclose()


async def test_good_news_is_told_to_who_had_bad_news(cabin: House) -> None:
    admins, subject = AdminNotices(cabin.store), Subject("allowlist", "file")
    assert not await admins.tell("C0ADMINS", subject, "fixed", {}, only_after_another=True)
    assert await admins.tell("C0ADMINS", subject, "broken", {})
    assert await admins.tell("C0ADMINS", subject, "fixed", {}, only_after_another=True)
    assert not await admins.tell(None, subject, "broken", {})


@pytest.mark.parametrize("kind", [Kind.DIRECT, Kind.DIGEST])
async def test_one_person_gets_a_direct_message_every_five_seconds(house: House, kind: Kind) -> None:
    """Anybody who causes them, and the digest is one of them."""
    for number in range(2):
        request = await house.submit(instance=f"ws-0own{number}00000001")
        await put(house, request, Event.FINISH, kind=kind, to=ALICE)
    claimed = [await claim(house) for _ in range(4)]
    assert [each.message.kind for each in claimed if each].count(kind) == 1
    async with transaction(house.engine, reads=True) as connection:
        key = rate_limits.c.key == f"T0TEAM/{ALICE}"
        rest = await connection.scalar(select(rate_limits.c.free_at - house.outbox.now).where(key))
    assert rest is not None
    assert 4.0 < rest <= 5.0


async def test_entries_and_edits_go_to_the_channel_that_slack_has_named(house: House) -> None:
    """A channel may be known by a name, or have been moved."""
    request = await house.submit()
    token = lease()
    card = await house.outbox.claim(token)
    assert card is not None
    await house.outbox.posted(card, token, posted("1.0", "C0MOVED"))
    await house.outbox.release(card.id, token)
    await house.service.review(person(BOB), request.id, approves=True)
    claimed = []
    for _ in range(2):
        await rest_is_over(house)
        claimed.append(await claim(house))
    assert {each.message.kind: each.message.channel for each in claimed if each} == {
        Kind.CARD: "C0MOVED",
        Kind.ENTRY: "C0MOVED",
    }


async def test_a_claim_looks_through_indexes_however_much_waits(house: House) -> None:
    """No look at every row: the plan of a claim scans no table."""
    query = house.outbox.candidates.compile(house.engine, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN" if house.engine.dialect.name == "sqlite" else "EXPLAIN"
    async with transaction(house.engine) as connection:
        if explain == "EXPLAIN":
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = [str(row) for row in await connection.exec_driver_sql(f"{explain} {query}")]
    assert [step for step in plan if "Seq Scan on messages" in step] == []
    assert [step for step in plan if "SCAN messages" in step and "INDEX" not in step] == []
    assert [step for step in plan if "messages_by_" in step or "messages_in_order" in step]
