"""Durations as people write them."""

import pytest

from bot.durations import duration


@pytest.mark.parametrize(("text", "seconds"), [("45s", 45), ("15m", 900), ("4h", 14400), ("2d", 172800)])
def test_a_duration_is_a_whole_number_of_seconds_minutes_hours_or_days(text: str, seconds: int) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "4", "h", "0s", "-1h", "1.5h", "4 h", "4H", "1h30m", "4w", "9999999d", "\uff14h"]
)
def test_anything_else_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is no duration such as 45s, 15m, 4h or 2d"):
        duration(text)
