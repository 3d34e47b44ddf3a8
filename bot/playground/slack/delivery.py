"""How envelopes reach the app: one interface, two transports (Socket Mode and HTTP)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.playground.slack import grid
from bot.playground.slack.faults import Faults
from bot.playground.slack.state import TEAM_ID
from bot.playground.slack.wire import JsonObject
from bot.playground.slack.workspace import Workspace

ACK_SECONDS = 3.0
"""An app has three seconds to acknowledge (docs.slack.dev, Acknowledging requests)."""
RETRY_DELAYS = (0.0, 60.0, 300.0)
"""Events are sent again immediately, after a minute and after five (docs.slack.dev, Events API)."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One delivery to the app. ``kind``: ``slash_commands``, ``interactive`` or ``events_api``."""

    id: str
    kind: str
    payload: JsonObject
    accepts_response_payload: bool
    attempt: int = 0
    retry_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Ack:
    """The app's answer to an envelope: its payload (None: a bare ack), or the error that the person sees.

    ``reason``: why an event will be sent again, in the words of ``retry_reason``; None: it won't.
    """

    payload: JsonObject | None = None
    error: str | None = None
    reason: str | None = None


class Transport(Protocol):
    """A way to the app."""

    async def send(self, envelope: Envelope, copies: int, seconds: float) -> Ack:
        """Deliver ``copies`` of the envelope and wait at most ``seconds`` for the first ack.

        Errors: ``operation_timeout`` if none came in time, ``dispatch_failed`` if there's no app.
        """
        ...


class Dispatcher:
    """Sends envelopes and records the outcome."""

    def __init__(
        self,
        workspace: Workspace,
        faults: Faults,
        transport: Transport,
        ack_seconds: float = ACK_SECONDS,
        retry_delays: Sequence[float] = RETRY_DELAYS,
    ) -> None:
        self._workspace = workspace
        self._faults = faults
        self.transport = transport
        self.ack_seconds = ack_seconds
        self._retry_delays = retry_delays
        self._background: set[asyncio.Task[Ack]] = set()

    async def ask(self, kind: str, payload: JsonObject) -> Ack:
        """Deliver something that a person is waiting for. It's tried once."""
        return await self._send(
            Envelope(self._workspace.ids.new("E0"), kind, payload, accepts_response_payload=True)
        )

    async def tell(self, event: JsonObject) -> Ack:
        """Deliver an event; return the ack of the first attempt, while retries continue in the background."""
        envelope = Envelope(self._workspace.ids.new("E0"), "events_api", self._event_body(event), False)
        ack = await self._send(envelope)
        if ack.reason is not None:
            task = asyncio.ensure_future(self._retry(envelope, ack))
            self._background.add(task)
            task.add_done_callback(self._background.discard)
        return ack

    async def aclose(self) -> None:
        """Stop retrying."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)

    async def _retry(self, first: Envelope, ack: Ack) -> Ack:
        for attempt, delay in enumerate(self._retry_delays, start=1):
            await asyncio.sleep(delay)
            new_id = self._workspace.ids.new("E0")
            ack = await self._send(Envelope(new_id, first.kind, first.payload, False, attempt, ack.reason))
            if ack.reason is None:
                break
        return ack

    async def _send(self, envelope: Envelope) -> Ack:
        copies = self._faults.take_copies()
        ledger = self._workspace.ledger
        delivery = ledger.sent(envelope.id, envelope.kind, envelope.payload, envelope.attempt, copies)
        ack = await self.transport.send(envelope, copies, self.ack_seconds)
        delivery.error = ack.error
        self._workspace.changes.record("delivered", number=delivery.number, error=ack.error)
        return ack

    def _event_body(self, event: JsonObject) -> JsonObject:
        app = self._workspace.app
        enterprise_id = grid.identity(self._workspace).get("enterprise_id")
        authorization = {"enterprise_id": enterprise_id, "team_id": TEAM_ID, "user_id": app.bot_user,
                         "is_bot": True, "is_enterprise_install": False}  # fmt: skip
        return {
            "token": "playground", "team_id": TEAM_ID, "api_app_id": app.id, "event": event,
            "type": "event_callback", "event_id": self._workspace.ids.new("Ev0"),
            "event_time": int(self._workspace.clock()), "authorizations": [authorization],
            "is_ext_shared_channel": False,
        }  # fmt: skip
