"""The record of every call that came in and every envelope that went out."""

from dataclasses import dataclass, field

from bot.playground.slack.changes import Changes
from bot.playground.slack.ids import Clock
from bot.playground.slack.wire import JsonObject


@dataclass(frozen=True, slots=True)
class Call:
    """One Web API or response_url call: what was asked, what was answered, which fault interfered."""

    number: int
    at: float
    method: str
    arguments: JsonObject
    status: int
    answer: JsonObject
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Acked:
    """One acknowledgement of an envelope; ``seconds`` after it was first sent."""

    seconds: float
    payload: JsonObject | None


@dataclass(slots=True)
class Delivery:
    """One envelope to the app and its outcome; ``error`` if the person was told that it failed."""

    number: int
    at: float
    envelope_id: str
    kind: str
    payload: JsonObject
    attempt: int = 0
    copies: int = 1
    acks: list[Acked] = field(default_factory=list)
    error: str | None = None


class Ledger:
    """Calls and deliveries in the order in which they happened; ``number`` counts both."""

    def __init__(self, clock: Clock, changes: Changes) -> None:
        self._clock = clock
        self._changes = changes
        self._number = 0
        self.calls: list[Call] = []
        self.deliveries: list[Delivery] = []
        self._open: dict[str, Delivery] = {}

    def called(
        self, method: str, arguments: JsonObject, status: int, answer: JsonObject, fault: str | None = None
    ) -> None:
        """Record a call and its answer."""
        self._number += 1
        call = Call(self._number, self._clock(), method, arguments, status, answer, fault)
        self.calls.append(call)
        self._changes.record("call", number=call.number, method=method, ok=answer.get("ok"), fault=fault)

    def sent(self, envelope_id: str, kind: str, payload: JsonObject, attempt: int, copies: int) -> Delivery:
        """Record an envelope that goes out."""
        self._number += 1
        delivery = Delivery(self._number, self._clock(), envelope_id, kind, payload, attempt, copies)
        self.deliveries.append(delivery)
        self._open[envelope_id] = delivery
        self._changes.record("envelope", number=delivery.number, envelope_id=envelope_id, type=kind)
        return delivery

    def acked(self, envelope_id: str, payload: JsonObject | None) -> None:
        """Record an acknowledgement, even if it's late or the second one."""
        delivery = self._open.get(envelope_id)
        if delivery is not None:
            delivery.acks.append(Acked(self._clock() - delivery.at, payload))
            self._changes.record("ack", number=delivery.number, envelope_id=envelope_id)

    def calls_of(self, method: str) -> list[Call]:
        """Return the calls of one method."""
        return [call for call in self.calls if call.method == method]
