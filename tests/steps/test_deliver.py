"""Delivering: delays are waited out, refusals are told to the requester, crashes double nothing."""

import pytest
from sqlalchemy import delete, update
from structlog.testing import capture_logs

from bot.domain.image import CreateImage
from bot.domain.message import Kind
from bot.domain.request import Submission
from bot.errors import NotifierFrozen, NotifierLater, NotifierNowhere, NotifierRefused
from bot.service.outcomes import Done, Submitted
from bot.steps.deliver import MOST_BREAKS, NO_CARD
from bot.store import posts
from bot.store.engine import transaction
from bot.store.outbox import DROPPED, POSTED
from bot.store.tables import rate_limits, requests
from tests.house import ALICE, BOB, CAROL, INSTANCE, House, lease, person


async def test_a_life_is_told_in_order_with_one_card(house: House) -> None:
    request = await house.submit()
    await house.settle()
    await house.service.review(person(BOB), request.id, approves=True)
    await house.settle()
    assert house.told() == [
        ("card", "submitted"),
        ("entry", "creating"),
    ]
    assert [told.event for told in house.notifier.order[1].told] == ["reviewed", "creating"]
    assert {row.state for row in await house.messages()} == {POSTED}


@pytest.mark.parametrize("stored", [True, False])
async def test_a_lost_answer_doubles_nothing(house: House, stored: bool) -> None:
    await house.submit()
    (house.notifier.lost if stored else house.notifier.faults).append(NotifierLater(1, "connection lost"))
    await house.deliver()
    house.clock.advance(1)
    await house.deliver()
    assert house.told() == [("card", "submitted")]
    assert len(house.notifier.looked) == 1


async def test_a_message_survives_hours_of_refusals_for_now(cabin: House) -> None:
    await cabin.submit()
    for _ in range(50):
        cabin.notifier.faults.append(NotifierLater(300, "ratelimited"))
        await cabin.deliver()
        cabin.clock.advance(300)
    await cabin.deliver()
    assert cabin.told() == [("card", "submitted")]


@pytest.mark.parametrize("code", ["channel_not_found", "is_archived", "not_in_channel"])
async def test_a_card_waits_for_its_channel_and_says_so_once(house: House, code: str) -> None:
    """To the requester and to the admins; an invitation later is enough."""
    house.deliveries.admin_channel = lambda: "C0ADMINS"
    house.notifier.closed["C0IMAGES"] = NotifierNowhere(code, 60)
    request = await house.submit()
    for _ in range(3):
        await house.deliver()
        house.clock.advance(60)
    assert house.told() == [("direct", "unposted"), ("admin", "nowhere")]
    [direct, admin] = house.notifier.order
    assert (direct.target, admin.target) == (ALICE, "C0ADMINS")
    assert direct.last.details == {"undeliverable": "C0IMAGES", "code": code}

    house.notifier.closed.clear()
    await house.service.review(person(BOB), request.id, approves=True)
    await house.settle()
    assert house.told()[2:] == [("card", "submitted"), ("entry", "creating")]
    async with transaction(house.engine, reads=True) as connection:
        assert await posts.refusal_of(connection, "T0TEAM", "C0IMAGES") == ""
    assert [entry.event for entry in await house.log()].count("undeliverable") == 1


async def test_who_asks_where_slack_takes_nothing_hears_so_in_the_answer(house: House) -> None:
    """And when they look the request up: they can invite the bot."""
    house.notifier.closed["C0IMAGES"] = NotifierNowhere("not_in_channel", 60)
    request = await house.submit()
    await house.deliver()

    another = Submission(CreateImage(instance_id=INSTANCE), anyway=True)
    asked = await house.service.submit(person(ALICE), another)
    shown = await house.service.questions.show(person(ALICE), request.id)
    assert isinstance(asked, Submitted)
    assert isinstance(shown, Done)
    assert (asked.refused, shown.refused) == ("not_in_channel", "not_in_channel")


async def test_admins_hear_of_a_channel_once_a_day_however_many_cards_wait_for_it(cabin: House) -> None:
    cabin.deliveries.admin_channel = lambda: "C0ADMINS"
    for number in range(3):
        await cabin.submit(instance=f"ws-0wait{number}0000001")
    cabin.notifier.closed["C0IMAGES"] = NotifierNowhere("is_archived", 60)
    await cabin.deliver()
    assert sorted(cabin.told()) == [("admin", "nowhere"), *[("direct", "unposted")] * 3]


async def test_when_a_request_ends_without_a_card_its_requester_hears_of_the_end(cabin: House) -> None:
    cabin.notifier.closed["C0IMAGES"] = NotifierNowhere("is_archived", 1)
    request = await cabin.submit()
    await cabin.deliver()
    await cabin.service.cancel(person(ALICE), request.id)
    cabin.clock.advance(1)
    await cabin.settle()
    assert [kind for kind, _ in cabin.told()] == ["direct"] * len(cabin.told())
    assert "cancelled" in [told.event for message in cabin.notifier.order for told in message.told]
    assert {told.details["code"] for message in cabin.notifier.order for told in message.told} == {
        "is_archived",
        NO_CARD,
    }


