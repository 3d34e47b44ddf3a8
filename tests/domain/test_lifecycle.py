"""The state machine: what is not in the table cannot happen, and the picture is drawn from the table."""

from pathlib import Path

import pytest

from bot.domain.changes import SILENT, Change, apply
from bot.domain.lifecycle import (
    ENDS,
    TRANSITIONS,
    Event,
    IllegalEvent,
    Status,
    follow,
    hands_over,
    mermaid,
    permits,
)
from tests.fakes import request

EVERY = [(status, event) for status in Status for event in Event]
DRAWN = Path(__file__).parents[2] / "docs" / "lifecycle.md"


@pytest.mark.parametrize(("status", "event"), EVERY)
def test_an_event_leads_where_the_table_says_or_nowhere(status: Status, event: Event) -> None:
    before = request(status=status)
    if event in TRANSITIONS[status]:
        assert follow(status, event) is TRANSITIONS[status][event]
        assert permits(status, event)
        after = apply(before, Change(event, before, None))
        assert (after.status, after.revision) == (TRANSITIONS[status][event], before.revision + 1)
        return
    assert not permits(status, event)
    with pytest.raises(IllegalEvent) as illegal:
        apply(before, Change(event, before, None))
    assert (illegal.value.status, illegal.value.event) == (status, event)
    assert f"{status} cannot be {event}" in str(illegal.value)


def test_every_status_is_reached_from_the_first() -> None:
    reached, fresh = {Status.PENDING}, {Status.PENDING}
    while fresh:
        fresh = {to for status in fresh for to in TRANSITIONS[status].values()} - reached
        reached |= fresh
    assert reached == set(Status)


def test_only_a_failed_request_leaves_its_end() -> None:
    left = {status for status in ENDS if set(TRANSITIONS[status].values()) - {status}}
    assert left == {Status.FAILED}


def test_one_event_leads_to_the_cloud_and_it_starts_where_rights_are_asked_for() -> None:
    """All that is tried again goes back there, and passes the same gate."""
    ways = [(before, event) for before, event in EVERY if TRANSITIONS[before].get(event) is Status.CREATING]
    assert [way for way in ways if way[0] is not Status.CREATING] == [(Status.APPROVED, Event.START)]
    assert TRANSITIONS[Status.CREATING][Event.RESTART] is Status.APPROVED
    assert TRANSITIONS[Status.FAILED][Event.RETRY] is Status.APPROVED


@pytest.mark.parametrize(
    ("before", "after", "handed"),
    [
        (Status.PENDING, Status.PENDING, False),
        (Status.PENDING, Status.APPROVED, True),
        (Status.PENDING, Status.REJECTED, True),
        (Status.APPROVED, Status.CREATING, False),  # who starts an image also makes the call for it
        (Status.APPROVED, Status.CANCELLED, True),
        (Status.CREATING, Status.APPROVED, True),
        (Status.CREATING, Status.AVAILABLE, False),
        (Status.FAILED, Status.APPROVED, True),
    ],
)
def test_others_go_on_with_a_request_that_comes_to_their_part(
    before: Status, after: Status, handed: bool
) -> None:
    assert hands_over(before, after) is handed


E, S = Event, Status
HAPPENS = {
    frozenset({S.PENDING}): (
        E.INSPECT,
        E.REVIEW,
        E.REMIND,
        E.ESCALATE,
        E.APPROVE,
        E.BYPASS,
        E.REJECT,
        E.EXPIRE,
    ),
    frozenset({S.APPROVED}): (E.POWER_OFF, E.POWERED_OFF, E.START),
    frozenset({S.CREATING}): (E.LOOK, E.RESTART, E.STALL, E.ISSUE, E.FINISH),
    frozenset({S.APPROVED, S.CREATING}): (E.QUEUE, E.FAIL),
    frozenset({S.PENDING, S.APPROVED}): (E.REOPEN,),
    frozenset({S.PENDING, S.APPROVED, S.CREATING}): (E.CANCEL,),
    frozenset({S.FAILED}): (E.RETRY, E.LAPSE, E.APPEAR),
    frozenset({S.AVAILABLE}): (E.DISTRIBUTE, E.DISTRIBUTED, E.DISTRIBUTION_FAIL),
    frozenset({S.AVAILABLE, S.FAILED, S.CANCELLED}): (E.SIGN_OFF,),
    frozenset(S) - {S.APPROVED, S.CREATING}: (E.POWER_ON, E.POWERED_ON, E.POWER_FAIL, E.POWER_ABANDON),
    frozenset(S): (E.WATCH,),
    frozenset[Status](): (E.SUBMIT,),
}
"""When each event may happen: emergency access is reviewed however it ended, and an instance is started again
wherever its request is, but on the way to the image.
"""


@pytest.mark.parametrize(("statuses", "events"), HAPPENS.items())
def test_an_event_happens_in_its_statuses_and_in_no_other(
    statuses: frozenset[Status], events: tuple[Event, ...]
) -> None:
    for event in events:
        assert {status for status in Status if permits(status, event)} == statuses


def test_every_event_has_its_statuses() -> None:
    assert sorted(event for events in HAPPENS.values() for event in events) == sorted(Event)


def test_what_ends_a_request_is_never_silent() -> None:
    ends = {
        event for before, row in TRANSITIONS.items() for event, to in row.items() if to in ENDS - {before}
    }
    assert not ends & SILENT


def test_the_documented_picture_is_the_table() -> None:
    assert f"```mermaid\n{mermaid()}\n```" in DRAWN.read_text()
