"""Who is told about a change: the thread about news, other channels about the end, nobody about a look."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.changes import Change, announcements, apply, due, ended, redraws
from bot.domain.distribution import Copy, CopyStatus, Distribution
from bot.domain.lifecycle import ENDS, TRANSITIONS, Event, Status
from bot.domain.message import Kind, Priority
from bot.domain.power import Power, PowerPhase
from bot.domain.request import CLOUD_BUSY, INSTANCE_BUSY, Review
from tests.fakes import changed, request

ROWS = [(before, event, after) for before, row in TRANSITIONS.items() for event, after in row.items()]


E = Event
HOW = {
    **dict.fromkeys((E.INSPECT, E.LOOK, E.RESTART, E.ISSUE, E.WATCH, E.LAPSE, E.DISTRIBUTE), None),
    **dict.fromkeys((E.QUEUE, E.START, E.APPROVE, E.POWER_OFF, E.POWERED_OFF), Priority.BOT),
    **dict.fromkeys((E.POWER_ON, E.POWERED_ON), Priority.BOT),
    **dict.fromkeys((E.REVIEW, E.REOPEN, E.REMIND, E.ESCALATE, E.STALL, E.RETRY), Priority.PERSON),
    **dict.fromkeys((E.SIGN_OFF, E.POWER_FAIL, E.POWER_ABANDON), Priority.PERSON),
    **dict.fromkeys((E.DISTRIBUTED, E.DISTRIBUTION_FAIL), Priority.PERSON),
    **dict.fromkeys((E.BYPASS, E.REJECT, E.EXPIRE, E.CANCEL, E.FINISH, E.FAIL, E.APPEAR), Priority.END),
}
"""How soon each event is posted in the thread; None: only the card shows it."""


@pytest.mark.parametrize(("before", "event", "after"), ROWS)
def test_the_thread_hears_of_everything_but_what_the_card_shows_in_its_turn(
    before: Status, event: Event, after: Status
) -> None:
    old = request(status=before)
    change = Change(event, changed(old, queue_reason=INSTANCE_BUSY), None)
    told = announcements(old, apply(old, change), change)
    assert [(each.kind, each.priority) for each in told] == [
        (Kind.ENTRY, how) for how in [HOW[event]] if how is not None
    ]
    assert ended(old, request(status=after)) is (after in ENDS and after is not before)


@pytest.mark.parametrize(("before", "event", "after"), [row for row in ROWS if row[2] in ENDS - {row[0]}])
def test_other_channels_hear_of_the_end_and_of_nothing_else(
    before: Status, event: Event, after: Status
) -> None:
    old = request(status=before, notify=("C0OTHER", "C0IMAGES"))
    change = Change(event, old, None)
    told = announcements(old, apply(old, change), change)
    assert [(each.kind, each.target) for each in told] == [
        (Kind.ENTRY, "C0IMAGES"),
        (Kind.NOTICE, "C0OTHER"),
    ]
    assert after in ENDS


@pytest.mark.parametrize(("earlier", "told"), [(None, 1), (CLOUD_BUSY, 1), (INSTANCE_BUSY, 0)])
def test_waiting_is_told_when_its_reason_is_news(earlier: str | None, told: int) -> None:
    old = request(status=Status.CREATING, queue_reason=earlier)
    change = Change(Event.QUEUE, changed(old, queue_reason=INSTANCE_BUSY), None)
    assert len(announcements(old, apply(old, change), change)) == told


@pytest.mark.parametrize(("calls", "told"), [(0, 1), (1, 0)])
def test_asking_the_cloud_is_told_once_for_an_attempt(calls: int, told: int) -> None:
    old = request(status=Status.APPROVED, calls=calls)
    change = Change(Event.START, changed(old, calls=calls + 1), None)
    assert len(announcements(old, apply(old, change), change)) == told


def test_the_start_of_what_the_thread_knows_to_wait_is_on_the_card_alone() -> None:
    """A life with one approval is told in three entries: the approval, the wait or the start, the end."""
    old = request(status=Status.APPROVED, queue_reason=INSTANCE_BUSY)
    change = Change(Event.START, changed(old, calls=1), None)
    assert announcements(old, apply(old, change), change) == ()


@pytest.mark.parametrize(("reviews", "told"), [((), 1), ((Review("U0BOB", True, "", 0.0),), 0)])
def test_that_all_approvals_are_there_is_told_when_nobody_had_to_give_one(
    reviews: tuple[Review, ...], told: int
) -> None:
    old = request(reviews=reviews)
    change = Change(Event.APPROVE, old, None)
    assert len(announcements(old, apply(old, change), change)) == told


@pytest.mark.parametrize(
    ("status", "event", "priority"),
    [
        (Status.CREATING, Event.FINISH, Priority.END),
        (Status.PENDING, Event.REJECT, Priority.END),
        (Status.PENDING, Event.BYPASS, Priority.END),
        (Status.PENDING, Event.REVIEW, Priority.PERSON),
        (Status.PENDING, Event.REMIND, Priority.PERSON),
        (Status.APPROVED, Event.START, Priority.BOT),
        (Status.APPROVED, Event.QUEUE, Priority.BOT),
    ],
)
def test_ends_go_first_then_what_people_do_then_what_the_bot_does_by_itself(
    status: Status, event: Event, priority: Priority
) -> None:
    old = request(status=status)
    change = Change(event, changed(old, queue_reason=CLOUD_BUSY), None)
    assert {each.priority for each in announcements(old, apply(old, change), change)} == {priority}


def test_a_channel_that_has_to_act_hears_of_it_at_once_and_those_of_the_request_at_its_end() -> None:
    old = request(status=Status.CREATING, notify=("C0OTHER",))
    change = Change(Event.STALL, old, None, notify=("C0ADMINS", "C0IMAGES"))
    told = announcements(old, apply(old, change), change)
    assert [(each.kind, each.target) for each in told] == [
        (Kind.ENTRY, "C0IMAGES"),
        (Kind.NOTICE, "C0ADMINS"),
    ]


OWED = Power(PowerPhase.STOPPED, 10.0, owed=True, due=20.0)
UNDER_WAY = Distribution(10.0, (Copy("cn-beijing"),), due=30.0)
COPIED = UNDER_WAY.ended(("cn-beijing",), CopyStatus.AVAILABLE)


@pytest.mark.parametrize(
    ("event", "news", "shown"),
    [
        (Event.WATCH, {}, False),
        (Event.WATCH, {"watches": 2}, False),
        (Event.WATCH, {"progress": 41}, True),
        (Event.WATCH, {"stuck": True}, True),
        (Event.WATCH, {"distribution": COPIED}, True),
        (Event.WATCH, {"distribution": None}, True),
        (Event.STALL, {}, True),
    ],
)
def test_a_look_is_drawn_when_it_found_something_new(event: Event, news: dict[str, Any], shown: bool) -> None:
    before = request(status=Status.AVAILABLE, progress=40, watches=1, distribution=UNDER_WAY)
    assert redraws(before, changed(before, **news), event) is shown


@pytest.mark.parametrize(
    ("about", "wanted", "comes"),
    [
        pytest.param({"status": Status.CANCELLED}, None, None, id="nothing is left to do"),
        pytest.param({"status": Status.CANCELLED, "power": OWED}, None, 20.0, id="a start is owed"),
        pytest.param({"status": Status.FAILED, "power": OWED}, 86400.0, 20.0, id="before its retry lapses"),
        pytest.param({"status": Status.FAILED, "power": OWED}, 15.0, 15.0, id="not later than wanted"),
        pytest.param({"status": Status.APPROVED, "power": OWED}, 60.0, 60.0, id="on the way to the image"),
        pytest.param(
            {"status": Status.CANCELLED, "power": replace(OWED, owed=False)},
            None,
            None,
            id="it was stopped before",
        ),
        pytest.param(
            {"status": Status.AVAILABLE, "regions": ("cn-beijing",)}, None, 0.0, id="copies to begin"
        ),
        pytest.param(
            {"status": Status.AVAILABLE, "regions": ("cn-beijing",), "distribution": UNDER_WAY},
            None,
            30.0,
            id="copies under way",
        ),
        pytest.param(
            {"status": Status.AVAILABLE, "regions": ("cn-beijing",), "distribution": COPIED},
            None,
            None,
            id="copies at their end",
        ),
    ],
)
def test_what_a_request_has_still_to_do_is_not_forgotten_over_a_change(
    about: dict[str, object], wanted: float | None, comes: float | None
) -> None:
    after = request(**about)
    assert due(after, Change(Event.SIGN_OFF, after, wanted)) == comes
