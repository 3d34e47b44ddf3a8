"""What a pending request waits for, whom it mentions, what its card is told; tables, to the second."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.approvals import DEFAULT_RULE, Escalation, Ping, QuorumSlot, Rule
from bot.domain.changes import Change
from bot.domain.lifecycle import Event, Status
from bot.domain.request import (
    Delegation,
    End,
    InstanceFacts,
    InstanceState,
    Request,
    Review,
)
from tests.fakes import NOW, image, request
from tests.house import ALICE, BOB, DAVE, EVE
from tests.steps.rig import Rig, next_step

HOUR = 3600.0
RULE = replace(DEFAULT_RULE, expires=4 * HOUR)
REMINDS = replace(RULE, remind=HOUR)
ESCALATES = replace(
    RULE,
    quorum=(QuorumSlot(usergroups=frozenset({"S0OPS"})),),
    escalate=Escalation(after=HOUR, to=QuorumSlot(usergroups=frozenset({"S0SEC"}))),
)
APPROVED = (Review(BOB, True, "", NOW, frozenset({"S0OPS"})),)
FOR_NOBODY = (Review(DAVE, True, "", NOW, frozenset({"S0OPS"})),)


def waits(rule: Rule = RULE, ago: float = 0.0, **fields: Any) -> Request:
    """A request that was made so many seconds ago."""
    times = {"created_at": NOW - ago, "expires_at": NOW - ago + rule.expires}
    return request(**{"team_id": "T0TEAM", "rule": rule, **times, **fields})


@pytest.mark.parametrize(
    ("of", "event", "due"),
    [
        (waits(), None, 2 * HOUR),  # reminded of once, at half its time
        (waits(ago=2 * HOUR - 1), None, 1.0),
        (waits(ago=2 * HOUR), Event.REMIND, 0.0),
        (waits(ago=3 * HOUR, reminded_at=NOW - HOUR), None, HOUR),
        (waits(REMINDS), None, HOUR),
        (waits(REMINDS, ago=2 * HOUR, reminded_at=NOW - HOUR + 1), None, 1.0),
        (waits(REMINDS, ago=2 * HOUR, reminded_at=NOW - HOUR), Event.REMIND, 0.0),
        (waits(ESCALATES), None, HOUR),
        (waits(ESCALATES, ago=HOUR - 1), None, 1.0),
        (waits(ESCALATES, ago=HOUR), Event.ESCALATE, 0.0),
        (waits(ESCALATES, ago=HOUR, escalated_at=NOW), None, HOUR),
        (waits(ESCALATES, ago=3 * HOUR, escalated_at=NOW, reminded_at=NOW), None, HOUR),
        (waits(ago=4 * HOUR - 1, reminded_at=NOW), None, 1.0),
        (waits(ago=4 * HOUR, reminded_at=NOW), Event.EXPIRE, None),
        (waits(instance_state=None), Event.INSPECT, 0.0),
        (waits(instance_state=None, ago=4 * HOUR), Event.EXPIRE, None),
        (waits(reviews=APPROVED), Event.APPROVE, 0.0),
        (waits(ago=5 * HOUR, reviews=APPROVED), Event.APPROVE, 0.0),  # given in time
        (waits(start_at=NOW + 7, reviews=APPROVED), Event.APPROVE, 7.0),
        (waits(start_at=NOW - 7, reviews=APPROVED), Event.APPROVE, 0.0),
        (waits(reviews=FOR_NOBODY), Event.REOPEN, 0.0),
        (waits(ago=5 * HOUR, reviews=FOR_NOBODY), Event.EXPIRE, None),
        (waits(break_glass=True), Event.BYPASS, 0.0),
        (waits(break_glass=True, start_at=NOW + 7), Event.BYPASS, 7.0),
    ],
)
async def test_a_request_waits_for_what_comes_first(
    rig: Rig, of: Request, event: Event | None, due: float | None
) -> None:
    assert next_step(await rig.pending.step(of))[:2] == (event, due)


@pytest.mark.parametrize(
    ("requester", "delegated", "helpers"),
    [
        (ALICE, (), {BOB, EVE}),
        (EVE, (), {BOB}),
        (ALICE, (Delegation(BOB, DAVE, NOW + 1),), {DAVE, EVE}),
        (ALICE, (Delegation(BOB, EVE, NOW + 1),), {EVE}),
        (DAVE, (Delegation(BOB, DAVE, NOW + 1),), {EVE}),  # nobody approves their own
    ],
)
async def test_a_reminder_mentions_who_can_help_or_whom_they_delegated_to(
    rig: Rig, requester: str, delegated: tuple[Delegation, ...], helpers: set[str]
) -> None:
    rig.store.delegated = delegated
    outcome = await rig.pending.step(waits(replace(ESCALATES, escalate=None), 2 * HOUR, requester=requester))
    assert isinstance(outcome, Change)
    assert (outcome.event, set(outcome.details["helpers"])) == (Event.REMIND, helpers)


NEVER = replace(ESCALATES, quorum=(), ping=Ping.PEOPLE)


@pytest.mark.parametrize(
    ("of", "wanting", "down", "told"),
    [
        (waits(ESCALATES), (), False, set()),
        (waits(ESCALATES), (BOB, DAVE), False, {BOB}),
        (waits(ESCALATES), (BOB,), True, set()),  # the card is there, and a reminder follows
        (waits(replace(ESCALATES, ping=Ping.PEOPLE)), (), False, {BOB, EVE}),
        (waits(replace(ESCALATES, ping=Ping.PEOPLE)), (BOB,), False, {BOB, EVE}),
        (waits(replace(ESCALATES, ping=Ping.USERGROUPS)), (BOB,), False, set()),  # the card mentions S0OPS
        (waits(replace(REMINDS, ping=Ping.USERGROUPS)), (BOB,), False, {BOB}),  # it mentions nobody
        (waits(NEVER), (BOB,), False, set()),  # it needs nobody
        (waits(ESCALATES, break_glass=True), (BOB,), False, set()),
    ],
)
async def test_who_is_told_directly_that_a_request_waits(
    rig: Rig, of: Request, wanting: tuple[str, ...], down: bool, told: set[str]
) -> None:
    rig.store.wanting, rig.directory.down = frozenset(wanting), down
    outcome = await rig.pending.step(replace(of, instance_state=None))
    assert isinstance(outcome, Change)
    assert (outcome.event, set(outcome.waits_for)) == (Event.INSPECT, told)


def made(name: str, ago: float, seconds: float) -> Request:
    """An image of the same machine that was done then, and took so long."""
    end = End(NOW - ago)
    return request(
        image=image(image_name=name),
        status=Status.AVAILABLE,
        end=end,
        image_id=name,
        called_at=end.at - seconds,
    )


MADE = (made("last", 100, 600), made("older", 200, 700), made("oldest", 300, 5000))
LAST = InstanceFacts(
    last_image="last",
    last_image_at=NOW - 100,
    last_request="r-7abcdef",
    last_card=("C0IMAGES", "r-7abcdef"),
    usual_seconds=700,
)
SEEN = InstanceFacts(name="a workstation", os_type="Windows", users=("u1",), sessions=2)


@pytest.mark.parametrize(
    ("earlier", "known", "facts"),
    [
        ((), False, InstanceFacts()),
        (MADE, False, LAST),
        ((), True, SEEN),
        (MADE, True, replace(LAST, name="a workstation", os_type="Windows", users=("u1",), sessions=2)),
        (
            (replace(MADE[0], end=None), *MADE[1:]),
            False,
            replace(LAST, last_image_at=None, usual_seconds=2850),
        ),
    ],
)
async def test_the_card_is_told_what_is_known_of_the_instance_and_of_its_earlier_images(
    rig: Rig, earlier: tuple[Request, ...], known: bool, facts: InstanceFacts
) -> None:
    rig.store.made = earlier
    rig.cloud.state = InstanceState.RUNNING if known else None
    rig.cloud.seen = {"os_type": "Windows", "users": ("u1",), "sub_instances": ("s1", "s2")}
    outcome = await rig.pending.step(waits(instance_state=None))
    assert isinstance(outcome, Change)
    state = InstanceState.RUNNING if known else InstanceState.MISSING
    assert (outcome.after.instance_state, outcome.after.facts) == (state, facts)
    assert outcome.details == {"instance": state.value}
