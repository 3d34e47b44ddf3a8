"""A moment as people type it, read in their own time zone. Pure.

`18:00`, `10 pm`, `noon`, `tonight`, `friday 22.00`, `till friday`, `tomorrow 9am`, `1 dec`,
`2026/12/01 22:00`, `2026-12-01T22:00+08:00`, `周五 22:00`, `下午3点`, or a duration: `2d`, `for 4 h`.
A time alone is its next occurrence, a weekday the next such day. Anything with two readings is refused.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.durations import duration
from bot.domain.text import HYPHENS, clean, narrow
from handlers.commands.chinese_times import in_english

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
NAMED = {"today": 0, "tonight": 0, "tomorrow": 1, "tmrw": 1, "overmorrow": 2, "threedays": 3}
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
TONIGHT, NOON = time(20), time(12)
LONGEST = 60
_TWELVE = re.compile(r"(1[0-2]|0?[1-9])(?:[:.]([0-5]\d))?([ap])m", re.ASCII)
_CLOCK = re.compile(r"([01]?\d|2[0-3])([:.])([0-5]\d)", re.ASCII)
_HALF = re.compile(r"(?<=\d) ?([ap])\.?m\b\.?", re.ASCII)
_DOT = re.compile(r"(?<=[a-z])\.(?= |$)")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b", re.ASCII)
_DATE = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_HALF_HOURS = (["half", "an", "hour"], ["half", "hour"])
_FILLING = frozenset(
    ("until", "till", "til", "by", "for", "from", "at", "on", "in", "the", "of", "next", "this", "now")
)


class NoTime(ValueError):
    """The text can't be read as a moment. Field `text`."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text[:LONGEST]!r} is no time")
        self.text = text


def moment(text: str, now: float, zone: ZoneInfo, *, otherwise: time = time()) -> float:
    """Return a moment (epoch seconds), which may be in the past; raise `NoTime`.

    `otherwise` is the time for a day without one, in `zone` like everything without an offset.
    """
    here = datetime.fromtimestamp(now, zone)
    try:
        return _read(_words(text), here, otherwise).timestamp()
    except (ValueError, OverflowError):
        raise NoTime(text) from None


def _words(text: str) -> list[str]:
    """Return the words that count, in English and in lower case; none for a text too long to be a time."""
    if len(text) > LONGEST:
        return []
    plain = in_english(narrow(clean(text)).translate(HYPHENS).casefold()).replace(",", " ")
    plain = _DOT.sub("", _ORDINAL.sub("", _HALF.sub(r"\1m", plain)))
    return [word for word in plain.split() if word not in _FILLING]


def _read(words: Sequence[str], here: datetime, otherwise: time) -> datetime:
    if len(words) == 1 and "t" in words[0] and words[0][:1].isdigit():
        return _in_zone(datetime.fromisoformat(words[0].upper()), here)
    if span := _span(words):
        return here.astimezone(UTC) + span
    clocks = [word for word in words if _is_clock(word)]
    days = [word for word in words if not _is_clock(word)]
    if not words or len(clocks) > 1 or (clocks and words[0] != clocks[0] and words[-1] != clocks[0]):
        raise ValueError
    if not days:
        return _midnight(here) if clocks == ["midnight"] else _next(_clock(clocks[0]), here)
    if days == ["tonight"] and not clocks:
        return _on(here.date(), TONIGHT, here)
    return _on(_day(days, here.date()), _clock(clocks[0]) if clocks else otherwise, here)


def _span(words: Sequence[str]) -> timedelta | None:
    """Return a duration from now, None for anything else: `2d`, `two days`, `an hour`, `1d12h`."""
    numbers = {"a": "1", "an": "1"} | {word: str(at) for at, word in enumerate(NUMBERS, start=1)}
    counted = ["30m"] if words in _HALF_HOURS else [numbers.get(word, word) for word in words]
    try:
        return timedelta(seconds=duration(" ".join(counted)))
    except ValueError:
        return None


def _in_zone(read: datetime, here: datetime) -> datetime:
    return read if read.tzinfo else read.replace(tzinfo=here.tzinfo)


def _on(day: date, clock: time, here: datetime) -> datetime:
    return datetime.combine(day, clock, here.tzinfo)


def _midnight(here: datetime) -> datetime:
    return _on(here.date() + timedelta(days=1), time(), here)


def _next(clock: time, here: datetime) -> datetime:
    """Return the time's next occurrence: today, or tomorrow if it's past."""
    today = _on(here.date(), clock, here)
    return today if today > here else _on(here.date() + timedelta(days=1), clock, here)


def _day(words: Sequence[str], today: date) -> date:
    match words:
        case [word] if word in NAMED:
            return today + timedelta(days=NAMED[word])
        case [word] if written := _DATE.fullmatch(word):
            return date(int(written[1]), int(written[3]), int(written[4]))
        case [word]:
            return today + timedelta(days=(_named(word, DAYS) - today.weekday() - 1) % 7 + 1)
        case ["week", word]:  # of next week, as the Chinese `下周五` says
            return today + timedelta(days=7 - today.weekday() + _named(word, DAYS))
        case [weekday, *rest] if rest and any(day.startswith(weekday[:3]) for day in DAYS):
            return _same_weekday(_day(rest, today), _named(weekday, DAYS))
        case [first, second] | [first, second, _]:
            number, month = (first, second) if first.isdigit() else (second, first)
            year = int(words[2]) if len(words) == 3 else None
            return _date(int(number), _named(month, MONTHS) + 1, year, today)
    raise ValueError


def _same_weekday(day: date, weekday: int) -> date:
    if day.weekday() != weekday:
        raise ValueError
    return day


def _date(day: int, month: int, year: int | None, today: date) -> date:
    """Return the date, in this year or the next if it has none."""
    if year is not None:
        return date(year, month, day)
    this_year = date(today.year, month, day)
    return this_year if this_year >= today else date(today.year + 1, month, day)


def _named(word: str, names: Sequence[str]) -> int:
    found = [number for number, name in enumerate(names) if len(word) >= 3 and name.startswith(word)]
    if len(found) != 1:
        raise ValueError
    return found[0]


def _is_clock(word: str) -> bool:
    return word in ("noon", "midday", "midnight") or bool(_CLOCK.fullmatch(word) or _TWELVE.fullmatch(word))


def _clock(word: str) -> time:
    if word in ("noon", "midday"):
        return NOON
    twelve = _TWELVE.fullmatch(word)
    if twelve:
        return time(int(twelve[1]) % 12 + 12 * (twelve[3] == "p"), int(twelve[2] or 0))
    plain = _CLOCK.fullmatch(word)
    if plain is None or (plain[2] == "." and int(plain[1]) and 1 <= int(plain[3]) <= 12):
        raise ValueError  # a day's midnight has two readings, and so has 10.12: a time or a date
    return time(int(plain[1]), int(plain[3]))
