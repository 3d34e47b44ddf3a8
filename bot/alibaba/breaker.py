"""A circuit breaker: a call that keeps failing is refused at once for a while.

Our own because it's this short: the libraries are for threads, or have had no release in years.
"""

import time
from collections.abc import Callable


class Breaker:
    """Opens after `failures` in a row, for `seconds`; then one call may try, and its result decides for
    the rest.
    """

    def __init__(
        self, failures: int = 3, seconds: float = 30.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._failures = failures
        self._seconds = seconds
        self._clock = clock
        self._failed = 0
        self._shut_until = 0.0

    def admits(self) -> bool:
        """Tell whether a call may be made now; while the breaker is open, one call is let through as a
        test.
        """
        if self._failed < self._failures:
            return True
        now = self._clock()
        if now < self._shut_until:
            return False
        self._shut_until = now + self._seconds
        return True

    def succeeded(self) -> None:
        """Record an answer."""
        self._failed = 0

    def failed(self) -> None:
        """Record that there was no answer."""
        self._failed += 1
        self._shut_until = self._clock() + self._seconds
