"""Asking for an image: what is asked first, what a rule wants of the requester, what is written down."""

from dataclasses import replace

import pytest

from bot.domain.image import CreateImage
from bot.domain.lifecycle import Status
from bot.domain.request import End, Submission
from bot.service.outcomes import Considered, RefusalReason, Refused, Reviewed, Submitted
from tests.house import ALICE, BOB, EVE, INSTANCE, House, person
from tests.service.asked import refusals

WANTED = Submission(CreateImage(instance_id=INSTANCE), key="first")


async def test_who_has_a_request_for_the_instance_open_is_pointed_to_it(house: House) -> None:
    request = await house.submit()

    outcome = await house.service.submit(person(ALICE), replace(WANTED, key="second"))

    assert outcome == Refused(RefusalReason.ALREADY_OPEN, request)
    assert await refusals(house) == []  # a question, not a refusal


@pytest.mark.parametrize(
    "wanted",
    [
        replace(WANTED, anyway=True),
        replace(WANTED, image=CreateImage(instance_id="ws-0another000001")),
    ],
)
async def test_all_the_same_or_for_another_instance_it_is_asked(house: House, wanted: Submission) -> None:
    await house.submit()

    assert isinstance(await house.service.submit(person(ALICE), wanted), Submitted)


async def test_a_request_that_has_ended_or_is_another_persons_is_in_nobodys_way(house: House) -> None:
    await house.set(await house.submit(), status=Status.CANCELLED, end=End(house.clock()))
    await house.submit(EVE)

    assert isinstance(await house.service.submit(person(ALICE), WANTED), Submitted)


async def test_the_same_delivery_again_is_no_second_request(house: House) -> None:
    first = await house.service.submit(person(ALICE), WANTED)
    again = await house.service.submit(person(ALICE), WANTED)

    assert isinstance(first, Submitted)
    assert again == Submitted(first.request, again=True)


@pytest.mark.parametrize(("reason", "taken"), [("", False), ("new build", True)])
async def test_a_rule_may_want_a_reason_of_the_requester(house: House, reason: str, taken: bool) -> None:
    [strict, *others] = house.allowlist.rules
    everywhere = replace(strict, when=None, requester_reason_required=True)
    house.allowlist = replace(house.allowlist, rules=(everywhere, *others))

    outcome = await house.service.consider(person(ALICE), replace(WANTED, reason=reason))

    assert isinstance(outcome, Considered) == taken
    assert taken or outcome == Refused(RefusalReason.REASON_NEEDED)


DAY = 86400.0


@pytest.mark.parametrize(
    ("ahead", "taken"),
    [(-1.0, False), (0.0, False), (1.0, True), (30 * DAY - 1, True), (30 * DAY, False)],
)
async def test_a_start_lies_in_the_next_thirty_days(cabin: House, ahead: float, taken: bool) -> None:
    wanted = replace(WANTED, start_at=cabin.clock() + ahead)
    outcome = await cabin.service.consider(person(ALICE), wanted)
    assert isinstance(outcome, Considered) == taken
    assert taken or outcome == Refused(RefusalReason.BAD_START)


async def test_the_log_holds_the_statements_that_allowed_the_request_and_its_reviews(house: House) -> None:
    request = await house.submit()
    outcome = await house.service.review(person(BOB), request.id, approves=True)

    assert isinstance(outcome, Reviewed)
    [submitted, reviewed] = [each for each in await house.log() if each.event in ("submitted", "reviewed")]
    assert '"decision":"Allow"' in submitted.details
    assert '"statements":["requester[0]"]' in submitted.details
    assert '"statements":["approver[0]"]' in reviewed.details


async def test_open_requests_for_an_instance_are_counted_for_everybody(house: House) -> None:
    request = await house.submit()
    await house.submit(EVE)
    await house.set(await house.submit(), status=Status.CANCELLED, end=End(house.clock()))
    await house.submit(instance="ws-0another000001")

    assert await house.store.others_open(request) == 1
