"""A moment as people type it: read in their own time zone, or refused."""

from contextlib import suppress
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.commands.datetimes import NoTime, moment

BERLIN = ZoneInfo("Europe/Berlin")
SATURDAY = datetime(2026, 11, 21, 15, 30, tzinfo=BERLIN).timestamp()


def read(text: str, zone: ZoneInfo = BERLIN, otherwise: time = time()) -> str:
    """The moment as a clock in the zone shows it."""
    return (
        f"{datetime.fromtimestamp(moment(text, SATURDAY, zone, otherwise=otherwise), zone):%a %Y-%m-%d %H:%M}"
    )


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("22:00", "Sat 2026-11-21 22:00"),
        ("at 22:00", "Sat 2026-11-21 22:00"),
        ("9:05", "Sun 2026-11-22 09:05"),
        ("15:30", "Sun 2026-11-22 15:30"),
        ("6pm", "Sat 2026-11-21 18:00"),
        ("12am", "Sun 2026-11-22 00:00"),
        ("12:15pm", "Sun 2026-11-22 12:15"),
        ("tonight", "Sat 2026-11-21 20:00"),
        ("today 18:00", "Sat 2026-11-21 18:00"),
        ("tomorrow", "Sun 2026-11-22 00:00"),
        ("tomorrow 9am", "Sun 2026-11-22 09:00"),
        ("friday", "Fri 2026-11-27 00:00"),
        ("Friday 18:00", "Fri 2026-11-27 18:00"),
        ("18:00 on fri", "Fri 2026-11-27 18:00"),
        ("until next monday", "Mon 2026-11-23 00:00"),
        ("saturday", "Sat 2026-11-28 00:00"),
        ("2026-12-01", "Tue 2026-12-01 00:00"),
        ("2026-12-01 22:00", "Tue 2026-12-01 22:00"),
        ("2026-12-01T22:00", "Tue 2026-12-01 22:00"),
        ("2026-12-01T22:00+08:00", "Tue 2026-12-01 15:00"),
        ("2026-12-01t21:00z", "Tue 2026-12-01 22:00"),
        ("2d", "Mon 2026-11-23 15:30"),
        ("in 4h", "Sat 2026-11-21 19:30"),
        ("for 2 days", "Mon 2026-11-23 15:30"),
        ("2w", "Sat 2026-12-05 15:30"),
        ("1d12h", "Mon 2026-11-23 03:30"),
        ("an hour", "Sat 2026-11-21 16:30"),
        ("till friday", "Fri 2026-11-27 00:00"),
        ("10 pm", "Sat 2026-11-21 22:00"),
        ("10.30 p.m.", "Sat 2026-11-21 22:30"),
        ("noon", "Sun 2026-11-22 12:00"),
        ("tomorrow noon", "Sun 2026-11-22 12:00"),
        ("midnight", "Sun 2026-11-22 00:00"),
        ("1 dec", "Tue 2026-12-01 00:00"),
        ("Dec 1st, 22:00", "Tue 2026-12-01 22:00"),
        ("march 3", "Wed 2027-03-03 00:00"),
        ("1st of december 2027", "Wed 2027-12-01 00:00"),
        ("friday, the 27th of november 10 pm", "Fri 2026-11-27 22:00"),
        ("2026/12/01", "Tue 2026-12-01 00:00"),
        ("2026.12.1 22:00", "Tue 2026-12-01 22:00"),
        ("friday 22.00", "Fri 2026-11-27 22:00"),
        ("１８：００", "Sat 2026-11-21 18:00"),
        ("18：00", "Sat 2026-11-21 18:00"),
        ("明天", "Sun 2026-11-22 00:00"),
        ("明天18:30", "Sun 2026-11-22 18:30"),
        ("后天上午十点", "Mon 2026-11-23 10:00"),
        ("今晚", "Sat 2026-11-21 20:00"),
        ("今晚9点", "Sat 2026-11-21 21:00"),
        ("明晚8点", "Sun 2026-11-22 20:00"),
        ("晚上12点", "Sun 2026-11-22 00:00"),
        ("周五 22:00", "Fri 2026-11-27 22:00"),
        ("到周五", "Fri 2026-11-27 00:00"),
        ("下周五", "Fri 2026-11-27 00:00"),
        ("星期天中午", "Sun 2026-11-22 12:00"),
        ("下午3点", "Sun 2026-11-22 15:00"),
        ("下午3:30", "Sun 2026-11-22 15:30"),
        ("晚上8点半", "Sat 2026-11-21 20:30"),
        ("22点15分", "Sat 2026-11-21 22:15"),
        ("12月1日", "Tue 2026-12-01 00:00"),
        ("2026年12月1日 下午3点", "Tue 2026-12-01 15:00"),
        ("3天", "Tue 2026-11-24 15:30"),
        ("两小时后", "Sat 2026-11-21 17:30"),
        ("2026\u201312\u201301", "Tue 2026-12-01 00:00"),
        ("2026－12－01 22：00", "Tue 2026-12-01 22:00"),
        ("fri. 22:00", "Fri 2026-11-27 22:00"),
        ("Dec. 1", "Tue 2026-12-01 00:00"),
        ("in two days", "Mon 2026-11-23 15:30"),
        ("in half an hour", "Sat 2026-11-21 16:00"),
        ("tmrw 9am", "Sun 2026-11-22 09:00"),
        ("明早8点", "Sun 2026-11-22 08:00"),
        ("明晚", "Sun 2026-11-22 20:00"),
        ("今晚十点", "Sat 2026-11-21 22:00"),
        ("晚十点", "Sat 2026-11-21 22:00"),
        ("大后天", "Tue 2026-11-24 00:00"),
        ("半小时后", "Sat 2026-11-21 16:00"),
        ("半个小时", "Sat 2026-11-21 16:00"),
        ("一个半小时", "Sat 2026-11-21 17:00"),
        ("零点", "Sun 2026-11-22 00:00"),
        ("二十二点", "Sat 2026-11-21 22:00"),
        ("晚上八点一刻", "Sat 2026-11-21 20:15"),
        ("下周二十点", "Tue 2026-11-24 10:00"),
        ("两周三天", "Tue 2026-12-08 15:30"),
        ("三个星期", "Sat 2026-12-12 15:30"),
        ("12月二十五日", "Fri 2026-12-25 00:00"),
    ],
)
def test_a_moment_is_what_was_meant(text: str, meant: str) -> None:
    """It is Saturday, half past three in the afternoon, in Berlin."""
    assert read(text) == meant


