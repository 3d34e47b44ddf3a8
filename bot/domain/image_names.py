"""The name of another image of a machine: the previous one's, with today's date or the next number."""

import re
from collections.abc import Collection
from datetime import date

from bot.domain.image import NAME_LENGTH

_DATED = re.compile(r"\d{4}-\d{2}-\d{2}(-[1-9]\d{0,3})?$")
_NUMBERED = re.compile(r"(.+)-[1-9]\d{0,3}")


def repeated(name: str, today: date) -> str:
    """Return the next image's name after an earlier one: a date at its end becomes today's."""
    return _DATED.sub(f"{today:%Y-%m-%d}", name)


def unused(name: str, taken: Collection[str]) -> str:
    """Return a name that isn't taken, numbered if necessary: golden, golden-2, golden-3.

    A number at its end only counts up if the name without it is taken too: `release-2026` is followed by
    `release-2026-2`.
    """
    if name not in taken:
        return name
    numbered = _NUMBERED.fullmatch(name)
    base = numbered[1] if numbered and numbered[1] in taken else name
    number = 2
    while (following := _with(base, number)) in taken:
        number += 1
    return following


def _with(base: str, number: int) -> str:
    end = f"-{number}"
    return base[: NAME_LENGTH - len(end)] + end
