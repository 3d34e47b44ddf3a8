"""One client of Socket Mode: slack_sdk's, counted while it answers, and honest about why it is down.

slack_sdk reconnects by itself, and at once: a connection that Slack sends away right after its greeting would
be opened again without end, and a ticket that was refused would be tried for ever. So a connection that lived
for less than `LASTING_SECONDS`, or got no ticket, is given up here and built anew by its supervisor.
"""

import asyncio
import logging
from time import monotonic

import structlog
from aiohttp import ClientWebSocketResponse, WSMessage
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient
from structlog.contextvars import bound_contextvars

from bot.domain.untrusted_json import from_json
from handlers.transport.api_errors import UNREACHABLE, code_of, retry_after
from handlers.transport.background import Background

log = structlog.get_logger(__name__)

LASTING_SECONDS = 30.0
CLOSE_SECONDS = 0.5
"""How long a goodbye waits for Slack's; aiohttp would wait for ten seconds."""
MOST_CONNECTIONS = 10
"""Connections that Slack gives an app, however many processes share them (Slack, "Using Socket Mode")."""


class Client(SocketModeClient):
    """slack_sdk's client, which leaves to its owner what it would do without end."""

    def __init__(self, token: str, slack: AsyncWebClient, ping: float) -> None:
        logger = logging.getLogger("slack_sdk.socket_mode.image_bot")
        logger.setLevel(logging.CRITICAL)  # its traces hold the ticket; the supervisor says what matters
        super().__init__(token, logger, slack, ping_interval=ping, on_message_listeners=[self._on_message])
        self.proxy = slack.proxy  # it would read the environment itself, and not the exceptions
        self.given_up = asyncio.Event()
        self.reason = ""
        self.retry_after = 0.0
        self.greeted: ClientWebSocketResponse | None = None
        self._greeted_at: float | None = None

    @property
    def lasted(self) -> bool:
        """Whether the present connection has lived for long enough to be replaced without a wait."""
        return self._greeted_at is not None and monotonic() - self._greeted_at >= LASTING_SECONDS

    async def issue_new_wss_url(self) -> str:
        """Return the address that a ticket is good for; without one, give up."""
        try:
            return str((await self.web_client.apps_connections_open(app_token=self.app_token))["url"])
        except UNREACHABLE as error:
            asks_to_wait = isinstance(error, SlackApiError) and code_of(error) == "ratelimited"
            self._give_up(code_of(error), retry_after(error) if asks_to_wait else 0.0)
            raise

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Connect anew after a connection that lasted; give up after one that did not."""
        if self.lasted:
            await super().connect_to_new_endpoint(force)
        else:
            self._give_up(self.reason or "closed")

    async def close(self) -> None:
        """Say goodbye, and leave nothing open, even when Slack doesn't answer or the wait is cancelled."""
        self.closed, self.auto_reconnect_enabled = True, False
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.disconnect()  # type: ignore[no-untyped-call]  # slack_sdk has no annotation
        finally:
            for task in (self.message_processor, self.current_session_monitor, self.message_receiver):
                if task is not None:
                    task.cancel()
            await self.aiohttp_client_session.close()

    def _give_up(self, reason: str, wait: float = 0.0) -> None:
        self.reason, self.retry_after = reason, wait
        self.given_up.set()

    async def _on_message(self, message: WSMessage) -> None:
        """Note the greeting, with how many connections the app has by now, and why Slack sends us away."""
        match from_json(message.data):
            case {"type": "hello", **more}:
                self.greeted, self._greeted_at, self.reason = self.current_session, monotonic(), ""
                log.info("socket_up", connections=more.get("num_connections"), most=MOST_CONNECTIONS)
            case {"type": "disconnect", "reason": str(reason)}:
                self.reason = reason


class Handler(AsyncSocketModeHandler):
    """Bolt's adapter over our client, counted while it answers."""

    client: Client

    def __init__(
        self, app: AsyncApp, token: str, slack: AsyncWebClient, background: Background, ping: float
    ) -> None:
        # Bolt's own constructor makes a client that nobody could close.
        self.app = app
        self.app_token = token
        self.client = Client(token, slack, ping)
        self.client.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type]  # as Bolt does
        self._background = background

    @property
    def connected(self) -> bool:
        """Whether the connection that Slack greeted is the present one, and open."""
        session = self.client.current_session
        return (
            session is not None
            and session is self.client.greeted
            and not (session.closed or self.client.stale)
        )

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # as Bolt
        """Answer one envelope; after the end, leave it to another process."""
        if self._background.closed:
            return
        with self._background.answering(req.type), bound_contextvars(envelope=req.envelope_id):
            await super().handle(client, req)
