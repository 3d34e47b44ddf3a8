"""What people want to be told, and when: quiet hours and digests by their own clock."""

from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.changes import Change
from bot.domain.lifecycle import Event, Status
from bot.domain.preferences import Preferences, quiet_hours
from tests.fakes import request

NIGHT, NOON = (time(20), time(8)), (time(12), time(13))
BERLIN = "Europe/Berlin"
ZONES = (BERLIN, "UTC", "Asia/Shanghai", "No/Where", "../etc/hosts", "")
NO_HOURS = ("", "none", "20:00", "25:00-08:00", "08:00-08:00", "08:00+01:00-09:00", "x-y")


def at(text: str, zone: str = BERLIN) -> float:
    """Return a moment by a clock on a wall."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


@pytest.mark.parametrize(
    ("now", "quiet", "told"),
    [
        pytest.param("2026-11-25T19:59", NIGHT, "2026-11-25T19:59", id="before"),
        pytest.param("2026-11-25T20:00", NIGHT, "2026-11-26T08:00", id="in the evening"),
        pytest.param("2026-11-26T07:59", NIGHT, "2026-11-26T08:00", id="in the morning"),
        pytest.param("2026-11-26T08:00", NIGHT, "2026-11-26T08:00", id="when they end"),
        pytest.param("2026-11-25T12:00", NOON, "2026-11-25T13:00", id="when they begin"),
        pytest.param("2026-11-25T12:30", NOON, "2026-11-25T13:00", id="at noon"),
        pytest.param("2026-11-25T13:00", NOON, "2026-11-25T13:00", id="when noon is over"),
        pytest.param("2026-11-25T13:30", NOON, "2026-11-25T13:30", id="after noon"),
        pytest.param("2026-11-25T23:00", None, "2026-11-25T23:00", id="no quiet hours"),
        pytest.param("2026-03-28T23:00", NIGHT, "2026-03-29T08:00", id="the night that is an hour short"),
        pytest.param("2026-10-24T23:00", NIGHT, "2026-10-25T08:00", id="the night that is an hour long"),
    ],
)
def test_nobody_is_told_in_their_quiet_hours(now: str, quiet: tuple[time, time] | None, told: str) -> None:
    """By the clock on their wall, whatever it does that night."""
    assert Preferences(quiet=quiet, zone=BERLIN).not_before(at(now)) == at(told)


@given(
    st.floats(1.7e9, 1.9e9),
    st.times(),
    st.times(),
    st.sampled_from(ZONES),
)
def test_what_waits_for_the_end_of_quiet_hours_waits_a_day_at_most(
    now: float, begins: time, ends: time, zone: str
) -> None:
    """And is never told before it happened."""
    told = Preferences(quiet=(begins, ends), zone=zone).not_before(now)

    assert now <= told <= now + 26 * 3600


@pytest.mark.usefixtures("far_from_utc")
@pytest.mark.parametrize("zone", ["No/Where", "../etc/hosts", ""])
def test_who_has_no_time_zone_that_is_known_lives_by_utc(zone: str) -> None:
    assert Preferences(quiet=NIGHT, zone=zone).not_before(at("2026-11-25T21:00", "UTC")) == at(
        "2026-11-26T08:00", "UTC"
    )


@pytest.mark.parametrize(
    ("first", "hours"), [("2026-03-29T00:30", 23), ("2026-10-25T00:30", 25), ("2026-11-25T00:30", 24)]
)
def test_a_day_has_one_digest_however_long_it_is(first: str, hours: int) -> None:
    """Also when clocks are changed."""
    begins = at(first)
    chosen = Preferences(zone=BERLIN)

    days = {chosen.digest_day(begins + minute * 60) for minute in range(0, hours * 60 - 45, 5)} - {""}

    assert days == {first[:10]}
    assert chosen.digest_day(at(first[:10] + "T08:59")) == ""
    assert chosen.digest_day(at(first[:10] + "T09:00")) == first[:10]


@pytest.mark.parametrize(
    ("event", "status", "actor", "decided", "done"),
    [
        (Event.APPROVE, Status.APPROVED, "bot", True, False),
        (Event.REJECT, Status.REJECTED, "U0BOB", True, False),
        (Event.FINISH, Status.AVAILABLE, "bot", False, True),
        (Event.FAIL, Status.FAILED, "bot", False, True),
        (Event.EXPIRE, Status.EXPIRED, "bot", False, True),
        (Event.CANCEL, Status.CANCELLED, "U0ALICE", False, False),
        (Event.CANCEL, Status.CANCELLED, "bot", False, False),
        (Event.WATCH, Status.CREATING, "bot", False, False),
    ],
)
def test_one_event_is_told_for_one_choice(
    event: Event, status: Status, actor: str, decided: bool, done: bool
) -> None:
    """Nobody is told twice, or about what they did themselves."""
    before, after = request(status=Status.CREATING), request(status=status)
    change = Change(event, after, None, actor)
    choice = Preferences(decided=True), Preferences(done=True)

    assert tuple(each.wants(before, after, change) for each in choice) == (decided, done)
    mine = replace(change, actor=after.requester)
    assert not any(each.wants(before, after, mine) for each in choice)
    later = replace(change, event=Event.DISTRIBUTED)
    assert not any(each.wants(after, after, later) for each in choice)
    assert not Preferences().wants(before, after, change)


@pytest.mark.parametrize("text", NO_HOURS)
def test_what_is_no_hours_is_no_quiet_hours(text: str) -> None:
    """It came through a client."""
    assert quiet_hours(text) is None


def test_hours_are_read_as_they_are_written() -> None:
    """In the value of a choice, and in the database."""
    assert quiet_hours("20:00-08:00") == NIGHT
