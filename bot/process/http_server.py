"""The one port of the process: health, metrics and, in HTTP mode, Slack's requests.

aiohttp takes any number of connections, and waits as long as a client likes for the end of a request's head.
Here a connection that is not being answered lives for `IDLE_SECONDS`, and there is a limit to their number: a
thousand idle ones must not use up the files that the database and Slack need.
"""

import asyncio
import os
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from errno import EACCES, EADDRINUSE

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.settings import BadSettings

log = structlog.get_logger(__name__)

IDLE_SECONDS = 10.0
"""How long a connection may be open without a whole request head."""
CLOSE_SECONDS = 0.5
"""How long requests to our own port may take to end at the stop; aiohttp would wait for a minute."""
FEWEST, MOST = 16, 512
"""Connections at once, whatever the limit of open files is."""


def raise_file_limit() -> int:
    """Raise the soft limit of open files to the hard one where the system lets us; return the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        return hard
    return soft


def connections_for(file_limit: int) -> int:
    """Return how many connections the port may hold: a quarter of the files that may be open."""
    return MOST if file_limit < 0 else max(FEWEST, min(MOST, file_limit // 4))


class OpenConnections:
    """The port's connections, each with the timer that closes it unless it asks something."""

    def __init__(self, most: int, idle_seconds: float) -> None:
        self._most = most
        self._idle_seconds = idle_seconds
        self._timers: dict[asyncio.Protocol, asyncio.TimerHandle] = {}

    def take(self, connection: "LimitedConnection") -> bool:
        """Count a connection; False when there are too many."""
        if len(self._timers) >= self._most:
            log.warning("port_full", connections=self._most)
            return False
        self.wait_for(connection)
        return True

    def wait_for(self, connection: "LimitedConnection") -> None:
        """Close the connection unless it asks something soon."""
        loop = asyncio.get_running_loop()
        self._timers[connection] = loop.call_later(self._idle_seconds, connection.force_close)

    def forget(self, connection: asyncio.Protocol) -> None:
        """Stop counting a connection."""
        if timer := self._timers.pop(connection, None):
            timer.cancel()

    @web.middleware
    async def answering(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let a connection live while its request is answered."""
        connection = request.protocol
        timer = self._timers.get(connection)
        if timer is not None:
            timer.cancel()
        try:
            return await handler(request)
        finally:
            if connection in self._timers and isinstance(connection, LimitedConnection):
                self.wait_for(connection)


class LimitedConnection(web.RequestHandler):
    """aiohttp's own protocol, counted."""

    __slots__ = ("_connections",)

    def __init__(self, manager: web.Server, connections: OpenConnections) -> None:
        super().__init__(manager, loop=asyncio.get_running_loop())
        self._connections = connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, or close it at once."""
        super().connection_made(transport)
        if not self._connections.take(self):
            self.force_close()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Make room for another."""
        self._connections.forget(self)
        super().connection_lost(exc)


@asynccontextmanager
async def serve(
    application: web.Application,
    host: str,
    port: int,
    *,
    most: int | None = None,
    idle_seconds: float = IDLE_SECONDS,
) -> AsyncIterator[int]:
    """Serve an application on one address and yield the port, a free one for 0.

    `most` connections at once, by default what the limit of open files allows. Raises `BadSettings` when the
    port can't be used.
    """
    connections = OpenConnections(most or connections_for(raise_file_limit()), idle_seconds)
    application.middlewares.append(connections.answering)
    runner = web.AppRunner(application, handle_signals=False, shutdown_timeout=CLOSE_SECONDS)
    await runner.setup()
    manager = runner.server
    assert manager is not None  # noqa: S101 - set up above
    try:
        listening = await asyncio.get_running_loop().create_server(
            lambda: LimitedConnection(manager, connections), host, port
        )
    except OSError as taken:
        await runner.cleanup()
        raise BadSettings((not_listening(host, port, taken),)) from None
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        await runner.cleanup()


def not_listening(host: str, port: int, error: OSError) -> str:
    """Say which setting keeps an address from being listened on, and why."""
    name = "PORT" if error.errno in (EADDRINUSE, EACCES) else "HOST"
    number = error.errno or 0  # of the system's; asyncio's own words would have the address twice
    why = os.strerror(number) if number > 0 else str(error.strerror)
    return f"{name}: can't listen on {host}:{port}: {why}"
