"""Another image of a machine gets its own name, based on the previous one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.image import NAME_LENGTH
from bot.domain.image_names import repeated, unused

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("before", "following"),
    [
        ("golden", "golden"),
        ("golden-2", "golden-2"),
        ("design-station-2026-11-20", "design-station-2026-11-26"),
        ("design-station-2026-11-20-3", "design-station-2026-11-26"),
        ("2026-11-20-design", "2026-11-20-design"),
        ("release-2026", "release-2026"),
        ("", ""),
    ],
)
def test_a_date_at_the_end_of_a_name_becomes_todays(before: str, following: str) -> None:
    assert repeated(before, TODAY) == following


@pytest.mark.parametrize(
    ("name", "taken", "following"),
    [
        ("golden", (), "golden"),
        ("golden", ("golden",), "golden-2"),
        ("golden", ("golden", "golden-2", "golden-3"), "golden-4"),
        ("golden-2", ("golden", "golden-2"), "golden-3"),
        ("golden-2", ("golden-2",), "golden-2-2"),
        ("release-2026", ("release-2026",), "release-2026-2"),
        ("design-2026-11-26", ("design-2026-11-26",), "design-2026-11-26-2"),
        ("design-2026-11-26-2", ("design-2026-11-26", "design-2026-11-26-2"), "design-2026-11-26-3"),
        ("x" * NAME_LENGTH, ("x" * NAME_LENGTH,), "x" * (NAME_LENGTH - 2) + "-2"),
    ],
)
def test_a_name_that_is_taken_gets_a_running_number(
    name: str, taken: tuple[str, ...], following: str
) -> None:
    assert unused(name, taken) == following


@given(st.text("ab-12", min_size=1), st.sets(st.text("ab-12", min_size=1)))
def test_whatever_is_taken_the_name_is_not(name: str, taken: set[str]) -> None:
    assert unused(name, taken) not in taken
    assert len(unused(name, taken)) <= NAME_LENGTH
