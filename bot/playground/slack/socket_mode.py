"""Socket Mode: the WebSocket side of apps.connections.open (docs.slack.dev, Using Socket Mode)."""

import asyncio
from dataclasses import dataclass

from aiohttp import WSMessage, WSMsgType, web

from bot.playground.slack.delivery import Ack, Envelope
from bot.playground.slack.faults import Faults
from bot.playground.slack.socket_frames import frame_of, parsed_ack
from bot.playground.slack.wire import JsonObject
from bot.playground.slack.workspace import Workspace

CONNECTION_LIMIT = 10
"""An app may hold ten connections; an envelope goes to any one of them."""
CONFLICT_SECONDS = 1.0
"""Seconds within which two openings conflict; our reading."""


@dataclass(eq=False, slots=True)
class Connection:
    """One open WebSocket; ``leaving`` once it was told to disconnect, so it gets no more envelopes."""

    id: str
    socket: web.WebSocketResponse
    request: web.Request
    leaving: bool = False


class SocketMode:
    """The server of all WebSocket connections, and a transport over them."""

    def __init__(self, workspace: Workspace, faults: Faults) -> None:
        self._workspace = workspace
        self._faults = faults
        self._turn = 0
        self._waiting: dict[str, asyncio.Future[JsonObject | None]] = {}
        self._last_opened = float("-inf")
        self.connections: list[Connection] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one WebSocket until it closes."""
        refused = self._faults.take_refused_ticket()
        valid = self._workspace.tickets.redeem(request.query.get("ticket", ""))
        if refused or not valid:
            self._workspace.changes.record("ticket_refused", asked=refused)
            raise web.HTTPForbidden(text="invalid ticket")
        self._check_conflict()
        socket = web.WebSocketResponse(autoping=False, timeout=1)
        await socket.prepare(request)
        connection = Connection(self._workspace.ids.new("WS"), socket, request)
        if len(self.connections) >= CONNECTION_LIMIT:
            await self._hello(connection)
            await self._say_goodbye(connection, "too_many_websockets")
            return socket
        await self._serve(connection)
        return socket

    def _check_conflict(self) -> None:
        """Refuse a WebSocket that is opened at the same time as another, if that's switched on."""
        now, before = self._workspace.clock(), self._last_opened
        self._last_opened = now
        if self._faults.socket_conflicts and now - before < CONFLICT_SECONDS:
            self._workspace.changes.record("socket_conflict")
            raise web.HTTPConflict(text="opened together with another")

    async def _serve(self, connection: Connection) -> None:
        self.connections.append(connection)
        self._workspace.changes.record("socket_opened", connection=connection.id)
        try:
            await self._hello(connection)
            async for message in connection.socket:
                await self._receive(connection, message)
        finally:
            self.connections.remove(connection)
            self._workspace.changes.record("socket_closed", connection=connection.id)

    async def _hello(self, connection: Connection) -> None:
        await connection.socket.send_json({
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": self._workspace.app.id},
            "debug_info": {"host": "playground", "build_number": 1, "approximate_connection_time": 18060},
        })  # fmt: skip

    async def _receive(self, connection: Connection, message: WSMessage) -> None:
        if message.type == WSMsgType.PING and not self._faults.silent:
            await connection.socket.pong(message.data)
        if message.type != WSMsgType.TEXT:
            return
        try:
            self._acked(*parsed_ack(message.data))
        except (ValueError, RecursionError):
            self._workspace.refused(
                "socket", "invalid_ack", ["not an acknowledgement"], {"text": message.data}
            )

    def _acked(self, envelope_id: str, payload: JsonObject | None) -> None:
        """Acks may come over any connection, even a newer one than the envelope went out on."""
        self._workspace.ledger.acked(envelope_id, payload)
        waiting = self._waiting.get(envelope_id)
        if waiting is not None and not waiting.done():
            waiting.set_result(payload)

    async def send(self, envelope: Envelope, copies: int, seconds: float) -> Ack:
        """Send the envelope over the next connections in turn and wait for the first ack."""
        acked: asyncio.Future[JsonObject | None] = asyncio.get_running_loop().create_future()
        self._waiting[envelope.id] = acked
        try:
            for _ in range(copies):
                if not await self._send_one(envelope):
                    return Ack(error="dispatch_failed", reason="connection_failed")
            async with asyncio.timeout(seconds):
                return Ack(await acked)
        except TimeoutError:
            return Ack(error="operation_timeout", reason="timeout")
        finally:
            del self._waiting[envelope.id]

    async def _send_one(self, envelope: Envelope) -> bool:
        """Tell whether some connection took the envelope."""
        while ready := [c for c in self.connections if not (c.leaving or c.socket.closed)]:
            self._turn += 1
            connection = ready[self._turn % len(ready)]
            if self._faults.silent:
                return True
            try:
                await connection.socket.send_json(frame_of(envelope))
            except ConnectionError:
                connection.leaving = True
            else:
                return True
        return False

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every connection to go.

        ``reason``: ``warning``, ``refresh_requested``, ``link_disabled`` or ``too_many_websockets``. The app
        closes the connection itself; after just a ``warning`` it still gets envelopes.
        """
        for connection in list(self.connections):
            connection.leaving = reason != "warning"
            await self._say_goodbye(connection, reason, close=False)

    async def drop(self, *, reset: bool = False) -> None:
        """Cut every connection: with a close frame, or like a broken network."""
        for connection in list(self.connections):
            connection.leaving = True
            if not reset:
                await connection.socket.close()
            elif connection.request.transport is not None:
                connection.request.transport.abort()

    def deafen(self) -> None:
        """Stop reading from open connections, like a peer behind a dead network: no close is answered."""
        for connection in self.connections:
            if isinstance(connection.request.transport, asyncio.Transport):
                connection.request.transport.pause_reading()

    async def _say_goodbye(self, connection: Connection, reason: str, *, close: bool = True) -> None:
        frame = {"type": "disconnect", "reason": reason, "debug_info": {"host": "playground"}}
        self._workspace.changes.record("socket_disconnect", connection=connection.id, reason=reason)
        await connection.socket.send_json(frame)
        if close:
            await connection.socket.close()
