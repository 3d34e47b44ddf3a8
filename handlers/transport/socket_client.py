"""One client of Socket Mode: slack_sdk's, counted while it answers, and honest about why it is down.

slack_sdk reconnects on its own and immediately: a connection that Slack closes right after its hello would be
reopened endlessly, and a refused ticket would be retried forever. So a connection that lasted less than
`LASTING_SECONDS`, or got no ticket, is given up here and rebuilt by its supervisor.
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
"""How long a close waits for Slack's; aiohttp would wait for ten seconds."""
MOST_CONNECTIONS = 10
"""How many connections Slack gives an app, across all processes (Slack, "Using Socket Mode")."""


class Client(SocketModeClient):
    """slack_sdk's client, which gives up where slack_sdk would go on forever."""

    def __init__(self, token: str, slack: AsyncWebClient, ping: float) -> None:
        logger = logging.getLogger("slack_sdk.socket_mode.image_bot")
        logger.setLevel(logging.CRITICAL)  # its tracebacks hold the ticket; the supervisor logs what matters
        super().__init__(token, logger, slack, ping_interval=ping, on_message_listeners=[self._on_message])
        self.proxy = slack.proxy  # it would read the environment itself, but not NO_PROXY
        self.given_up = asyncio.Event()
        self.reason = ""
        self.retry_after = 0.0
        self.greeted: ClientWebSocketResponse | None = None
        self._greeted_at: float | None = None

    @property
    def lasted(self) -> bool:
        """Whether the current connection has lasted long enough to be replaced without a wait."""
        return self._greeted_at is not None and monotonic() - self._greeted_at >= LASTING_SECONDS

    async def issue_new_wss_url(self) -> str:
        """Return the address that comes with a ticket; without one, give up."""
        try:
            return str((await self.web_client.apps_connections_open(app_token=self.app_token))["url"])
        except UNREACHABLE as error:
            asks_to_wait = isinstance(error, SlackApiError) and code_of(error) == "ratelimited"
            self._give_up(code_of(error), retry_after(error) if asks_to_wait else 0.0)
            raise

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Reconnect after a connection that lasted; give up after one that didn't."""
        if self.lasted:
            await super().connect_to_new_endpoint(force)
        else:
            self._give_up(self.reason or "closed")

    async def close(self) -> None:
        """Close, and leave nothing open, even if Slack doesn't answer or the wait is cancelled."""
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
        """Note Slack's hello, with the app's number of connections, and why Slack disconnects us."""
        match from_json(message.data):
            case {"type": "hello", **more}:
                self.greeted, self._greeted_at, self.reason = self.current_session, monotonic(), ""
                log.info("socket_up", connections=more.get("num_connections"), most=MOST_CONNECTIONS)
            case {"type": "disconnect", "reason": str(reason)}:
                self.reason = reason


class Handler(AsyncSocketModeHandler):
    """Bolt's adapter for our client, counted while it answers."""

    client: Client

    def __init__(
        self, app: AsyncApp, token: str, slack: AsyncWebClient, background: Background, ping: float
    ) -> None:
        # Bolt's own constructor creates a client that nobody could close.
        self.app = app
        self.app_token = token
        self.client = Client(token, slack, ping)
        self.client.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type]  # as Bolt does
        self._background = background

    @property
    def connected(self) -> bool:
        """Whether the connection that got Slack's hello is the current one, and open."""
        session = self.client.current_session
        return (
            session is not None
            and session is self.client.greeted
            and not (session.closed or self.client.stale)
        )

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # as Bolt
        """Answer one envelope; after shutdown, leave it to another process."""
        if self._background.closed:
            return
        with self._background.answering(req.type), bound_contextvars(envelope=req.envelope_id):
            await super().handle(client, req)