@pytest.mark.parametrize(
    ("code", "operator", "named"),
    [
        ("messages_tab_disabled", "messages tab disabled", ["messages tab disabled"]),
        ("missing_scope", "missing scope chat:write", []),  # bot.process.refusals names what holds everywhere
    ],
)
async def test_what_the_operator_has_to_set_right_is_kept_and_named_once(
    cabin: House, code: str, operator: str, named: list[str]
) -> None:
    await cabin.submit()
    cabin.notifier.faults.append(NotifierLater(300, code, in_doubt=False, operator=operator))
    await cabin.deliver()
    assert list(cabin.deliveries.refusals.values()) == named
    cabin.clock.advance(300)
    await cabin.deliver()
    assert cabin.told() == [("card", "submitted")]
    assert cabin.notifier.looked == []
    assert cabin.deliveries.refusals == {}


async def test_a_refusal_posted_nothing_and_an_unknown_outcome_is_looked_up(cabin: House) -> None:
    await cabin.submit()
    cabin.notifier.faults.append(NotifierLater(1, "ratelimited", in_doubt=False))
    await cabin.deliver()
    cabin.clock.advance(1)
    cabin.notifier.faults.append(NotifierLater(1, "fatal_error"))
    await cabin.deliver()
    assert cabin.notifier.looked == []
    cabin.clock.advance(2)
    await cabin.deliver()
    assert len(cabin.notifier.looked) == 1


async def test_a_card_that_nobody_may_edit_any_more_is_told_of_in_its_thread_once(cabin: House) -> None:
    request = await cabin.submit()
    await cabin.settle()
    for approver in (BOB, CAROL):
        cabin.notifier.faults.append(NotifierFrozen("edit_window_closed"))
        await cabin.service.review(person(approver), request.id, approves=True)
        await cabin.deliver()
    told = [each.event for message in cabin.notifier.order for each in message.told]
    assert told.count("frozen") == 1
    assert {row.state for row in await cabin.messages()} == {POSTED}


@pytest.mark.parametrize("posted", [False, True])
async def test_a_message_that_cannot_be_drawn_is_given_up_and_the_next_goes_on(
    cabin: House, posted: bool
) -> None:
    """A card that's already posted stays as it is until it changes again."""
    request = await cabin.submit()
    outcomes: list[tuple[str, Kind]] = []
    cabin.deliveries.observe = lambda outcome, kind: outcomes.append((outcome, kind))
    if posted:
        await cabin.settle()
        await cabin.service.review(person(BOB), request.id, approves=True)
    for breaks in range(MOST_BREAKS):
        cabin.notifier.faults.append(KeyError("a sentence that nobody wrote"))
        token = lease()
        claimed = await cabin.outbox.claim(token)
        assert claimed is not None
        with pytest.raises(KeyError), capture_logs() as lines:
            await cabin.deliveries.work(claimed, token)
        assert ("message_not_drawn" in [line["event"] for line in lines]) is (breaks + 1 == MOST_BREAKS)
        await cabin.outbox.release(claimed.id, token)
        async with transaction(cabin.engine) as connection:
            await connection.execute(update(rate_limits).values(free_at=0.0))
    assert ("given_up", Kind.CARD) in outcomes
    assert [row.due for row in await cabin.messages() if row.kind == "card"] == [None]
    await cabin.settle()
    [state] = [row.state for row in await cabin.messages() if row.kind == "card"]
    assert state == (POSTED if posted else DROPPED)
    assert cabin.told()[-1][0] == ("entry" if posted else "direct")


async def test_a_deleted_card_is_told_once_and_entries_go_on(cabin: House) -> None:
    request = await cabin.submit()
    await cabin.settle()
    await cabin.service.review(person(BOB), request.id, approves=True)
    cabin.notifier.faults.append(NotifierRefused("message_not_found"))
    await cabin.settle()
    assert [row.state for row in await cabin.messages() if row.kind == "card"] == [DROPPED]
    assert [kind for kind, _ in cabin.told()].count("direct") == 1


async def test_a_person_who_cannot_be_told_is_not_told_of_that(cabin: House) -> None:
    await cabin.submit()
    cabin.notifier.faults.extend([NotifierRefused("invalid_blocks"), NotifierRefused("user_disabled")])
    await cabin.settle()
    assert [row.state for row in await cabin.messages()] == [DROPPED, DROPPED]


async def test_giving_up_and_telling_is_one_transaction_and_only_for_the_holder_of_the_lease(
    cabin: House,
) -> None:
    await cabin.submit()
    dead = lease(seconds=-1)
    claimed = await cabin.outbox.claim(dead)
    assert claimed is not None
    other = await cabin.deliver()
    assert other == 1
    cabin.notifier.faults.append(NotifierRefused("is_archived"))
    await cabin.deliveries.work(claimed, dead)
    assert [row.kind for row in await cabin.messages()] == ["card"]


async def test_a_message_of_no_request_is_dropped(cabin: House) -> None:
    await cabin.submit()
    async with transaction(cabin.engine) as connection:
        await connection.execute(delete(requests))
    await cabin.deliver()
    assert [row.state for row in await cabin.messages()] == [DROPPED]
