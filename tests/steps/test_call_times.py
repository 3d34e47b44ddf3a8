"""From the claim to the call: what is looked for first, and when to come back after each answer."""

from typing import Any

import pytest

from bot.domain.changes import Change
from bot.domain.lifecycle import Event
from bot.domain.request import (
    CLOUD_AWAY,
    CLOUD_BUSY,
    CLOUD_UNSURE,
    INSTANCE_BUSY,
    PLACES_TAKEN,
    Failure,
)
from bot.ports import ImageStatus
from bot.steps.create import QUOTA, TASK_EXISTS
from tests.fakes import NOW
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
from tests.steps.rig import (
    AVAILABLE,
    CREATING,
    DAY,
    FAILED,
    ID,
    MINE,
    TIMEOUT,
    Error,
    Rig,
    creating,
    next_step,
)


@pytest.mark.parametrize(
    ("attempt", "listed", "error", "calls", "expected"),
    [
        ({}, None, None, [CREATE], (Event.ISSUE, 5.0, None)),
        ({"calls": 2}, None, None, [FIND, CREATE], (Event.ISSUE, 5.0, None)),
        ({"calls": 2}, CREATING, None, [FIND], (Event.ISSUE, 5.0, None)),
        ({"calls": 2}, CREATING, unknown, [FIND], (Event.QUEUE, 30.0, CLOUD_AWAY)),
        ({"doubtful": True}, None, None, [FIND, CREATE], (Event.ISSUE, 5.0, None)),
        ({"doubtful": True}, CREATING, None, [FIND], (Event.ISSUE, 5.0, None)),
        ({"predecessor": ID}, CREATING, None, [IMAGE], (Event.ISSUE, 5.0, None)),
        ({"predecessor": ID}, AVAILABLE, None, [IMAGE], (Event.ISSUE, 5.0, None)),
        ({"predecessor": ID}, FAILED, None, [IMAGE, CREATE], (Event.ISSUE, 5.0, None)),
        ({"predecessor": ID}, None, None, [IMAGE, CREATE], (Event.ISSUE, 5.0, None)),
        ({"predecessor": ID}, CREATING, unknown, [IMAGE], (Event.QUEUE, 30.0, CLOUD_AWAY)),
    ],
)
async def test_a_call_is_made_at_once_unless_there_may_be_an_image_already(
    rig: Rig,
    attempt: dict[str, Any],
    listed: ImageStatus | None,
    error: Error,
    calls: list[str],
    expected: object,
) -> None:
    rig.has(listed)
    rig.answers(calls[0], error)
    outcome = await rig.create.step(creating(caller=MINE.token, **attempt), MINE)
    assert (rig.cloud.calls, next_step(outcome)) == (calls, expected)


async def test_what_the_cloud_has_begun_is_noted_and_waits_in_no_line(rig: Rig) -> None:
    before = creating(caller=MINE.token, watches=3, queue_reason=CLOUD_BUSY, trouble="no-permission")
    outcome = await rig.create.step(before, MINE)
    ids = {"image_id": ID, "task_id": f"task-{ID}", "cloud_request_id": "cloud-request-1"}
    assert isinstance(outcome, Change)
    assert outcome.after == creating(caller=None, **ids)
    assert outcome.details == ids


async def test_a_refusal_is_told_in_the_clouds_words_with_its_number(rig: Rig) -> None:
    rig.answers(CREATE, refused)
    outcome = await rig.create.step(creating(caller=MINE.token), MINE)
    assert isinstance(outcome, Change)
    words = {"code": "InvalidParameter", "message": "no", "cloud_request_id": "cloud-request-9"}
    assert outcome.after.attempt.failure == Failure(**words, explanation="cloud-other")
    assert outcome.details == {**words, "explanation": "cloud-other", "fault": str(refused().fault)}


@pytest.mark.parametrize(
    ("error", "unsure_for", "expected"),
    [
        (None, None, (Event.ISSUE, 5.0, None)),
        (busy, None, (Event.QUEUE, 30.0, CLOUD_BUSY)),
        (busy(retry_after=7), None, (Event.QUEUE, 7.0, CLOUD_BUSY)),
        (busy(retry_after=3600), None, (Event.QUEUE, 600.0, CLOUD_BUSY)),
        (busy(QUOTA), None, (Event.QUEUE, 30.0, PLACES_TAKEN)),
        (unreachable, None, (Event.QUEUE, 30.0, CLOUD_BUSY)),
        (unknown, None, (Event.LOOK, 5.0, None)),
        (refused, None, (Event.FAIL, DAY, "InvalidParameter")),
        (unsure, None, (Event.QUEUE, 300.0, CLOUD_UNSURE)),
        (unsure, TIMEOUT - 1, (Event.QUEUE, 300.0, CLOUD_UNSURE)),
        (unsure, TIMEOUT, (Event.FAIL, DAY, "Unheard.Of")),
    ],
)
async def test_what_the_cloud_answers_to_a_call_says_when_to_come_back(
    rig: Rig, error: Error, unsure_for: float | None, expected: object
) -> None:
    rig.answers(CREATE, error)
    since = None if unsure_for is None else NOW - unsure_for
    outcome = await rig.create.step(creating(caller=MINE.token, unsure_since=since), MINE)
    assert next_step(outcome) == expected


@pytest.mark.parametrize(
    ("listed", "error", "expected"),
    [
        (CREATING, None, (Event.ISSUE, 5.0, None)),
        (None, None, (Event.QUEUE, 30.0, INSTANCE_BUSY)),
        (CREATING, unknown, (Event.QUEUE, 30.0, INSTANCE_BUSY)),
    ],
)
async def test_an_instance_that_is_being_imaged_already_is_so_by_an_earlier_call_or_by_others(
    rig: Rig, listed: ImageStatus | None, error: Error, expected: object
) -> None:
    rig.has(listed)
    rig.answers(CREATE, busy(TASK_EXISTS))
    rig.answers(FIND, error)
    assert next_step(await rig.create.step(creating(caller=MINE.token), MINE)) == expected


async def test_the_first_answer_that_no_page_lists_begins_its_time(rig: Rig) -> None:
    rig.answers(CREATE, unsure)
    outcome = await rig.create.step(creating(caller=MINE.token), MINE)
    assert isinstance(outcome, Change)
    assert outcome.after.attempt.unsure_since == NOW
