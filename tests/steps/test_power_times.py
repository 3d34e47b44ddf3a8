"""A stop and the start that it owes: when each is tried again and given up; tables, to the second."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.changes import Change
from bot.domain.lifecycle import Event, Status
from bot.domain.power import Power, PowerPhase
from bot.domain.request import (
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
    assert next_step(await rig.restore.step(of)) == expected


@pytest.mark.parametrize(("tries", "wait"), [(0, 5.0), (1, 10.0), (5, 160.0), (6, 300.0), (50, 300.0)])
@pytest.mark.parametrize("error", [None, unknown, busy])
async def test_every_start_doubles_the_time_to_the_next_up_to_five_minutes(
    rig: Rig, tries: int, wait: float, error: Callable[[], CloudError] | None
) -> None:
    rig.answers(START, error)
    outcome = await rig.restore.step(owed(STARTING, tries=tries, told=True))
    assert isinstance(outcome, Change)
    assert outcome.after.power == Power(STARTING, NOW, owed=True, due=NOW + wait, tries=tries + 1, told=True)
