"""Copies to other regions: when they're checked, requested and given up; tables, to the second."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.changes import Change
from bot.domain.distribution import Copy, CopyStatus, Distribution
from bot.domain.lifecycle import Event, Status
from bot.domain.request import (
    COPY_FAILED,
    COPY_SILENT,
    COPY_TIMED_OUT,
    Attempt,
    Request,
)
from bot.ports import ImageRegion, ImageStatus
from bot.steps.distribute import MOST_CALLS
from tests.fakes import NOW, request
from tests.ports import (
    DISTRIBUTE,
    IMAGE,
    busy,
    refused,
    unknown,
)
from tests.steps.rig import AVAILABLE, CREATING, FAILED, ID, MINE, TIMEOUT, Error, Rig, next_step


def copied(**distribution: Any) -> Request:
    """A request whose image is on its way to one more region."""
    under_way = Distribution(NOW, (Copy("cn-beijing"),), asked_at=NOW, calls=1)
    attempt = Attempt(image_id=ID, distribution=replace(under_way, **distribution))
    return request(team_id="T0TEAM", status=Status.AVAILABLE, regions=("cn-beijing",), attempt=attempt)


@pytest.mark.parametrize(
    ("listed", "distribution", "expected"),
    [
        (CREATING, {}, (None, 5.0, None)),
        (CREATING, {"since": NOW - 100}, (None, 10.0, None)),
        (CREATING, {"since": NOW - 1000}, (None, 30.0, None)),
        (CREATING, {"due": NOW + 3}, (None, 3.0, None)),
        (CREATING, {"since": NOW - TIMEOUT + 1}, (None, 30.0, None)),
        (CREATING, {"since": NOW - TIMEOUT}, (Event.DISTRIBUTION_FAIL, 0.0, COPY_TIMED_OUT)),
        (CREATING, {"due": NOW}, (None, 5.0, None)),
        (AVAILABLE, {}, (Event.DISTRIBUTED, 0.0, None)),
        (FAILED, {}, (Event.DISTRIBUTION_FAIL, 0.0, COPY_FAILED)),
        (None, {"asked_at": NOW - 89}, (None, 5.0, None)),
        (None, {"asked_at": NOW - 90}, (Event.WATCH, 0.0, None)),
        (None, {"asked_at": None}, (Event.WATCH, 0.0, None)),
        (None, {"asked_at": None, "calls": MOST_CALLS - 1}, (Event.WATCH, 0.0, None)),
        (None, {"asked_at": None, "calls": MOST_CALLS}, (Event.DISTRIBUTION_FAIL, 0.0, COPY_SILENT)),
    ],
)
async def test_copies_are_looked_at_more_rarely_the_longer_they_take(
    rig: Rig, listed: ImageStatus | None, distribution: dict[str, Any], expected: object
) -> None:
    rig.has(AVAILABLE, *([] if listed is None else [ImageRegion("cn-beijing", listed)]))
    assert next_step(await rig.distribute.step(copied(**distribution), MINE)) == expected


@pytest.mark.parametrize("error", [unknown, refused, None])
async def test_copies_that_nobody_can_tell_of_are_looked_at_half_a_minute_later(
    rig: Rig, error: Error
) -> None:
    rig.answers(IMAGE, error)  # and the cloud lists no such image
    assert next_step(await rig.distribute.step(copied(), MINE)) == (None, 30.0, None)


@pytest.mark.parametrize(
    "of",
    [
        replace(copied(), regions=()),
        replace(copied(), attempt=replace(copied().attempt, image_id=None)),
        copied(copies=(Copy("cn-beijing", CopyStatus.AVAILABLE, 100),)),
        copied(copies=(Copy("cn-beijing", CopyStatus.FAILED),)),
    ],
)
async def test_nothing_is_copied_that_need_not_or_cannot_be(rig: Rig, of: Request) -> None:
    rig.has(AVAILABLE)
    assert next_step(await rig.distribute.step(of, MINE)) == (None, None, None)


async def test_a_claim_for_copies_is_for_one_call_for_those_that_are_missing(rig: Rig) -> None:
    rig.has(AVAILABLE, ImageRegion("us-west-1", CREATING))
    copies = tuple(map(Copy, ("cn-beijing", "us-west-1", "eu-central-1")))
    before = replace(copied(copies=copies, asked_at=None, calls=3), regions=("cn-beijing", "us-west-1"))
    outcome = await rig.distribute.step(before, MINE)
    assert isinstance(outcome, Change)
    missing = ("cn-beijing", "eu-central-1")
    claimed = Distribution(NOW, copies, caller=MINE.token, asking=missing, asked_at=NOW, calls=4)
    assert outcome.after.attempt.distribution == claimed


@pytest.mark.parametrize(
    ("before", "seen", "after"),
    [(None, 40, 40), (40, 70, 70), (40, None, 40), (40, 40, 40), (None, None, None)],
)
async def test_a_copys_progress_is_kept_as_far_as_it_is_known(
    rig: Rig, before: int | None, seen: int | None, after: int | None
) -> None:
    there = Copy("us-west-1", CopyStatus.AVAILABLE, 100)
    rig.has(AVAILABLE, ImageRegion("cn-beijing", CREATING, seen), ImageRegion("us-west-1", CREATING, 10))
    of = copied(copies=(Copy("cn-beijing", progress=before), there))
    outcome = await rig.distribute.step(of, MINE)
    if after == before:
        assert next_step(outcome) == (None, 5.0, None)
        return
    assert isinstance(outcome, Change)
    distribution = outcome.after.attempt.distribution
    assert distribution is not None
    assert (distribution.copies, distribution.due) == ((Copy("cn-beijing", progress=after), there), NOW + 5)


@pytest.mark.parametrize(
    ("error", "expected", "calls", "asked_at"),
    [
        (None, (Event.WATCH, 5.0, None), 4, NOW),
        (unknown, (Event.WATCH, 5.0, None), 4, NOW),
        (busy, (Event.WATCH, 30.0, None), 3, None),
        (busy(retry_after=7), (Event.WATCH, 7.0, None), 3, None),
        (refused, (Event.DISTRIBUTION_FAIL, 0.0, "InvalidParameter"), 4, NOW),
    ],
)
async def test_a_call_for_copies_that_surely_began_nothing_does_not_count(
    rig: Rig,
    error: Error,
    expected: object,
    calls: int,
    asked_at: float | None,
) -> None:
    rig.has(AVAILABLE)
    rig.answers(DISTRIBUTE, error)
    outcome = await rig.distribute.step(copied(caller=MINE.token, asking=("cn-beijing",), calls=4), MINE)
    assert next_step(outcome) == expected
    assert isinstance(outcome, Change)
    after = outcome.after.attempt.distribution
    assert after is not None
    assert (after.calls, after.asked_at, after.caller) == (calls, asked_at, None)
