"""Durations as people write them: `45s`, `15m`, `4h`, `2d`, but also `2w`, `6 hours`, `1d12h`."""

import re

_UNITS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_NAMES = {
    "w": "weeks?|w",
    "d": "days?|d",
    "h": "hours?|hrs?|h",
    "m": "minutes?|mins?|m",
    "s": "seconds?|secs?|s",
}
_DURATION = re.compile(
    "".join(rf"(?:(?P<{unit}>[0-9]{{1,9}}) ?(?:{names})(?![a-z]) ?)?" for unit, names in _NAMES.items()),
    re.ASCII | re.IGNORECASE,
)
LONGEST = 100 * 365 * 86_400
"""A hundred years: a date that far ahead can still be represented."""


def duration(text: str) -> float:
    """Return seconds, more than zero. Raises ValueError for anything but whole numbers with units.

    The larger unit comes first and each is given once: `1d12h`, `1 day 12 hours`.
    """
    written = _DURATION.fullmatch(" ".join(text.split()))
    given = written.groupdict(default="0") if written else {}
    seconds = sum(int(number) * _UNITS[unit] for unit, number in given.items())
    if not 0 < seconds <= LONGEST:
        raise ValueError(f"{text[:40]!r} is no duration such as 45s, 15m, 4h or 2d")
    return float(seconds)


def written(seconds: float) -> str:
    """Return a duration in days, hours, minutes and seconds, as `duration` reads it: `1d12h`."""
    rest, parts = int(seconds), []
    for unit in ("d", "h", "m", "s"):
        number, rest = divmod(rest, _UNITS[unit])
        parts += [f"{number}{unit}"] if number else []
    return "".join(parts) or "0s"
