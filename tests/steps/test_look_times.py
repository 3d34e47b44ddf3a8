"""From the call to the image: when it is looked for and at, and when time is over; tables, to the second."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.changes import Change
from bot.domain.lifecycle import Event, Status
from bot.domain.request import (
    CREATE_FAILED,
    SILENT,
    TIMED_OUT,
    End,
    Failure,
)
from bot.errors import CloudError
from bot.ports import CloudImage, ImageStatus
from bot.steps.look import MOST_LOST
from bot.steps.watch import MOST_WATCHES, next_round
from tests.fakes import NOW, request
from tests.ports import (
    FIND,
    IMAGE,
    IMAGES,
    busy,
    refused,
    unknown,
)
from tests.steps.rig import (
    AVAILABLE,
    CREATING,
    DAY,
    FAILED,
    ID,
    MARK,
    MINE,
    TIMEOUT,
    Rig,
    creating,
    next_step,
)


@pytest.mark.parametrize(
    ("error", "after", "lost", "expected"),
    [
        (None, 0.0, 0, (None, 5.0, None)),
        (None, 89.0, 0, (None, 5.0, None)),
        (None, 90.0, 0, (Event.RESTART, 0.0, None)),
        (None, 90.0, MOST_LOST - 1, (Event.RESTART, 0.0, None)),
        (None, 90.0, MOST_LOST, (Event.FAIL, 300.0, SILENT)),
        (unknown, 90.0, 0, (None, 30.0, None)),
        (busy(retry_after=7), 90.0, 0, (None, 7.0, None)),
        (refused, 90.0, 0, (Event.STALL, 30.0, "InvalidParameter")),
        (unknown, TIMEOUT - 1, 0, (None, 30.0, None)),
        (unknown, TIMEOUT, 0, (Event.FAIL, 300.0, TIMED_OUT)),
        (None, TIMEOUT, 0, (Event.FAIL, 300.0, TIMED_OUT)),
    ],
)
async def test_an_image_that_is_not_listed_is_looked_for_until_it_surely_was_not_made(
    rig: Rig, error: Callable[[], CloudError] | None, after: float, lost: int, expected: object
) -> None:
    rig.answers(FIND, error)
    outcome = await rig.create.step(creating(called_at=NOW - after, lost=lost), MINE)
    assert next_step(outcome) == expected


async def test_a_listing_that_lags_less_is_looked_at_more_often() -> None:
    outcome = await Rig(lookup_seconds=8.0).create.step(creating(), MINE)
    assert next_step(outcome) == (None, 2.0, None)


async def test_an_image_that_is_found_is_watched_from_then_on(rig: Rig) -> None:
    rig.has(CREATING)
    assert next_step(await rig.create.step(creating(), MINE)) == (Event.ISSUE, 5.0, None)


async def test_a_call_that_is_made_once_more_counts_as_lost(rig: Rig) -> None:
    before = creating(called_at=NOW - 90, lost=3, trouble="no-permission")
    outcome = await rig.create.step(before, MINE)
    assert isinstance(outcome, Change)
    assert outcome.after.attempt == replace(before.attempt, lost=4, slot=None, caller=None, trouble="")


@pytest.mark.parametrize(
    ("status", "error", "after", "expected"),
    [
        (CREATING, None, 0.0, (Event.WATCH, 5.0, None)),
        (None, None, 0.0, (Event.WATCH, 5.0, None)),
        (CREATING, unknown, 0.0, (Event.WATCH, 5.0, None)),
        (CREATING, refused, 0.0, (Event.STALL, 5.0, "InvalidParameter")),
        (CREATING, None, TIMEOUT - 1, (Event.WATCH, 5.0, None)),
        (CREATING, None, TIMEOUT, (Event.FAIL, 60.0, TIMED_OUT)),
        (None, unknown, TIMEOUT, (Event.FAIL, 60.0, TIMED_OUT)),
        (AVAILABLE, None, TIMEOUT, (Event.FINISH, None, None)),
        (FAILED, None, TIMEOUT, (Event.FAIL, DAY, CREATE_FAILED)),
    ],
)
async def test_an_image_is_watched_until_its_end_or_until_its_time_is_over(
    rig: Rig,
    status: ImageStatus | None,
    error: Callable[[], CloudError] | None,
    after: float,
    expected: object,
) -> None:
    rig.has(status)
    rig.answers(IMAGES, error)
    outcome = await rig.create.step(creating(image_id=ID, called_at=NOW - after), MINE)
    assert next_step(outcome) == expected


@pytest.mark.parametrize("number", ["cloud-request-7", None])
async def test_an_image_that_failed_is_told_with_the_number_that_support_asks_for(
    rig: Rig, number: str | None
) -> None:
    rig.cloud.images[ID] = CloudImage(ID, "build-tools", FAILED, cloud_request_id=number)
    outcome = await rig.create.step(creating(image_id=ID), MINE)
    assert isinstance(outcome, Change)
    assert outcome.after.attempt.failure == Failure(CREATE_FAILED, cloud_request_id=number or "")


@pytest.mark.parametrize(
    ("earlier", "calls"),
    [(CREATING, [IMAGE]), (AVAILABLE, [IMAGE]), (FAILED, [IMAGE, FIND]), (None, [IMAGE, FIND])],
)
async def test_the_image_of_a_lost_call_is_searched_for_once_an_earlier_one_comes_to_nothing(
    rig: Rig, earlier: ImageStatus | None, calls: list[str]
) -> None:
    rig.has(earlier)
    doubts = {"failure": Failure(SILENT), "predecessor": ID, "mark": MARK}
    await rig.create.watch_steps.late(request(status=Status.FAILED, end=End(NOW), **doubts))
    assert rig.cloud.calls == calls


@pytest.mark.parametrize(("image_id", "look", "due"), [(ID, IMAGE, 60.0), (None, FIND, 300.0)])
@pytest.mark.parametrize("error", [unknown, refused])
async def test_a_late_look_without_an_answer_is_taken_again(
    rig: Rig, image_id: str | None, look: str, due: float, error: Callable[[], CloudError]
) -> None:
    rig.has(AVAILABLE)
    rig.answers(look, error)
    ended = {"end": End(NOW), "failure": Failure(TIMED_OUT), "image_id": image_id, "mark": MARK}
    outcome = await rig.create.watch_steps.late(request(status=Status.FAILED, **ended))
    assert next_step(outcome) == (None, due, None)


@pytest.mark.parametrize(
    ("status", "seen", "after"), [(CREATING, 70, 70), (CREATING, None, 40), (None, 70, 40)]
)
async def test_a_look_keeps_the_progress_that_it_sees_and_ends_the_trouble(
    rig: Rig, status: ImageStatus | None, seen: int | None, after: int
) -> None:
    rig.has(status, progress=seen)
    since = {"called_at": NOW - 60, "progress_at": NOW - 60}
    watched = creating(image_id=ID, progress=40, trouble="no-permission", **since)
    outcome = await rig.create.step(watched, MINE)
    assert isinstance(outcome, Change)
    assert (outcome.after.attempt.progress, outcome.after.attempt.trouble) == (after, "")


@pytest.mark.parametrize("status", [Status.CREATING, Status.FAILED])
async def test_an_image_that_is_there_is_whole_and_not_stuck(rig: Rig, status: Status) -> None:
    rig.has(AVAILABLE)
    late = {"end": End(NOW), "failure": Failure(TIMED_OUT)} if status is Status.FAILED else {}
    stuck = replace(creating(image_id=ID, progress=40, stuck=True, **late), status=status)
    watch = rig.create.watch_steps
    outcome = await (watch.late(stuck) if late else watch.step(stuck, ID))
    assert isinstance(outcome, Change)
    attempt = outcome.after.attempt
    assert (attempt.progress, attempt.stuck, attempt.failure, attempt.slot) == (100, False, None, None)
    assert outcome.after.end == End(NOW)
    assert outcome.details == {"image_id": ID, "regions": ()}


@pytest.mark.parametrize(
    ("watches", "error", "then", "due"),
    [
        (0, None, 1, 5.0),
        (1, None, 2, 10.0),
        (2, unknown, 3, 20.0),
        (3, None, 4, 20.0),  # every half a minute: the next one is in 20 seconds
        (MOST_WATCHES, None, MOST_WATCHES, 20.0),
    ],
)
async def test_every_look_doubles_the_time_to_the_next(
    rig: Rig, watches: int, error: Callable[[], CloudError] | None, then: int, due: float
) -> None:
    rig.has(CREATING)
    rig.answers(IMAGES, error)
    outcome = await rig.create.step(creating(image_id=ID, watches=watches), MINE)
    assert isinstance(outcome, Change)
    assert (outcome.after.attempt.watches, outcome.due) == (then, NOW + due)


@pytest.mark.parametrize(
    ("now", "interval", "due"), [(0.0, 5.0, 5.0), (4.0, 5.0, 5.0), (5.0, 5.0, 10.0), (47.0, 30.0, 60.0)]
)
def test_all_with_an_interval_are_looked_at_together(now: float, interval: float, due: float) -> None:
    assert next_round(now, interval) == due


@pytest.mark.parametrize(
    ("code", "image_id", "status", "ago", "expected"),
    [
        (TIMED_OUT, ID, CREATING, 0.0, (None, 60.0, None)),
        (TIMED_OUT, ID, None, 0.0, (None, 60.0, None)),
        (TIMED_OUT, ID, CREATING, DAY - 10, (None, 10.0, None)),
        (TIMED_OUT, ID, FAILED, 0.0, (None, DAY, None)),
        (TIMED_OUT, ID, AVAILABLE, 0.0, (Event.APPEAR, None, None)),
        (TIMED_OUT, None, None, 0.0, (None, 300.0, None)),
        (SILENT, None, None, 0.0, (None, 300.0, None)),
        (SILENT, None, CREATING, 0.0, (None, 300.0, None)),
        (SILENT, None, FAILED, 0.0, (None, DAY, None)),
        (SILENT, None, AVAILABLE, 0.0, (Event.APPEAR, None, None)),
        (SILENT, None, None, DAY - 10, (None, 10.0, None)),
        (CREATE_FAILED, ID, AVAILABLE, 0.0, (None, DAY, None)),
        (TIMED_OUT, ID, AVAILABLE, DAY - 1, (Event.APPEAR, None, None)),
        (TIMED_OUT, ID, AVAILABLE, DAY, (Event.LAPSE, None, TIMED_OUT)),
    ],
)
async def test_an_image_that_took_too_long_is_looked_at_as_long_as_a_retry_is_possible(
    rig: Rig, code: str, image_id: str | None, status: ImageStatus | None, ago: float, expected: object
) -> None:
    rig.has(status)
    ended = {"end": End(NOW - ago), "failure": Failure(code), "image_id": image_id, "mark": MARK}
    outcome = await rig.create.watch_steps.late(request(status=Status.FAILED, **ended))
    assert next_step(outcome) == expected