def test_the_same_words_are_another_moment_in_another_zone() -> None:
    """Ten in the evening comes to Shanghai first."""
    shanghai = ZoneInfo("Asia/Shanghai")

    assert moment("23:00", SATURDAY, BERLIN) - moment("23:00", SATURDAY, shanghai) == 7 * 3600


def test_a_day_without_a_time_has_the_one_that_fits() -> None:
    """A delegation until Friday lasts over Friday."""
    assert read("friday", otherwise=time(23, 59)) == "Fri 2026-11-27 23:59"


def test_the_clock_is_right_after_summer_time_began() -> None:
    """Nine o'clock is nine o'clock, an hour sooner than the day before."""
    eve = datetime(2026, 3, 28, 12, tzinfo=BERLIN).timestamp()

    assert datetime.fromtimestamp(moment("tomorrow 9:00", eve, BERLIN), UTC).hour == 7


NO_TIMES = (
    *("", "soon", "25:00", "22:60", "13pm", "0pm", "9", "fr", "0h", "-1h", "99999999d"),
    *(
        "10.12",
        "friday midnight",
        "monday the 27th of november",
        "30 feb",
        "ma 3",
        "今晚12点",
        "晚12点半",
        "二十五点",
        "明天早上",
        "13月1日",
        "周八",
    ),
    *("2026-13-01", "2026-12-01T", "friday monday", "1 2 3", "x" * 5000, "1" * 5000, "\u0663:\u0663\u0660"),
)


@pytest.mark.parametrize("text", NO_TIMES)
def test_what_is_no_moment_is_refused(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(NoTime):
        moment(text, SATURDAY, BERLIN)


@given(st.text(max_size=60) | st.text("0123456789:-+tzhd amp", max_size=30))
def test_any_text_is_a_moment_or_refused(text: str) -> None:
    """Nothing else comes out."""
    with suppress(NoTime):
        assert isinstance(moment(text, SATURDAY, BERLIN), float)
