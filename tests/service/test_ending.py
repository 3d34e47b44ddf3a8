"""Canceling and retrying: by whom, until when, and with which permissions."""

import pytest

from bot.domain.actions import RETRY_WITHIN
from bot.domain.lifecycle import Status
from bot.domain.request import Attempt, End
from bot.domain.vocabulary import BYPASS, CANCEL
from bot.service.outcomes import (
    Denied,
    Done,
    RefusalReason,
    Refused,
)
from tests.house import ALICE, BOB, DAVE, EVE, House, person
from tests.service.asked import failed, pending, refusals


async def test_the_requester_takes_a_request_back(house: House) -> None:
    request = await pending(house)
    outcome = await house.service.cancel(person(ALICE), request.id, "changed my mind")
    assert isinstance(outcome, Done)
    assert outcome.request.status is Status.CANCELLED
    assert outcome.request.end == End(house.clock(), ALICE, "changed my mind")


async def test_others_need_the_right_to_cancel(cabin: House) -> None:
    request = await pending(cabin)
    denied = await cabin.service.cancel(person(BOB), request.id)
    assert isinstance(denied, Denied)
    assert denied.action == CANCEL
    assert isinstance(await cabin.service.cancel(person(EVE), request.id), Done)


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.PENDING, Status.APPROVED}))
async def test_what_is_being_made_or_over_cannot_be_cancelled(cabin: House, status: Status) -> None:
    request = await cabin.set(await cabin.submit(), status=status)
    outcome = await cabin.service.cancel(person(ALICE), request.id)
    assert isinstance(outcome, Refused)
    assert outcome.why is RefusalReason.TOO_LATE
    assert await refusals(cabin) == [ALICE]


async def test_a_retry_is_a_fresh_attempt_with_a_marker_of_its_own(house: House) -> None:
    request = await failed(house)
    outcome = await house.service.retry(person(ALICE), request.id)
    assert isinstance(outcome, Done)
    again = outcome.request
    assert (again.status, again.attempt, again.end) == (Status.APPROVED, Attempt(number=2), None)
    assert again.attempt.mark == ""


async def test_only_the_requester_retries_and_only_for_a_day(cabin: House) -> None:
    request = await failed(cabin)
    others = await cabin.service.retry(person(BOB), request.id)
    strangers = await cabin.service.retry(person(DAVE), request.id)
    cabin.clock.advance(RETRY_WITHIN + 1)
    late = await cabin.service.retry(person(ALICE), request.id)
    whys = [outcome.why for outcome in (others, strangers, late) if isinstance(outcome, Refused)]
    assert whys == [RefusalReason.NOT_YOURS, RefusalReason.NOT_FOUND, RefusalReason.TOO_LATE]


async def test_a_requester_who_lost_the_right_does_not_retry(cabin: House) -> None:
    request = await failed(cabin)
    cabin.allowlist = type(cabin.allowlist)()
    assert isinstance(await cabin.service.retry(person(ALICE), request.id), Denied)


async def test_a_retry_without_the_right_to_skip_approval_is_denied_for_that_right(cabin: House) -> None:
    request = await cabin.set(await failed(cabin), break_glass=True)
    outcome = await cabin.service.retry(person(ALICE), request.id)
    assert isinstance(outcome, Denied)
    assert outcome.action == BYPASS
    assert not outcome.explanation.decision.allowed


@pytest.mark.parametrize(
    ("why", "reason"),
    [
        ("ratelimited", RefusalReason.UNDECIDED),
        ("missing_scope", RefusalReason.NOT_SET_UP),  # nobody is told to try again in a minute
        ("token_revoked", RefusalReason.NOT_SET_UP),
    ],
)
async def test_a_retry_that_nobody_can_decide_on_is_refused_and_recorded(
    cabin: House, why: str, reason: RefusalReason
) -> None:
    request = await failed(cabin)
    cabin.directory.down, cabin.directory.why = True, why
    outcome = await cabin.service.retry(person(ALICE), request.id)
    assert isinstance(outcome, Refused)
    assert outcome.why is reason
    assert await refusals(cabin) == [ALICE]
