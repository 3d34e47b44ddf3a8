"""Switches that make the local cloud fail, call by call."""

import asyncio
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What goes wrong. "Before" means before the operation takes effect, "after" means afterwards."""

    THROTTLE = "throttle"
    ERROR = "error"
    UNSUCCESSFUL = "unsuccessful"
    TIMEOUT_BEFORE = "timeout-before"
    TIMEOUT_AFTER = "timeout-after"
    RESET_BEFORE = "reset-before"
    RESET_AFTER = "reset-after"
    SERVER_ERROR_BEFORE = "server-error-before"
    SERVER_ERROR_AFTER = "server-error-after"
    HTML_BEFORE = "html-before"
    HTML_AFTER = "html-after"
    XML_ERROR = "xml-error"
    SLOW = "slow"
    CREATION_FAILS = "creation-fails"
    STOP_REFUSED = "stop-refused"
    NEVER_STOPS = "never-stops"
    START_REFUSED = "start-refused"
    NEVER_STARTS = "never-starts"
    DISTRIBUTION_FAILS = "distribution-fails"

    @property
    def comes_after(self) -> bool:
        """Whether the operation takes effect first."""
        return self.value.endswith("-after")


CREATES = frozenset({"CreateImageByInstance"})
STOPS = frozenset({"StopWuyingServer", "StopDesktops"})
STARTS = frozenset({"StartWuyingServer", "StartDesktops"})
DISTRIBUTES = frozenset({"StartTaskForDistributeImage"})
BELONGS = {
    Kind.CREATION_FAILS: CREATES,
    Kind.STOP_REFUSED: STOPS,
    Kind.NEVER_STOPS: STOPS,
    Kind.START_REFUSED: STARTS,
    Kind.NEVER_STARTS: STARTS,
    Kind.DISTRIBUTION_FAILS: DISTRIBUTES,
}
"""What can only go wrong with some operations."""
FAILS_LATER = frozenset({Kind.CREATION_FAILS, Kind.NEVER_STOPS, Kind.NEVER_STARTS, Kind.DISTRIBUTION_FAILS})
"""The call itself succeeds, but what it started doesn't."""


@dataclass(slots=True)
class Fault:
    """A switch that is on for the next `times` calls of `operation` ("*": any).

    `code` is the error code of ERROR, UNSUCCESSFUL and XML_ERROR; `status` overrides the HTTP status;
    `seconds` is how long SLOW and the time-outs hold the answer back (None: until released), and the wait
    that THROTTLE asks for (None: no wait).
    """

    kind: Kind
    operation: str = "*"
    times: int = 1
    code: str = "InternalError"
    status: int | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        self.times = int(self.times)
        self.seconds = None if self.seconds is None else float(self.seconds)
        self.status = None if self.status is None else int(self.status)

    def fits(self, operation: str) -> bool:
        """Whether it's for this operation; an image can fail only where one is made, and so on."""
        wanted = BELONGS.get(self.kind)
        return operation in wanted if wanted else self.operation in ("*", operation)

    def to_json(self) -> dict[str, Any]:
        """For the control endpoint."""
        return asdict(self)


class Faults:
    """The switches that are on, oldest first; a call uses up the first one that fits."""

    def __init__(self) -> None:
        self._on: list[Fault] = []
        self._let_go = asyncio.Event()

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._on)

    def add(self, kind: Kind | str, operation: str = "*", **settings: Any) -> Fault:  # noqa: ANN401 - Fault's own
        """Turn a switch on; see `Fault` for the settings."""
        fault = Fault(Kind(kind), operation, **settings)
        self._on.append(fault)
        return fault

    def clear(self) -> None:
        """Turn all off, and release the answers that are held back."""
        self._on.clear()
        self.release()

    def take(self, operation: str) -> Fault | None:
        """Return the fault of this call, if any."""
        for fault in self._on:
            if fault.fits(operation):
                fault.times -= 1
                self._on = [left for left in self._on if left.times > 0]
                return fault
        return None

    def release(self) -> None:
        """Release every answer that is held back: those of time-outs are dropped, slow ones are sent."""
        self._let_go.set()
        self._let_go = asyncio.Event()

    async def hold(self, seconds: float | None) -> None:
        """Hold an answer back until time is up or it's released."""
        try:
            async with asyncio.timeout(seconds):
                await self._let_go.wait()
        except TimeoutError:
            return
