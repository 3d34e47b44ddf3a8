"""Every call that reached the local cloud, in order, with its answer."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

KEPT = 10_000


@dataclass(slots=True)
class Call:
    """One call. `status` is None while it's being answered, and 0 if no answer was given.

    `verdict` is "ok" or the code of what was wrong with the signature; `fault` is the switch in effect,
    `made` the image it created, `in_query` the parameters that were in the query.
    """

    number: int
    at: datetime
    operation: str
    version: str
    parameters: Mapping[str, str]
    request_id: str
    access_key_id: str = ""
    verdict: str = "not checked"
    fault: str = ""
    status: int | None = None
    response: Any = None
    seconds: float = 0.0
    made: str = field(default="")
    in_query: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """For the control endpoint."""
        return asdict(self) | {"at": self.at.isoformat()}


class Ledger:
    """The calls, oldest first; the oldest are forgotten beyond `KEPT`."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._total = 0

    def open(
        self, at: datetime, operation: str, version: str, parameters: Mapping[str, str], call_id: str
    ) -> Call:
        """Record a call that has just arrived."""
        self._total += 1
        call = Call(self._total, at, operation, version, parameters, call_id)
        self._calls = [*self._calls[-KEPT + 1 :], call]
        return call

    def __iter__(self) -> Iterator[Call]:
        return iter(self._calls)

    def __len__(self) -> int:
        return len(self._calls)

    def of(self, operation: str) -> list[Call]:
        """Return the calls of one operation."""
        return [call for call in self._calls if call.operation == operation]
