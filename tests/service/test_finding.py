"""Requests found again: in pages, by their messages, and shown with what one may do to them."""

import pytest

from bot.allowlist import load
from bot.domain.actions import Action
from bot.domain.lifecycle import Status
from bot.domain.request import End, Failure
from bot.ports import Posted
from bot.service.outcomes import Done, Found
from tests.house import ALICE, BOB, DAVE, EVE, READS_GOLDEN, House, person
from tests.service.test_home import fill

REVIEWS = {Action.APPROVE, Action.REJECT}


async def test_those_that_wait_come_first_twenty_to_a_page(house: House) -> None:
    waiting = await house.submit()
    making = await house.set(await house.submit(), status=Status.CREATING, slot=0)
    for minute in range(40):
        ended = await house.submit()
        await house.set(
            ended, status=Status.CANCELLED, end=End(house.clock()), created_at=ended.created_at + minute
        )

    pages = [await house.service.questions.find(person(ALICE), "mine", page) for page in (1, 2, 3, 4)]

    assert all(isinstance(each, Found) for each in pages)
    assert [len(each.requests) for each in pages] == [20, 20, 2, 0]  # type: ignore[union-attr]  # found
    assert [each.more for each in pages] == [True, True, False, False]  # type: ignore[union-attr]  # found
    assert [each.id for each in pages[0].requests[:2]] == [waiting.id, making.id]  # type: ignore[union-attr]  # found
    everything = [request.id for page in pages for request in page.requests]  # type: ignore[union-attr]  # found
    assert len(set(everything)) == 42
    assert await house.service.questions.find(person(EVE), "all", 3) == pages[2]


@pytest.mark.parametrize(("number", "pages"), [(19, [19]), (20, [20]), (21, [20, 1]), (120, [20] * 6)])
@pytest.mark.parametrize(("who", "scope"), [(ALICE, "mine"), (EVE, "all"), (EVE, "pending")])
async def test_pages_hold_each_request_once_and_only_the_last_says_that_there_are_no_more(
    cabin: House, number: int, pages: list[int], who: str, scope: str
) -> None:
    await fill(cabin, number)
    seen: list[str] = []
    for page, length in enumerate(pages, 1):
        found = await cabin.service.questions.find(person(who), scope, page)
        assert isinstance(found, Found)
        assert (len(found.requests), found.more, found.page) == (length, page < len(pages), page)
        seen += [each.id for each in found.requests]
    assert len(set(seen)) == number


async def test_what_waits_is_listed_without_what_has_ended(cabin: House) -> None:
    waits = await cabin.submit()
    ended = await cabin.set(await cabin.submit(), status=Status.CANCELLED, end=End(cabin.clock()))

    for scope, requests in (("pending", [waits]), ("all", [waits, ended])):
        found = await cabin.service.questions.find(person(EVE), scope)
        assert isinstance(found, Found)
        assert [each.id for each in found.requests] == [each.id for each in requests]


@pytest.mark.parametrize(
    ("who", "scope", "names"),
    [
        (DAVE, "all", ["golden"]),
        (DAVE, "pending", ["golden"]),
        (DAVE, "mine", []),
        (ALICE, "mine", ["other", "golden"]),
    ],
)
async def test_who_may_read_some_requests_is_listed_no_others(
    cabin: House, who: str, scope: str, names: list[str]
) -> None:
    for name in ("golden", "other"):
        await cabin.submit(image={"image_name": name})
        cabin.clock.advance(1)
    cabin.allowlist = load(READS_GOLDEN)

    found = await cabin.service.questions.find(person(who), scope)

    assert isinstance(found, Found)
    assert [each.image.image_name for each in found.requests] == names


async def test_a_request_is_found_by_its_card_and_by_its_thread(house: House) -> None:
    request = await house.submit()
    await house.settle()
    await house.service.cancel(person(ALICE), request.id)
    await house.settle()
    card, entry = [
        Posted(each.posted_in, each.ts) for each in await house.messages() if each.kind in ("card", "entry")
    ]

    assert await house.service.questions.request_at(card) == request.id
    assert await house.service.questions.request_at(entry) == request.id
    assert await house.service.questions.request_at(Posted("C0ELSE", card.ts)) is None
    shown = await house.service.questions.show(person(ALICE), request.id)
    assert isinstance(shown, Done)
    assert shown.card == card


@pytest.mark.parametrize(
    ("who", "status", "may"),
    [
        (ALICE, Status.PENDING, {Action.CANCEL}),
        (ALICE, Status.FAILED, {Action.RETRY}),
        (BOB, Status.PENDING, REVIEWS),
        (EVE, Status.PENDING, REVIEWS | {Action.CANCEL}),
        (BOB, Status.FAILED, set()),
    ],
)
async def test_who_is_shown_a_request_sees_what_they_may_do(
    house: House, who: str, status: Status, may: set[Action]
) -> None:
    request = await house.submit()
    if status is Status.FAILED:
        request = await house.set(request, status=status, end=End(house.clock()), failure=Failure("code"))

    shown = await house.service.questions.show(person(who), request.id)

    assert isinstance(shown, Done)
    assert shown.may == may


@pytest.mark.parametrize(
    ("delegate", "may"), [(EVE, REVIEWS | {Action.CANCEL}), (DAVE, {Action.CANCEL}), (None, {Action.CANCEL})]
)
async def test_who_stands_in_for_an_approver_sees_the_approvers_buttons(
    cabin: House, delegate: str | None, may: set[Action]
) -> None:
    """Eve reads and cancels; she approves for Bob, or not."""
    request = await cabin.submit()
    cabin.directory.groups["S0OPS"].discard(EVE)
    if delegate:
        await cabin.service.delegate(person(BOB), delegate, cabin.clock() + 3600)

    shown = await cabin.service.questions.show(person(EVE), request.id)

    assert isinstance(shown, Done)
    assert shown.may == may


async def test_while_slack_is_silent_nobody_but_the_requester_has_buttons(house: House) -> None:
    request = await house.submit()
    house.directory.down = True

    shown = await house.service.questions.show(person(ALICE), request.id)

    assert isinstance(shown, Done)
    assert shown.may == {Action.CANCEL}


async def test_the_card_is_drawn_with_how_many_more_are_open_for_its_machine(house: House) -> None:
    await house.submit()
    await house.deliver()
    assert house.notifier.others == 0

    await house.submit()
    await house.deliver()
    assert house.notifier.others == 1
