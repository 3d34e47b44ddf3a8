"""Socket Mode: two connections that come and go at different times, each watched, and rebuilt when stuck.

slack_sdk's client reconnects by itself, but a ticket that was refused it tries for ever: `connect` asks for
a new address only when it has none. So a client that Slack has not greeted (`hello`) for a while is thrown
away and built anew.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable
from typing import Any, Self

import structlog
from aiohttp import ClientWebSocketResponse, web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from handlers.transport.background import Background

log = structlog.get_logger(__name__)

PING_SECONDS = 5.0
"""slack_sdk takes a peer that is silent for four pings for dead."""
PATIENCE_SECONDS = 15.0
LONGEST_PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 1.0
STAGGER_SECONDS = 60.0
CONNECTIONS = 2
CLOSE_SECONDS = 0.5
"""How long the end waits for Slack to say goodbye as well; aiohttp would wait for ten seconds."""


class Handler(AsyncSocketModeHandler):
    """Bolt's adapter, counted while it answers, and knowing when Slack has greeted it."""

    def __init__(
        self, app: AsyncApp, token: str, slack: AsyncWebClient, background: Background, ping: float
    ) -> None:
        logger = logging.getLogger("slack_sdk.socket_mode.image_bot")
        logger.setLevel(logging.CRITICAL)  # its traces hold the ticket; the watchdog says what matters
        super().__init__(app, token, logger, slack, ping_interval=ping)
        self._background = background
        self._greeted: ClientWebSocketResponse | None = None
        self.client.message_listeners.append(self._on_message)

    @property
    def connected(self) -> bool:
        """Whether the connection that Slack greeted is the present one, and open."""
        session = self.client.current_session
        return session is not None and session is self._greeted and not (session.closed or self.client.stale)

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # as Bolt
        """Answer one envelope; after the end, leave it to another process."""
        if self._background.closed:
            return
        with self._background.answering():
            await super().handle(client, req)

    async def _on_message(
        self, _: AsyncBaseSocketModeClient, message: dict[str, Any], __: str | None
    ) -> None:
        if message.get("type") == "hello":
            self._greeted = self.client.current_session


class SupervisedConnection:
    """One connection for as long as the process lives: built, watched, thrown away, built again."""

    def __init__(self, build: Callable[[], Handler], patience: float) -> None:
        self._build = build
        self._patience = patience
        self._handler: Handler | None = None

    @property
    def connected(self) -> bool:
        """Whether Slack can reach us over it now."""
        return self._handler is not None and self._handler.connected

    async def run(self, after: float) -> None:
        """Keep the connection until cancelled; begin `after` seconds."""
        await asyncio.sleep(after)
        patience = self._patience
        while True:
            self._handler = self._build()
            connecting = asyncio.create_task(_connect(self._handler))
            try:
                was_connected = await self._until_stuck(patience)
            finally:
                connecting.cancel()
                await self._close()
            log.warning("connection_rebuilt", patience=patience, was_connected=was_connected)
            patience = self._patience if was_connected else min(2 * patience, LONGEST_PATIENCE_SECONDS)
            await asyncio.sleep(random.uniform(0, LOOK_SECONDS))  # noqa: S311  # spreads attempts, keeps no secret

    async def _until_stuck(self, patience: float) -> bool:
        """Return when it has been down for longer than slack_sdk needs to mend it: whether it ever was up."""
        clock = asyncio.get_running_loop().time
        began = well = clock()
        while clock() - well < patience:
            await asyncio.sleep(min(LOOK_SECONDS, patience / 4))
            if self.connected:
                well = clock()
        return well > began

    async def _close(self) -> None:
        """Let go of the connection; what cannot be closed is closed already."""
        if self._handler is not None:
            with contextlib.suppress(OSError, RuntimeError):
                await self._handler.close_async()  # type: ignore[no-untyped-call]  # slack_bolt has no annotation
            self._handler = None


async def _connect(handler: Handler) -> None:
    await handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt has no annotation


class SocketMode:
    """The connection when we go to Slack: `CONNECTIONS` lines; one is enough to be reached."""

    def __init__(
        self,
        app: AsyncApp,
        token: str,
        slack: AsyncWebClient,
        background: Background,
        *,
        patience: float = PATIENCE_SECONDS,
        stagger: float = STAGGER_SECONDS,
        ping: float = PING_SECONDS,
    ) -> None:
        self._lines = [
            SupervisedConnection(lambda: Handler(app, token, slack, background, ping), patience)
            for _ in range(CONNECTIONS)
        ]
        self._background = background
        self._stagger = stagger
        self._running: list[asyncio.Task[None]] = []

    @property
    def connected(self) -> bool:
        """Whether Slack can reach us now."""
        return any(line.connected for line in self._lines)

    def routes(self) -> list[web.RouteDef]:
        """Nothing for the web server: Slack does not come to us."""
        return []

    async def start(self) -> None:
        """Connect, one line after the other, so that Slack does not refresh them together."""
        self._running = [
            asyncio.create_task(line.run(number * self._stagger)) for number, line in enumerate(self._lines)
        ]

    async def stop(self, within: float) -> None:
        """Answer what has been delivered within the seconds given, then disconnect."""
        await self._background.drain(within)
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=CLOSE_SECONDS)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop(within=0.0)
