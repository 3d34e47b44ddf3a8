"""The local Slack: one server on 127.0.0.1, one workspace, one app, and the people in it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.playground.guard import programs_only
from bot.playground.slack.admin import Admin
from bot.playground.slack.app import App, installed
from bot.playground.slack.changes import Change, Changes
from bot.playground.slack.conditions import Conditions
from bot.playground.slack.delivery import ACK_SECONDS, RETRY_DELAYS, Dispatcher
from bot.playground.slack.echo import Echo
from bot.playground.slack.faults import Faults
from bot.playground.slack.http_mode import HttpMode
from bot.playground.slack.ids import Clock
from bot.playground.slack.ledger import Ledger
from bot.playground.slack.message import Message
from bot.playground.slack.people import Person
from bot.playground.slack.replies import ResponseUrlServer
from bot.playground.slack.socket_mode import SocketMode
from bot.playground.slack.state import Channel, User, Usergroup
from bot.playground.slack.web_api.server import WebApi
from bot.playground.slack.wire import JsonObject
from bot.playground.slack.workspace import Workspace

HOST = "127.0.0.1"


class LocalSlack:
    """A Slack for an unmodified app: give it ``await slack.start()`` as ``SLACK_API_URL``.

    The app's tokens and signing secret are ``slack.app.bot_token``, ``.app_token`` and ``.signing_secret``.
    With a ``request_url`` it delivers over HTTP, otherwise over Socket Mode.
    """

    def __init__(
        self,
        people: Iterable[User],
        channels: Iterable[Channel],
        usergroups: Iterable[Usergroup] = (),
        *,
        app: App | None = None,
        conditions: Conditions | None = None,
        clock: Clock = time.time,
        port: int = 0,
        request_url: str | None = None,
        ack_seconds: float = ACK_SECONDS,
        retry_delays: Sequence[float] = RETRY_DELAYS,
    ) -> None:
        self.workspace = Workspace(app or App(), people, channels, usergroups, clock, conditions)
        self.faults = Faults(self.workspace.changes)
        self.sockets = SocketMode(self.workspace, self.faults)
        self.admin = Admin(self.workspace)
        self.http = HttpMode(self.workspace, request_url or "")
        transport = self.http if request_url else self.sockets
        self.dispatcher = Dispatcher(self.workspace, self.faults, transport, ack_seconds, retry_delays)
        self._web_api = WebApi(self.workspace, self.faults)
        self._response_urls = ResponseUrlServer(self.workspace, self.faults)
        self._people: dict[str, Person] = {}
        self._port = port
        self._runner: web.AppRunner | None = None
        self._echo: asyncio.Task[None] | None = None

    @property
    def app(self) -> App:
        """The installed app."""
        return self.workspace.app

    @property
    def conditions(self) -> Conditions:
        """What kind of workspace and app this is."""
        return self.workspace.conditions

    def install(self, manifest: Mapping[str, JsonObject]) -> None:
        """Give the app what its manifest declares, and nothing else."""
        self.workspace.install(installed(manifest, self.app))

    @property
    def url(self) -> str:
        """The base URL of the Web API, ``http://127.0.0.1:<port>/api/``; the server must be running."""
        return f"{self.workspace.url}/api/"

    @property
    def ledger(self) -> Ledger:
        """Every call and every envelope."""
        return self.workspace.ledger

    @property
    def changes(self) -> Changes:
        """The feed of everything that happens."""
        return self.workspace.changes

    @property
    def problems(self) -> list[JsonObject]:
        """Everything that was refused: where, the error, messages, what was sent, when."""
        return self.workspace.problems

    async def start(self) -> str:
        """Listen; return the base URL of the Web API."""
        self._echo = asyncio.create_task(Echo(self.workspace, self.dispatcher).follow(), name="echo")
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port).start()
        self.workspace.url = f"http://{HOST}:{self._runner.addresses[0][1]}"
        return self.url

    async def aclose(self) -> None:
        """Stop retrying, stop listening, close every connection."""
        if self._echo is not None:
            self._echo.cancel()
            await asyncio.gather(self._echo, return_exceptions=True)
        await self.dispatcher.aclose()
        if self._runner is not None:
            await self._runner.cleanup()
        await self.http.aclose()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def deliver_over_http(self, request_url: str) -> None:
        """Post to ``request_url`` from now on, instead of sending over WebSockets."""
        self.http.request_url = request_url
        self.dispatcher.transport = self.http

    def person(self, user_id: str) -> Person:
        """Return the person through whom to act."""
        if user_id not in self.workspace.users:
            raise LookupError(f"{user_id} is not in this workspace")
        return self._people.setdefault(user_id, Person(user_id, self.workspace, self.dispatcher))

    def messages(self, channel: str) -> list[Message]:
        """Return everything stored in a channel, thread replies included, oldest first."""
        return self.workspace.conversations.stored(channel)

    def message(self, channel: str, ts: str) -> Message | None:
        """Return the stored message at this place, None if there is none."""
        return self.workspace.conversations.find(channel, ts)

    def thread(self, channel: str, ts: str) -> list[Message]:
        """Return the first message of a thread and its replies, oldest first."""
        return self.workspace.conversations.thread(channel, ts)

    async def until(self, holds: Callable[["LocalSlack"], object], seconds: float = 5.0) -> None:
        """Wait for ``holds(self)``, checking after every change; ``TimeoutError`` after ``seconds``."""
        await self.changes.until(lambda: holds(self), seconds)

    def stream(self, after: int | None = None) -> AsyncIterator[Change]:
        """Yield every change after the given number (default: from now on), until the server closes."""
        return self.changes.stream(after)

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[programs_only], client_max_size=4 * 1024**2)
        application.router.add_route("*", "/api/{method}", self._web_api.handle)
        application.router.add_get("/link/", self.sockets.handle)
        application.router.add_post("/response/{team}/{url_id}", self._response_urls.handle)
        application.on_shutdown.append(self._end_connections)
        return application

    async def _end_connections(self, _application: web.Application) -> None:
        """Close what would stay open forever; by now, nobody new can connect."""
        self.changes.close()
        await self.sockets.drop()
