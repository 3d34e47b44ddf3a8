"""A moment as people type it, read in their own time zone. Pure.

`18:00`, `friday`, `friday 18:00`, `tomorrow 9am`, `2026-12-01`, `2026-12-01 22:00`, `2026-12-01T22:00+08:00`,
or a duration from now: `2d`, `in 4h`. A time alone is its next occurrence, a weekday the next such day.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.durations import duration

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NAMED = {"today": 0, "tonight": 0, "tomorrow": 1}
TONIGHT = time(20)
LONGEST = 40
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_TWELVE = re.compile(r"(1[0-2]|0?[1-9])(?::([0-5]\d))?(am|pm)", re.ASCII)
_FILLING = frozenset({"until", "at", "on", "in", "next", "this"})


class NoTime(ValueError):
    """The text is no moment that can be read. Field `text`."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text[:LONGEST]!r} is no time")
        self.text = text


def moment(text: str, now: float, zone: ZoneInfo, *, otherwise: time = time()) -> float:
    """Read a moment (epoch seconds), which may be past; raise `NoTime`.

    `otherwise` is the time of a day that is given without one, in `zone` as everything that names no offset.
    """
    words = [word for word in text.casefold().replace(",", " ").split() if word not in _FILLING]
    here = datetime.fromtimestamp(now, zone)
    try:
        return _read(words if len(text) <= LONGEST else [], here, otherwise).timestamp()
    except (ValueError, OverflowError):
        raise NoTime(text) from None


def _read(words: list[str], here: datetime, otherwise: time) -> datetime:
    match words:
        case [word] if word[-1:] in "smhd" and word[:-1].isdigit():
            return here.astimezone(UTC) + timedelta(seconds=duration(word))
        case [word] if "t" in word and word[:1].isdigit():
            return _in_zone(datetime.fromisoformat(word.upper()), here)
        case ["tonight"]:
            return _on(here.date(), TONIGHT, here)
        case [word] if _is_clock(word):
            return _next(_clock(word), here)
        case [day]:
            return _on(_day(day, here.date()), otherwise, here)
        case [first, second]:
            day, clock = (second, first) if _is_clock(first) else (first, second)
            return _on(_day(day, here.date()), _clock(clock), here)
    raise ValueError


def _in_zone(read: datetime, here: datetime) -> datetime:
    return read if read.tzinfo else read.replace(tzinfo=here.tzinfo)


def _on(day: date, clock: time, here: datetime) -> datetime:
    return datetime.combine(day, clock, here.tzinfo)


def _next(clock: time, here: datetime) -> datetime:
    """The clock's next showing: today, or tomorrow when it is past."""
    today = _on(here.date(), clock, here)
    return today if today > here else _on(here.date() + timedelta(days=1), clock, here)


def _day(word: str, today: date) -> date:
    if word in NAMED:
        return today + timedelta(days=NAMED[word])
    named = [number for number, name in enumerate(DAYS) if len(word) >= 3 and name.startswith(word)]
    if named:
        return today + timedelta(days=(named[0] - today.weekday() - 1) % 7 + 1)
    return date.fromisoformat(word)


def _is_clock(word: str) -> bool:
    return bool(_CLOCK.fullmatch(word) or _TWELVE.fullmatch(word))


def _clock(word: str) -> time:
    plain = _CLOCK.fullmatch(word)
    if plain:
        return time(int(plain[1]), int(plain[2]))
    twelve = _TWELVE.fullmatch(word)
    if twelve is None:
        raise ValueError
    return time(int(twelve[1]) % 12 + 12 * (twelve[3] == "pm"), int(twelve[2] or 0))
