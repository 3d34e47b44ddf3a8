"""How far an image has come: taken down seldom, told with the time left, slow told from stuck."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.lifecycle import Status
from bot.domain.progress import (
    PROGRESS_SECONDS,
    STUCK_SECONDS,
    Pace,
    Progress,
    advanced,
    making_seconds,
    progress,
    usual_seconds,
)
from bot.domain.request import Attempt, End, InstanceFacts
from tests.fakes import NOW, request


@pytest.mark.parametrize(
    ("seconds", "percent", "usual", "told"),
    [
        pytest.param(60, 50, None, Progress(50, 60.0, Pace.STEADY), id="from the image alone"),
        pytest.param(5, 50, None, Progress(50, None, Pace.STEADY), id="too early to tell"),
        pytest.param(600, 2, None, Progress(2, None, Pace.STEADY), id="too little to tell"),
        pytest.param(60, 20, 300.0, Progress(20, 240.0, Pace.STEADY), id="from earlier images"),
        pytest.param(30, 10, None, Progress(10, 270.0, Pace.STEADY), id="just enough to tell"),
        pytest.param(450, 50, 300.0, Progress(50, 150.0, Pace.STEADY), id="half as long again"),
        pytest.param(600, 50, 300.0, Progress(50, 600.0, Pace.SLOW), id="slower than usual"),
        pytest.param(60, None, 300.0, None, id="Alibaba Cloud tells no progress"),
    ],
)
def test_the_time_left_is_told_from_earlier_images_else_from_this_one(
    seconds: float, percent: int | None, usual: float | None, told: Progress | None
) -> None:
    making = request(
        status=Status.CREATING, called_at=NOW, progress=percent, facts=InstanceFacts(usual_seconds=usual)
    )

    assert progress(making, NOW + seconds) == told


def test_an_image_that_does_not_get_on_is_stuck_and_not_just_slow() -> None:
    making = request(status=Status.CREATING, called_at=NOW, progress=40, stuck=True)

    assert progress(making, NOW + 5000) == Progress(40, None, Pace.STUCK)


@given(st.lists(st.tuples(st.floats(0.0, 60.0), st.none() | st.integers(-5, 105)), max_size=50))
def test_progress_is_taken_down_every_ten_seconds_at_most(looks: list[tuple[float, int | None]]) -> None:
    now, attempt, edits = NOW, Attempt(called_at=NOW), list[float]()
    for pause, percent in looks:
        now += pause
        after = advanced(attempt, percent, now)
        edits += [now] if after.progress != attempt.progress else []
        attempt = after

    gaps = [later - sooner for sooner, later in pairwise(edits)]
    assert all(gap >= PROGRESS_SECONDS - 1e-6 for gap in gaps)
    assert attempt.progress is None or 0 <= attempt.progress <= 100


@pytest.mark.parametrize(
    ("seconds", "percent", "taken"),
    [
        pytest.param(9, 50, 40, id="too soon for another edit"),
        pytest.param(10, 50, 50, id="ten seconds later"),
        pytest.param(-5, 50, 50, id="the clock was set back"),
        pytest.param(60, 0, 0, id="it starts over"),
        pytest.param(60, -1, 0, id="less than nothing"),
        pytest.param(60, 100, 100, id="done"),
        pytest.param(60, 101, 100, id="more than all"),
        pytest.param(60, None, 40, id="not told"),
    ],
)
def test_progress_is_taken_down_as_a_percentage(seconds: float, percent: int | None, taken: int) -> None:
    assert advanced(Attempt(progress=40, progress_at=NOW), percent, NOW + seconds).progress == taken


def test_it_is_stuck_once_it_has_not_grown_for_long_and_no_longer_when_it_grows() -> None:
    attempt = advanced(Attempt(called_at=NOW), 40, NOW)
    assert not advanced(attempt, 40, NOW + STUCK_SECONDS - 1).stuck
    stuck = advanced(attempt, 40, NOW + STUCK_SECONDS)
    assert stuck.stuck
    assert not advanced(stuck, 41, NOW + STUCK_SECONDS + 1).stuck


def test_how_long_images_take_is_the_middle_of_those_that_were_made() -> None:
    made = tuple(
        request(status=Status.AVAILABLE, image_id="img", called_at=NOW, end=End(NOW + seconds))
        for seconds in (100, 300, 5000)
    )

    assert usual_seconds(made) == 300
    assert usual_seconds(()) is None


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        pytest.param({"called_at": NOW, "image_id": "img", "end": End(NOW + 300)}, 300.0, id="made"),
        pytest.param(
            {"called_at": NOW, "image_id": "img", "end": End(NOW - 5)}, 0.0, id="the clock was set back"
        ),
        pytest.param({"called_at": NOW, "image_id": "img"}, None, id="not done"),
        pytest.param({"called_at": NOW, "end": End(NOW + 300)}, None, id="no image"),
        pytest.param({}, None, id="not called"),
    ],
)
def test_what_was_made_took_from_its_call_to_its_end(fields: dict[str, Any], seconds: float | None) -> None:
    assert making_seconds(request(**fields)) == seconds
