"""Delivering: delays are waited out, refusals are told to the requester, crashes double nothing."""

import pytest

from bot.domain.request import Kind
from bot.errors import NotifierLater, NotifierRefused
from bot.steps.deliver import NO_CARD
from bot.store.outbox import DROPPED, POSTED
from tests.house import ALICE, BOB, House, lease, person


async def test_a_life_is_told_in_order_with_one_card(house: House) -> None:
    request = await house.submit()
    await house.settle()
    await house.service.review(person(BOB), request.id, approves=True)
    await house.settle()
    assert house.told() == [
        ("card", "submitted"),
        ("entry", "reviewed"),
        ("entry", "approved"),
        ("entry", "creating"),
    ]
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
async def test_a_card_that_can_never_be_posted_is_told_to_the_requester_and_the_request_goes_on(
    house: House, code: str
) -> None:
    request = await house.submit()
    house.notifier.faults.append(NotifierRefused(code))
    await house.settle()
    assert house.told() == [("direct", "submitted")]
    (direct,) = house.notifier.order
    assert direct.channel == ALICE
    assert (direct.details["undeliverable"], direct.details["code"]) == ("C0IMAGES", code)
    await house.service.review(person(BOB), request.id, approves=True)
    await house.settle()
    told = house.notifier.order[1:]
    assert {message.kind for message in told} == {Kind.DIRECT}
    assert [message.event.value for message in told] == ["reviewed", "approved", "creating"]
    assert {message.details["code"] for message in told} == {NO_CARD}
    assert "undeliverable" in [entry.event for entry in await house.log()]


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
    cabin.notifier.faults.extend([NotifierRefused("is_archived"), NotifierRefused("user_disabled")])
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
    from sqlalchemy import delete

    from bot.store.engine import transaction
    from bot.store.tables import requests

    await cabin.submit()
    async with transaction(cabin.engine) as connection:
        await connection.execute(delete(requests))
    await cabin.deliver()
    assert [row.state for row in await cabin.messages()] == [DROPPED]
