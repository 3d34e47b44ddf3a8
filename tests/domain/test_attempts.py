"""What a new attempt knows of the last one, and what an attempt keeps when its request goes back in line."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.lifecycle import Status
from bot.domain.power import Power, PowerPhase
from bot.domain.request import (
    CREATE_FAILED,
    DOUBTFUL,
    INSTANCE_CHANGED,
    NO_ANSWER,
    SILENT,
    STOP_TIMED_OUT,
    TIMED_OUT,
    Attempt,
    End,
    Failure,
    Review,
)
from tests.fakes import NOW, request

LAST = Attempt(
    number=2,
    slot=None,
    queue_reason="cloud-busy",
    mark="secret",
    calls=3,
    lost=1,
    called_at=5.0,
    image_id="img-1",
    task_id="t-1",
    cloud_request_id="c-1",
    progress=40,
    watches=9,
    trouble="no-permission",
    signed_off_by="U0BOB",
)
FRESH = Attempt(number=3)
NO_IMAGE = replace(LAST, image_id=None)
IN_DOUBT = replace(FRESH, mark="secret", doubtful=True)


@pytest.mark.parametrize(
    ("last", "code", "following"),
    [
        (LAST, CREATE_FAILED, FRESH),
        (LAST, DOUBTFUL, FRESH),
        (LAST, "InvalidParameter", FRESH),
        (LAST, TIMED_OUT, replace(FRESH, predecessor="img-1")),
        (LAST, SILENT, FRESH),
        (NO_IMAGE, TIMED_OUT, IN_DOUBT),
        (NO_IMAGE, SILENT, IN_DOUBT),
        (NO_IMAGE, NO_ANSWER, IN_DOUBT),
        (replace(NO_IMAGE, lost=0), TIMED_OUT, IN_DOUBT),  # every call was answered, and none named an image
        (replace(NO_IMAGE, lost=0), SILENT, IN_DOUBT),
        (replace(NO_IMAGE, lost=0, predecessor="img-0"), NO_ANSWER, replace(FRESH, predecessor="img-0")),
        (NO_IMAGE, STOP_TIMED_OUT, IN_DOUBT),  # a call before that came to nothing that anybody knows of
        (NO_IMAGE, DOUBTFUL, FRESH),
        (replace(NO_IMAGE, lost=0), "InvalidParameter", FRESH),
        (replace(NO_IMAGE, lost=0), INSTANCE_CHANGED, FRESH),
        (replace(NO_IMAGE, lost=0, doubtful=True), INSTANCE_CHANGED, IN_DOUBT),
        (Attempt(number=2), TIMED_OUT, FRESH),  # its instance was down for too long: it has called nobody
        (Attempt(number=2, predecessor="img-0"), STOP_TIMED_OUT, replace(FRESH, predecessor="img-0")),
        (replace(NO_IMAGE, predecessor="img-0"), SILENT, replace(IN_DOUBT, predecessor="img-0")),
        (replace(LAST, predecessor="img-0"), CREATE_FAILED, FRESH),  # it was looked for before the call
        (replace(LAST, predecessor="img-0"), TIMED_OUT, replace(FRESH, predecessor="img-1")),
    ],
)
def test_a_retry_starts_over_and_knows_what_keeps_it_from_a_second_image(
    last: Attempt, code: str, following: Attempt
) -> None:
    """No progress, no watches, no failure, no number of calls: those were the last attempt's."""
    failed = replace(request(), attempt=last).over(End(9.0), Failure(code))
    again = failed.again()
    assert (again.end, again.attempt) == (None, following)


def test_a_retry_stops_the_instance_again_if_it_still_owes_its_start() -> None:
    owed = replace(request(), power=Power(PowerPhase.STARTING, since=1.0, owed=True))
    power = owed.again().power
    assert power is not None
    assert power.phase is PowerPhase.STOPPING
    assert request().again().power is None


def test_back_in_line_a_request_gives_its_slot_away_unless_its_instance_is_down() -> None:
    claimed = replace(LAST, slot=4, caller="lease")
    up, down = request(), replace(request(), power=Power(PowerPhase.STOPPING, since=1.0, owed=True))
    assert up.waiting(claimed).attempt == replace(claimed, slot=None, caller=None)
    assert down.waiting(claimed).attempt == replace(claimed, caller=None)


def test_an_end_gives_the_slot_and_the_right_to_call_away() -> None:
    trying = replace(request(), attempt=replace(LAST, slot=4, caller="lease"))
    over = trying.over(End(9.0, "U0ALICE", "changed my mind"))
    assert over.end == End(9.0, "U0ALICE", "changed my mind")
    assert over.attempt == replace(LAST, slot=None, caller=None)


@pytest.mark.parametrize(
    ("fields", "left", "status"),
    [
        ({}, 1.0, Status.PENDING),
        ({}, 0.0, Status.EXPIRED),
        ({"break_glass": True}, 0.0, Status.APPROVED),
        ({"reviews": (Review("U0BOB", True, "", NOW),)}, 0.0, Status.APPROVED),
        ({"reviews": (Review("U0BOB", True, "", NOW),)}, 1.0, Status.APPROVED),
        ({"status": Status.CREATING}, 0.0, Status.CREATING),
    ],
)
def test_a_request_stands_where_its_time_and_reviews_say_before_any_step_does(
    fields: dict[str, Any], left: float, status: Status
) -> None:
    assert request(**fields, expires_at=NOW + left).as_of(NOW) is status


@pytest.mark.parametrize("owed", [True, False])
def test_what_leaves_the_way_to_an_image_keeps_a_start_that_it_owes_and_no_other(owed: bool) -> None:
    power = Power(PowerPhase.STOPPED, since=1.0, owed=owed)
    left = request(power=power, slot=3, caller="lease").released()
    assert (left.power, left.attempt.slot, left.attempt.caller) == (power if owed else None, None, None)
