"""The local cloud's time: it runs at any speed and can be pushed forward."""

import time
from collections.abc import Callable


class Clock:
    """Seconds since the start; `speed` 10 makes an image in a tenth of its time."""

    def __init__(self, speed: float = 1.0, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._speed = speed
        self._at = 0.0
        self._read = monotonic()

    def now(self) -> float:
        """Return how many seconds have passed here."""
        read = self._monotonic()
        self._at += (read - self._read) * self._speed
        self._read = read
        return self._at

    def advance(self, seconds: float) -> None:
        """Let time jump forward."""
        self._at = self.now() + seconds

    @property
    def speed(self) -> float:
        """How many seconds pass here in one second outside."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        """Count at another speed from now on."""
        self.now()
        self._speed = speed
