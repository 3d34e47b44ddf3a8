"""Socket Mode: two connections that come and go at different times, each watched, and rebuilt when stuck."""

import asyncio
import contextlib
import random
from collections.abc import Callable
from typing import Self

import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.transport.background import Background
from handlers.transport.socket_client import Handler

log = structlog.get_logger(__name__)

PING_SECONDS = 5.0
"""slack_sdk considers a peer dead that is silent for four pings."""
PATIENCE_SECONDS = 6.0
"""How long a connection may be down before it's rebuilt: with the wait before that, ten seconds at most."""
LOOK_SECONDS = 1.0
STAGGER_SECONDS = 60.0
CONNECTIONS = 2
FIRST_WAIT, LONGEST_WAIT, LONGEST_WAIT_TOO_MANY = 0.5, 4.0, 60.0
TOO_MANY = "too_many_websockets"
"""An app may have ten sockets (Slack, "Using Socket Mode"): with more listeners they take turns."""


class SupervisedConnection:
    """One connection for the life of the process: built, watched, thrown away, rebuilt.

    `trouble` says why it's down, "" if it isn't known to be: Slack's word, or `not_greeted`.
    """

    def __init__(self, build: Callable[[], Handler], patience: float) -> None:
        self._build = build
        self._patience = patience
        self._handler: Handler | None = None
        self._fails = 0
        self.trouble = ""

    @property
    def connected(self) -> bool:
        """Whether Slack can reach us over it now."""
        return self._handler is not None and self._handler.connected

    async def run(self, after: float) -> None:
        """Keep the connection until cancelled; start `after` seconds."""
        await asyncio.sleep(after)
        while True:
            self._handler = self._build()
            connecting = asyncio.create_task(_connect(self._handler))
            try:
                await self._until_down(self._handler)
                wait = self._wait_after(self._handler)
            finally:
                connecting.cancel()
                await self._close()
            log.warning("socket_down", reason=self.trouble, fails=self._fails, again_in=round(wait, 1))
            await asyncio.sleep(wait)

    async def _until_down(self, handler: Handler) -> None:
        """Return once Slack closed the connection, or it was down longer than slack_sdk needs."""
        clock = asyncio.get_running_loop().time
        well = clock()
        while clock() - well < self._patience:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(LOOK_SECONDS, self._patience / 4)):
                    await handler.client.given_up.wait()
                    return
            if handler.connected:
                well = clock()
                self.trouble = ""

    def _wait_after(self, handler: Handler) -> float:
        """Return how long to wait before the next try: longer each time, or as long as Slack asks."""
        self.trouble = handler.client.reason or "not_greeted"
        self._fails = 1 if handler.client.lasted else self._fails + 1
        longest = LONGEST_WAIT_TOO_MANY if self.trouble == TOO_MANY else LONGEST_WAIT
        wait = min(longest, FIRST_WAIT * 2.0 ** min(self._fails - 1, 10))
        return handler.client.retry_after + random.uniform(wait / 2, wait)  # noqa: S311 - spreads tries, keeps no secret

    async def _close(self) -> None:
        """Close the connection; if that fails, it's closed already."""
        if self._handler is not None:
            with contextlib.suppress(OSError, RuntimeError):
                await self._handler.close_async()  # type: ignore[no-untyped-call]  # slack_bolt has no annotation
            self._handler = None


async def _connect(handler: Handler) -> None:
    await handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt has no annotation


class SocketMode:
    """The connection when we call Slack: `CONNECTIONS` sockets; one is enough to be reachable."""

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
        self._sockets = [
            SupervisedConnection(lambda: Handler(app, token, slack, background, ping), patience)
            for _ in range(CONNECTIONS)
        ]
        self._background = background
        self._stagger = stagger
        self._running: list[asyncio.Task[None]] = []

    @property
    def connected(self) -> bool:
        """Whether Slack can reach us now."""
        return any(each.connected for each in self._sockets)

    @property
    def trouble(self) -> tuple[str, ...]:
        """Return why sockets are down, in Slack's words."""
        return tuple(dict.fromkeys(each.trouble for each in self._sockets if each.trouble))

    def routes(self) -> list[web.RouteDef]:
        """Return nothing: Slack doesn't call us."""
        return []

    async def start(self) -> None:
        """Connect one socket after the other, so that Slack doesn't refresh them together."""
        self._running = [
            asyncio.create_task(each.run(number * self._stagger)) for number, each in enumerate(self._sockets)
        ]

    async def stop(self, within: float) -> None:
        """Answer what has been delivered within the given seconds, then disconnect."""
        await self._background.drain(within)
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop(within=0.0)
