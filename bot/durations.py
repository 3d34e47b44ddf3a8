"""Durations as people write them: `45s`, `15m`, `4h`, `2d`."""

import re

_DURATION = re.compile(r"([0-9]{1,6})([smhd])", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def duration(text: str) -> float:
    """Seconds, more than zero. Raises ValueError for anything but a whole number and one of s, m, h, d."""
    written = _DURATION.fullmatch(text.strip())
    seconds = int(written[1]) * _SECONDS[written[2]] if written else 0
    if not seconds:
        raise ValueError(f"{text[:40]!r} is no duration such as 45s, 15m, 4h or 2d")
    return float(seconds)
