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


def test_emergency_access_is_reviewed_afterwards_however_it_ended() -> None:
    ends = {Status.AVAILABLE, Status.FAILED, Status.CANCELLED}
    assert {status for status in Status if permits(status, Event.SIGN_OFF)} == ends


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


def test_every_event_can_happen() -> None:
    assert {Event.SUBMIT} == set(Event) - {event for events in TRANSITIONS.values() for event in events}


def test_what_ends_a_request_is_never_silent() -> None:
    ends = {
        event for before, row in TRANSITIONS.items() for event, to in row.items() if to in ENDS - {before}
    }
    assert not ends & SILENT


def test_the_documented_picture_is_the_table() -> None:
    assert mermaid() in DRAWN.read_text()
