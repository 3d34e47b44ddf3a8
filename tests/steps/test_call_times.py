"""From the approval to the call: when it is claimed, made, and made again; tables, to the second."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.changes import Change
from bot.domain.lifecycle import Event, Status
from bot.domain.request import (
    Request,
)
from bot.errors import CloudError
from bot.ports import ImageStatus
from bot.steps.create import QUOTA
from tests.fakes import NOW, request
from tests.house import EVE
from tests.ports import (
    CREATE,
    FIND,
    IMAGE,
    busy,
    refused,
    unknown,
    unreachable,
    unsure,
)
from tests.steps.rig import AVAILABLE, CREATING, DAY, FAILED, ID, MINE, TIMEOUT, Rig, creating, next_step

NONE, ALL = frozenset[int](), frozenset(range(5))


@pytest.mark.parametrize(
    ("taken", "instance_busy", "own", "slots"),
    [
        (NONE, False, None, ALL),
        (ALL - {3}, False, None, frozenset({3})),
        (ALL, False, None, NONE),
        (frozenset({0, 1, 2, 7, 8}), False, None, NONE),  # there were more places once
        (NONE, True, None, NONE),
        (ALL, False, 2, frozenset({2})),  # its instance was stopped in that place
        (ALL, True, 2, NONE),
    ],
)
async def test_a_request_is_claimed_only_for_a_place_of_its_own_and_an_instance_that_nobody_holds(
    rig: Rig, taken: frozenset[int], instance_busy: bool, own: int | None, slots: frozenset[int]
) -> None:
    rig.store.taken, rig.store.instance_busy = taken, instance_busy
    approved = request(team_id="T0TEAM", status=Status.APPROVED, slot=own)
    outcome = await rig.create.start(skipping(approved), MINE)
    if isinstance(outcome, Change):
        assert outcome.after.attempt.slot in slots
    assert next_step(outcome) == ((Event.START, 0.0, None) if slots else (None, 1.0, None))


def skipping(of: Request) -> Request:
    """The request, of somebody who may skip approval."""
    return replace(of, requester=EVE, break_glass=True)


@pytest.mark.parametrize("mark", ["", "m" * 20])
async def test_a_claim_is_for_one_call_of_who_made_it(rig: Rig, mark: str) -> None:
    approved = request(team_id="T0TEAM", status=Status.APPROVED, calls=3, mark=mark, caller="other")
    outcome = await rig.create.start(skipping(approved), MINE)
    assert isinstance(outcome, Change)
    attempt = outcome.after.attempt
    assert (attempt.calls, attempt.caller, attempt.called_at) == (4, MINE.token, NOW)
    assert (attempt.mark == mark) is bool(mark)
    assert attempt.mark


@pytest.mark.parametrize(
    ("start_at", "expected"), [(NOW + 7, (None, 7.0, None)), (NOW, (Event.START, 0.0, None))]
)
async def test_nothing_is_claimed_before_its_time(rig: Rig, start_at: float, expected: object) -> None:
    later = request(team_id="T0TEAM", status=Status.APPROVED, start_at=start_at)
    assert next_step(await rig.create.start(skipping(later), MINE)) == expected


@pytest.mark.parametrize(
    ("attempt", "listed", "error", "calls", "event"),
    [
        ({}, None, None, [CREATE], Event.ISSUE),
        ({"calls": 2}, None, None, [FIND, CREATE], Event.ISSUE),
        ({"doubtful": True}, None, None, [FIND, CREATE], Event.ISSUE),
        ({"predecessor": ID}, CREATING, None, [IMAGE], Event.ISSUE),
        ({"predecessor": ID}, AVAILABLE, None, [IMAGE], Event.ISSUE),
        ({"predecessor": ID}, FAILED, None, [IMAGE, CREATE], Event.ISSUE),
        ({"predecessor": ID}, None, None, [IMAGE, CREATE], Event.ISSUE),
        ({"predecessor": ID}, CREATING, unknown, [IMAGE], Event.QUEUE),
    ],
)
async def test_a_call_is_made_at_once_unless_there_may_be_an_image_already(
    rig: Rig,
    attempt: dict[str, Any],
    listed: ImageStatus | None,
    error: Callable[[], CloudError] | None,
    calls: list[str],
    event: Event,
) -> None:
    rig.has(listed)
    rig.answers(IMAGE, error)
    outcome = await rig.create.step(creating(caller=MINE.token, **attempt), MINE)
    assert (rig.cloud.calls, next_step(outcome)[0]) == (calls, event)


@pytest.mark.parametrize(
    ("error", "unsure_for", "expected"),
    [
        (None, None, (Event.ISSUE, 5.0, None)),
        (busy, None, (Event.QUEUE, 30.0, None)),
        (busy(retry_after=7), None, (Event.QUEUE, 7.0, None)),
        (busy(retry_after=3600), None, (Event.QUEUE, 600.0, None)),
        (busy(QUOTA), None, (Event.QUEUE, 30.0, None)),
        (unreachable, None, (Event.QUEUE, 30.0, None)),
        (unknown, None, (Event.LOOK, 5.0, None)),
        (refused, None, (Event.FAIL, DAY, "InvalidParameter")),
        (unsure, None, (Event.QUEUE, 300.0, None)),
        (unsure, TIMEOUT - 1, (Event.QUEUE, 300.0, None)),
        (unsure, TIMEOUT, (Event.FAIL, DAY, "Unheard.Of")),
    ],
)
async def test_what_the_cloud_answers_to_a_call_says_when_to_come_back(
    rig: Rig, error: Callable[[], CloudError] | None, unsure_for: float | None, expected: object
) -> None:
    rig.answers(CREATE, error)
    since = None if unsure_for is None else NOW - unsure_for
    outcome = await rig.create.step(creating(caller=MINE.token, unsure_since=since), MINE)
    assert next_step(outcome) == expected


async def test_the_first_answer_that_no_page_lists_begins_its_time(rig: Rig) -> None:
    rig.answers(CREATE, unsure)
    outcome = await rig.create.step(creating(caller=MINE.token), MINE)
    assert isinstance(outcome, Change)
    assert outcome.after.attempt.unsure_since == NOW
