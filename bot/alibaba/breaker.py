"""A circuit breaker: what kept failing is left alone for a while, and refused at once meanwhile.

Own code because it is this short: the libraries for it are for threads, or have had no release in years.
"""

import time
from collections.abc import Callable


class Breaker:
    """Open after `failures` in a row, for `seconds`; then one call may try, and decides for the rest."""

    def __init__(
        self, failures: int = 3, seconds: float = 30.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._failures = failures
        self._seconds = seconds
        self._clock = clock
        self._failed = 0
        self._shut_until = 0.0

    def admits(self) -> bool:
        """Tell whether a call may be made now; the one let through while open tries."""
        if self._failed < self._failures:
            return True
        now = self._clock()
        if now < self._shut_until:
            return False
        self._shut_until = now + self._seconds
        return True

    def succeeded(self) -> None:
        """Note an answer."""
        self._failed = 0

    def failed(self) -> None:
        """Note that there was none."""
        self._failed += 1
        self._shut_until = self._clock() + self._seconds
