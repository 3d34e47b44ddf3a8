"""The switches that make Slack misbehave."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.playground.slack.changes import Changes


class FaultKind(StrEnum):
    """What can go wrong with a Web API call."""

    RATE_LIMITED = "rate_limited"
    """429 with Retry-After; nothing was done."""
    SERVER_ERROR = "server_error"
    """A 5xx page; nothing was done."""
    REFUSED = "refused"
    """200 with ``ok: false`` and a chosen error code; nothing was done."""
    DROPPED = "dropped"
    """The connection is cut before anything was done."""
    LOST_RESPONSE = "lost_response"
    """It was done, but the connection is cut instead of an answer."""
    SLOW = "slow"
    """It's done, but the answer comes ``seconds`` later."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault for the next ``times`` calls of ``method`` (``*``: any).

    ``times`` None: until it's switched off. ``needed`` is the scope of a ``missing_scope``.
    """

    kind: FaultKind
    method: str = "*"
    times: int | None = 1
    seconds: float = 1.0
    status: int = 503
    error: str = "internal_error"
    needed: str = "chat:write"


@dataclass(slots=True)
class Faults:
    """What is switched on. Web API faults are used in the order in which they were set."""

    changes: Changes
    waiting: list[Fault] = field(default_factory=list)
    refused_tickets: int = 0
    """How many of the next WebSocket connections are refused."""
    socket_conflicts: bool = False
    """If several WebSockets are opened within a second, all but the first get HTTP 409."""
    duplicated_envelopes: int = 0
    """How many of the next envelopes are delivered twice."""
    silent: bool = False
    """Slack's end of every WebSocket falls silent: no envelopes and no pongs."""

    def set(self, fault: Fault) -> None:
        """Switch a fault on."""
        self.waiting.append(fault)
        self.changes.record("fault_set", fault=fault.kind, method=fault.method, times=fault.times)

    def clear(self) -> None:
        """Switch everything off."""
        self.waiting.clear()
        self.silent = self.socket_conflicts = False
        self.refused_tickets = self.duplicated_envelopes = 0
        self.changes.record("faults_cleared")

    def take(self, method: str) -> Fault | None:
        """Return the fault for this call, if there is one."""
        for index, fault in enumerate(self.waiting):
            if fault.method in ("*", method):
                self._count_down(index, fault)
                self.changes.record("fault", fault=fault.kind, method=method)
                return fault
        return None

    def take_refused_ticket(self) -> bool:
        """Whether this WebSocket connection should be refused."""
        refused = self.refused_tickets > 0
        self.refused_tickets -= refused
        return refused

    def take_copies(self) -> int:
        """Return how often this envelope should be delivered."""
        if self.duplicated_envelopes == 0:
            return 1
        self.duplicated_envelopes -= 1
        return 2

    def _count_down(self, index: int, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times <= 1:
            del self.waiting[index]
        else:
            self.waiting[index] = replace(fault, times=fault.times - 1)
