"""Durations as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.durations import LONGEST, duration, written

MINUTE, HOUR, DAY = 60, 3_600, 86_400


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("45s", 45),
        ("15m", 15 * MINUTE),
        ("4h", 4 * HOUR),
        ("2d", 2 * DAY),
        ("2w", 14 * DAY),
        ("6 hours", 6 * HOUR),
        ("1 hour", HOUR),
        ("90 min", 90 * MINUTE),
        ("2 hrs", 2 * HOUR),
        ("10 secs", 10),
        ("1d12h", DAY + 12 * HOUR),
        ("1d 12h", DAY + 12 * HOUR),
        ("1 day 12 hours", DAY + 12 * HOUR),
        ("1h30m", HOUR + 30 * MINUTE),
        ("1w1d1h1m1s", 8 * DAY + HOUR + MINUTE + 1),
        (" 4  H ", 4 * HOUR),
        ("36500d", LONGEST),
    ],
)
def test_a_duration_is_whole_numbers_with_their_units_the_larger_first(text: str, seconds: int) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "4", "h", "0s", "0d0h", "-1h", "1.5h", "30m1h", "1h1h", "4y", "4months", "2 h ours"),
        *("1 2h", "36501d", "999999999w", "9999999999s", "\uff14h", "4h\0", "1d,12h"),
    ],
)
def test_anything_else_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is no duration such as 45s, 15m, 4h or 2d"):
        duration(text)


@given(st.tuples(*[st.integers(0, 40)] * 5).filter(any), st.sampled_from(["", " "]))
def test_what_is_put_together_of_several_units_is_their_sum(counts: tuple[int, ...], gap: str) -> None:
    parts = [f"{count}{unit}" for count, unit in zip(counts, "wdhms", strict=True) if count]

    assert duration(gap.join(parts)) == sum(duration(part) for part in parts)


@given(st.integers(1, int(LONGEST)))
def test_what_is_written_is_read_as_the_same(seconds: int) -> None:
    assert duration(written(seconds)) == seconds


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(4 * HOUR, "4h"), (90 * MINUTE, "1h30m"), (36 * HOUR, "1d12h"), (45, "45s"), (0, "0s")],
)
def test_a_duration_is_written_as_people_write_it(seconds: int, text: str) -> None:
    assert written(seconds) == text
