"""A stop and the start that it owes: when each is tried again and given up; tables, to the second."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.changes import Change
from bot.domain.lifecycle import Event, Status
from bot.domain.power import Power, PowerPhase
from bot.domain.request import (
    CLOUD_BUSY,
    INSTANCE_CHANGED,
    INSTANCE_GONE,
    START_TIMED_OUT,
    STOP_TIMED_OUT,
    TIMED_OUT,
    End,
    InstanceState,
    Request,
)
from bot.errors import CloudError
from tests.fakes import NOW, request
from tests.ports import (
    INSTANCE,
    START,
    STOP,
    busy,
    refused,
    unknown,
)
from tests.steps.rig import DAY, STOP_TIMEOUT, TIMEOUT, Rig, next_step


@pytest.mark.parametrize(
    ("phase", "slot", "since", "code"),
    [
        (PowerPhase.STOPPING, 0, STOP_TIMEOUT - 1, None),
        (PowerPhase.STOPPING, 0, STOP_TIMEOUT, STOP_TIMED_OUT),
        (PowerPhase.STOPPING, None, STOP_TIMEOUT, None),  # a retry that waits for a place
        (PowerPhase.STOPPED, 0, TIMEOUT - 1, None),
        (PowerPhase.STOPPED, 0, TIMEOUT, TIMED_OUT),
    ],
)
def test_an_instance_is_down_for_its_image_so_long_and_no_longer(
    rig: Rig, phase: PowerPhase, slot: int | None, since: float, code: str | None
) -> None:
    power = Power(phase, NOW - since, owed=True)
    late = rig.create.stop_steps.late(request(status=Status.APPROVED, slot=slot, power=power))
    assert next_step(late)[2] == code
    assert (late is None) is (code is None)


@pytest.mark.parametrize(
    ("state", "look", "stop", "expected"),
    [
        (InstanceState.STOPPING, None, None, (None, 5.0, None)),
        (InstanceState.RUNNING, None, None, (None, 5.0, None)),
        (InstanceState.RUNNING, None, busy, (None, 15.0, None)),
        (InstanceState.RUNNING, None, busy(retry_after=20), (None, 20.0, None)),
        (InstanceState.RUNNING, None, busy(retry_after=300), (None, 30.0, None)),
        (InstanceState.RUNNING, None, refused, (Event.FAIL, DAY, "InvalidParameter")),
        (InstanceState.RUNNING, unknown, None, (None, 30.0, None)),
        (InstanceState.RUNNING, refused, None, (Event.FAIL, DAY, "InvalidParameter")),
        (InstanceState.STOPPED, None, None, (Event.POWERED_OFF, 0.0, None)),
    ],
)
async def test_a_stop_is_looked_at_and_asked_for_again_after_a_while(
    rig: Rig,
    state: InstanceState,
    look: Callable[[], CloudError] | None,
    stop: Callable[[], CloudError] | None,
    expected: object,
) -> None:
    rig.cloud.state = state
    rig.answers(INSTANCE, look)
    rig.answers(STOP, stop)
    held = request(status=Status.APPROVED, slot=0, power=Power(PowerPhase.STOPPING, NOW, owed=True))
    assert next_step(await rig.create.stop_steps.step(held)) == expected


GOES = {"status": Status.APPROVED, "slot": 0}
RUNS, IS_STOPPED = InstanceState.RUNNING, InstanceState.STOPPED


@pytest.mark.parametrize(
    ("power", "seen_before", "told"),
    [
        (None, IS_STOPPED, None),  # it never ran
        (None, InstanceState.OTHER, None),
        (None, RUNS, {"somebody": True}),  # somebody was quicker than we
        (Power(PowerPhase.STOPPING, NOW - 9, owed=True), RUNS, {}),
        (Power(PowerPhase.STOPPING, NOW - 9, owed=False), RUNS, {"somebody": True}),
        (Power(PowerPhase.STOPPED, NOW - 9, owed=True), IS_STOPPED, None),  # told already
    ],
)
async def test_that_an_instance_is_stopped_is_told_where_it_is_news_and_who_stopped_it(
    rig: Rig, power: Power | None, seen_before: InstanceState, told: dict[str, bool] | None
) -> None:
    rig.cloud.state = IS_STOPPED
    outcome = await rig.create.stop_steps.step(request(**GOES, power=power, instance_state=seen_before))
    if told is None:
        assert outcome is None
        return
    assert isinstance(outcome, Change)
    assert (outcome.event, outcome.details, outcome.after.instance_state) == (
        Event.POWERED_OFF,
        told,
        IS_STOPPED,
    )
    assert outcome.after.power == (power and replace(power, phase=PowerPhase.STOPPED, since=NOW))


@pytest.mark.parametrize(
    ("state", "before", "owed"),
    [
        (RUNS, None, True),
        (InstanceState.STARTING, None, True),
        (InstanceState.STOPPING, None, False),
        (InstanceState.OTHER, None, False),
        (InstanceState.STOPPING, Power(PowerPhase.STOPPING, NOW - 9, owed=True), True),  # a retry
        (InstanceState.STOPPING, Power(PowerPhase.STOPPING, NOW - 9, owed=False), False),
    ],
)
async def test_what_runs_when_it_is_held_is_to_run_again(
    rig: Rig, state: InstanceState, before: Power | None, owed: bool
) -> None:
    rig.cloud.state = state
    waits = request(status=Status.APPROVED, power=before, queue_reason=CLOUD_BUSY)
    outcome = await rig.create.stop_steps.step(waits)
    assert isinstance(outcome, Change)
    after = outcome.after
    assert next_step(outcome) == (Event.POWER_OFF, 0.0, None)
    assert (after.power, after.instance_state) == (Power(PowerPhase.STOPPING, NOW, owed), state)
    assert (after.attempt.slot is None, after.attempt.queue_reason) == (False, None)


async def test_nothing_is_held_without_a_place(rig: Rig) -> None:
    rig.cloud.state, rig.store.instance_busy = RUNS, True
    outcome = await rig.create.stop_steps.step(request(status=Status.APPROVED))
    assert next_step(outcome) == (None, 1.0, None)


async def test_what_runs_after_all_is_noted_before_it_is_stopped(rig: Rig) -> None:
    """It was on its way to something else when it was held."""
    rig.cloud.state, power = RUNS, Power(PowerPhase.STOPPING, NOW - 9, owed=False)
    outcome = await rig.create.stop_steps.step(request(**GOES, power=power))
    assert isinstance(outcome, Change)
    assert (next_step(outcome), outcome.after.power) == (
        (Event.WATCH, 0.0, None),
        replace(power, owed=True),
    )
    assert STOP not in rig.cloud.calls


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"power": Power(PowerPhase.STOPPED, NOW, owed=True)}, INSTANCE_CHANGED),  # somebody started it
        ({"calls": 1}, INSTANCE_CHANGED),  # its image may have been asked for
    ],
)
@pytest.mark.parametrize("state", [RUNS, InstanceState.STARTING, InstanceState.OTHER])
async def test_what_runs_once_it_was_stopped_or_asked_for_is_stopped_no_more(
    rig: Rig, fields: dict[str, Any], code: str, state: InstanceState
) -> None:
    rig.cloud.state = state
    outcome = await rig.create.stop_steps.step(request(**GOES, **fields))
    assert next_step(outcome) == (Event.FAIL, DAY, code)


STOPPING, STOPPED, STARTING = PowerPhase.STOPPING, PowerPhase.STOPPED, PowerPhase.STARTING


def owed(phase: PowerPhase, since: float = 0.0, **power: Any) -> Request:
    """A request that ended a moment ago and owes its instance a start; `since` is in seconds before now."""
    power = {"owed": True, **power}
    return request(status=Status.CANCELLED, end=End(NOW), power=Power(phase, NOW - since, **power))


@pytest.mark.parametrize(
    ("of", "state", "look", "expected"),
    [
        (owed(STOPPED), InstanceState.STOPPED, None, (Event.POWER_ON, 0.0, None)),
        (owed(STOPPED, due=NOW + 7), InstanceState.STOPPED, None, (None, 7.0, None)),
        (owed(STOPPED), InstanceState.RUNNING, None, (Event.POWERED_ON, 0.0, None)),
        (owed(STOPPED), None, None, (Event.POWER_ABANDON, 0.0, INSTANCE_GONE)),
        (owed(STOPPED, DAY), InstanceState.STOPPED, None, (Event.POWER_ON, 0.0, None)),  # ended just now
        (owed(STOPPING), InstanceState.RUNNING, None, (None, 30.0, None)),
        (owed(STOPPING, 2 * STOP_TIMEOUT - 1), InstanceState.RUNNING, None, (None, 30.0, None)),
        (owed(STOPPING, 2 * STOP_TIMEOUT), InstanceState.RUNNING, None, (Event.WATCH, 0.0, None)),
        (owed(STARTING), InstanceState.STOPPED, None, (Event.WATCH, 0.0, None)),
        (owed(STARTING, tries=3), InstanceState.STOPPED, None, (Event.POWER_FAIL, 40.0, START_TIMED_OUT)),
        (owed(STARTING), InstanceState.STARTING, None, (None, 5.0, None)),
        (owed(STARTING), InstanceState.STARTING, unknown, (None, 5.0, None)),
        (owed(STARTING), InstanceState.STARTING, refused, (Event.POWER_FAIL, 5.0, "InvalidParameter")),
        (owed(STARTING, told=True), InstanceState.STARTING, refused, (None, 300.0, None)),
        (owed(STARTING, tries=3), InstanceState.STARTING, None, (None, 5.0, None)),
        (owed(STARTING, tries=4), InstanceState.STARTING, None, (Event.POWER_FAIL, 5.0, START_TIMED_OUT)),
        (owed(STARTING, STOP_TIMEOUT - 1), InstanceState.STARTING, None, (None, 5.0, None)),
        (
            owed(STARTING, STOP_TIMEOUT),
            InstanceState.STARTING,
            None,
            (Event.POWER_FAIL, 5.0, START_TIMED_OUT),
        ),
        (owed(STARTING, DAY - 1, told=True), InstanceState.STARTING, None, (None, 300.0, None)),
        (
            owed(STARTING, DAY, told=True),
            InstanceState.RUNNING,
            None,
            (Event.POWER_ABANDON, 0.0, START_TIMED_OUT),
        ),
    ],
)
async def test_a_start_that_is_owed_is_tried_on_for_a_day(
    rig: Rig,
    of: Request,
    state: InstanceState | None,
    look: Callable[[], CloudError] | None,
    expected: object,
) -> None:
    rig.cloud.state = state
    rig.answers(INSTANCE, look)
    outcome = await rig.restore.step(of)
    assert next_step(outcome) == expected
    if isinstance(outcome, Change) and outcome.event is Event.POWER_FAIL:
        assert outcome.after.power is not None
        assert (outcome.after.power.told, outcome.after.power.due) == (True, outcome.due)


@pytest.mark.parametrize(("phase", "details"), [(STOPPED, {"somebody": True}), (STARTING, {})])
async def test_that_an_instance_runs_is_told_with_who_started_it(
    rig: Rig, phase: PowerPhase, details: dict[str, bool]
) -> None:
    rig.cloud.state = RUNS
    outcome = await rig.restore.step(owed(phase))
    assert isinstance(outcome, Change)
    assert (outcome.event, outcome.details) == (Event.POWERED_ON, details)
    assert (outcome.after.power, outcome.after.instance_state) == (None, RUNS)


@pytest.mark.parametrize(("tries", "wait"), [(0, 5.0), (1, 10.0), (5, 160.0), (6, 300.0), (50, 300.0)])
@pytest.mark.parametrize("error", [None, unknown, busy])
async def test_every_start_doubles_the_time_to_the_next_up_to_five_minutes(
    rig: Rig, tries: int, wait: float, error: Callable[[], CloudError] | None
) -> None:
    rig.answers(START, error)
    outcome = await rig.restore.step(owed(STARTING, tries=tries, told=True))
    assert isinstance(outcome, Change)
    assert outcome.after.power == Power(STARTING, NOW, owed=True, due=NOW + wait, tries=tries + 1, told=True)
