"""From the approval to the claim: whose rights count, which place is taken, what is stopped first."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.approvals import DEFAULT_RULE
from bot.domain.changes import Change
from bot.domain.lifecycle import Event, Status
from bot.domain.power import Power, PowerPhase
from bot.domain.request import (
    CLOUD_AWAY,
    INSTANCE_CHANGED,
    INSTANCE_GONE,
    RIGHTS_LOST,
    TIMED_OUT,
    InstanceState,
    Request,
    Review,
)
from bot.ports import ImageStatus
from tests.fakes import NOW, request
from tests.house import ALICE, BOB, DAVE, EVE
from tests.ports import (
    FIND,
    IMAGE,
    INSTANCE,
    unknown,
)
from tests.steps.rig import (
    CREATING,
    DAY,
    FAILED,
    ID,
    MARK,
    MINE,
    TIMEOUT,
    Error,
    Rig,
    next_step,
)

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


APPROVALS = (Review(BOB, True, "", NOW, frozenset({"S0OPS"})),)
GIVEN_BY_NOBODY = (replace(APPROVALS[0], user_id=DAVE),)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"reviews": APPROVALS}, (Event.START, 0.0, None)),
        ({"reviews": ()}, (Event.REOPEN, 0.0, None)),
        ({"reviews": GIVEN_BY_NOBODY}, (Event.REOPEN, 0.0, None)),
        ({"reviews": (), "rule": replace(DEFAULT_RULE, quorum=())}, (Event.START, 0.0, None)),
        ({"reviews": (), "requester": EVE, "break_glass": True}, (Event.START, 0.0, None)),
        ({"reviews": (), "requester": ALICE, "break_glass": True}, (Event.CANCEL, None, RIGHTS_LOST)),
        ({"reviews": APPROVALS, "requester": DAVE}, (Event.CANCEL, None, RIGHTS_LOST)),
        (
            {"reviews": APPROVALS, "power": Power(PowerPhase.STOPPED, NOW, owed=True)},
            (Event.START, 0.0, None),
        ),
        (
            {"reviews": APPROVALS, "power": Power(PowerPhase.STOPPED, NOW - TIMEOUT, owed=True)},
            (Event.FAIL, DAY, TIMED_OUT),
        ),
    ],
)
async def test_everybodys_rights_and_the_time_of_a_stop_are_looked_at_before_a_claim(
    rig: Rig, fields: dict[str, Any], expected: object
) -> None:
    approved = request(
        **{"team_id": "T0TEAM", "status": Status.APPROVED, "slot": 3, "approved_at": NOW, **fields}
    )
    outcome = await rig.create.start(approved, MINE)
    assert next_step(outcome) == expected
    assert isinstance(outcome, Change)
    after = outcome.after
    if outcome.event is Event.REOPEN:
        assert (after.reviews, after.approved_at, after.attempt.slot) == ((), None, None)


RUNS, IS_STOPPED, LOOK = InstanceState.RUNNING, InstanceState.STOPPED, INSTANCE


@pytest.mark.parametrize(
    ("attempt", "state", "listed", "error", "calls", "expected"),
    [
        ({}, IS_STOPPED, None, None, [LOOK], (Event.START, 0.0, None)),
        ({}, RUNS, None, None, [LOOK], (Event.POWER_OFF, 0.0, None)),
        ({}, RUNS, None, unknown, [LOOK], (Event.QUEUE, 30.0, CLOUD_AWAY)),
        ({}, None, None, None, [LOOK], (Event.FAIL, DAY, INSTANCE_GONE)),
        ({"calls": 1}, RUNS, None, None, [LOOK], (Event.FAIL, DAY, INSTANCE_CHANGED)),
        ({"doubtful": True}, RUNS, CREATING, None, [FIND], (Event.START, 0.0, None)),
        ({"doubtful": True}, RUNS, None, None, [FIND, LOOK], (Event.POWER_OFF, 0.0, None)),
        ({"doubtful": True}, RUNS, None, unknown, [FIND], (Event.QUEUE, 30.0, CLOUD_AWAY)),
        ({"predecessor": ID}, RUNS, CREATING, None, [IMAGE], (Event.START, 0.0, None)),
        ({"predecessor": ID}, RUNS, FAILED, None, [IMAGE, LOOK], (Event.POWER_OFF, 0.0, None)),
        ({"predecessor": ID}, RUNS, CREATING, unknown, [IMAGE], (Event.QUEUE, 30.0, CLOUD_AWAY)),
    ],
)
async def test_an_instance_is_stopped_first_unless_it_may_be_being_imaged_already(
    rig: Rig,
    attempt: dict[str, Any],
    state: InstanceState | None,
    listed: ImageStatus | None,
    error: Error,
    calls: list[str],
    expected: object,
) -> None:
    rig.cloud.state = state
    rig.has(listed)
    rig.answers(calls[0], error)
    approved = request(team_id="T0TEAM", status=Status.APPROVED, stop_first=True, mark=MARK, **attempt)
    outcome = await rig.create.start(skipping(approved), MINE)
    assert (rig.cloud.calls, next_step(outcome)) == (calls, expected)
