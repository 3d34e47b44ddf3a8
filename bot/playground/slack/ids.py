"""IDs in Slack's format. They count up, so a run can be repeated and compared."""

from collections.abc import Callable
from itertools import count

Clock = Callable[[], float]
"""Seconds since 1970, as ``time.time``."""

_BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _base36(number: int) -> str:
    """Return ``number`` in base 36, eight digits."""
    digits = ""
    for _ in range(8):
        number, rest = divmod(number, 36)
        digits = _BASE36[rest] + digits
    return digits


class Ids:
    """Makes IDs (``V0…`` views, ``E0…`` envelopes) and message timestamps for one workspace."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = count(1)
        self._last_microsecond = 0

    def new(self, prefix: str) -> str:
        """Return a new ID that starts with ``prefix``."""
        return prefix + _base36(next(self._numbers))

    def ts(self) -> str:
        """Return a new message timestamp: seconds, a dot, six digits; each greater than the one before."""
        now = int(self._clock() * 1_000_000)
        self._last_microsecond = max(now, self._last_microsecond + 100)
        seconds, micros = divmod(self._last_microsecond, 1_000_000)
        return f"{seconds}.{micros:06d}"
