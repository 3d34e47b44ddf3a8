"""Copies to other regions: when they are looked at, asked for and given up; tables, to the second."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.changes import Change
from bot.domain.distribution import Copy, Distribution
from bot.domain.lifecycle import Event, Status
from bot.domain.request import (
    COPY_SILENT,
    COPY_TIMED_OUT,
    Attempt,
    Request,
)
from bot.errors import CloudError
from bot.ports import ImageRegion, ImageStatus
from bot.steps.distribute import MOST_CALLS
from tests.fakes import NOW, request
from tests.ports import (
    DISTRIBUTE,
    busy,
    refused,
    unknown,
)
from tests.steps.rig import AVAILABLE, CREATING, ID, MINE, TIMEOUT, Rig, next_step


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
        (AVAILABLE, {}, (Event.DISTRIBUTED, 0.0, None)),
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
    error: Callable[[], CloudError] | None,
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
