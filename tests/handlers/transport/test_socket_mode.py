"""The end of a connection, with a peer that is no longer there."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_bolt.async_app import AsyncApp
from structlog.testing import capture_logs

from handlers.transport.background import Background
from handlers.transport.connection import web_client
from handlers.transport.socket_mode import SocketMode


async def until(so: Callable[[], bool]) -> None:
    """Wait for something that nobody announces."""
    while not so():  # noqa: ASYNC110 - as above
        await asyncio.sleep(0.02)


@pytest.fixture
async def deaf() -> AsyncIterator[TestServer]:
    """A Slack that greets, and then neither reads nor says anything: as behind a dead network."""
    over = asyncio.Event()

    async def ticket(request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "url": f"ws://{request.host}/socket"})

    async def socket(request: web.Request) -> web.WebSocketResponse:
        response = web.WebSocketResponse()
        await response.prepare(request)
        await response.send_json({"type": "hello"})
        await over.wait()
        return response

    app = web.Application()
    app.add_routes([web.post("/api/apps.connections.open", ticket), web.get("/socket", socket)])
    server = TestServer(app, host="127.0.0.1")
    async with server:
        yield server
        over.set()


async def test_the_end_does_not_wait_for_a_peer_that_is_gone(deaf: TestServer) -> None:
    """A process has ten seconds to end; the closing handshake alone could take as long."""
    async with aiohttp.ClientSession() as session:
        slack = web_client("xoxb-test", str(deaf.make_url("/api/")), session)
        app = AsyncApp(client=slack, request_verification_enabled=False)
        mode = SocketMode(app, "xapp-test", slack, Background())
        await mode.start()
        await until(lambda: mode.connected)

        async with asyncio.timeout(5.0):
            await mode.stop(within=0.0)


class Crowded:
    """A Slack that greets every socket and sends it away, or gives no ticket at all."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.refused_ticket = ""
        self.sockets = 0

    async def ticket(self, request: web.Request) -> web.Response:
        """Give an address."""
        if self.refused_ticket:
            return web.json_response({"ok": False, "error": self.refused_ticket})
        return web.json_response({"ok": True, "url": f"ws://{request.host}/socket"})

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        """Greet, and send away."""
        self.sockets += 1
        response = web.WebSocketResponse()
        await response.prepare(request)
        await response.send_json({"type": "hello"})
        if self.reason:
            await response.send_json({"type": "disconnect", "reason": self.reason})
        await response.receive()
        return response


@asynccontextmanager
async def connecting_to(crowded: Crowded) -> AsyncIterator[SocketMode]:
    """Socket Mode at such a Slack."""
    app = web.Application()
    app.add_routes(
        [web.post("/api/apps.connections.open", crowded.ticket), web.get("/socket", crowded.socket)]
    )
    async with TestServer(app, host="127.0.0.1") as server, aiohttp.ClientSession() as session:
        slack = web_client("xoxb-test", str(server.make_url("/api/")), session)
        bolt = AsyncApp(client=slack, request_verification_enabled=False)
        async with SocketMode(bolt, "xapp-test", slack, Background(), stagger=0.0) as mode:
            yield mode


async def test_a_bot_that_slack_sends_away_waits_longer_each_time_and_says_why() -> None:
    crowded = Crowded("too_many_websockets")
    with capture_logs() as logs:
        async with connecting_to(crowded) as mode, asyncio.timeout(10.0):
            await until(lambda: len([each for each in logs if each["event"] == "socket_down"]) >= 6)
            assert mode.trouble == ("too_many_websockets",)
    told = [each for each in logs if each["event"] == "socket_down"]
    assert {each["reason"] for each in told} == {"too_many_websockets"}
    assert crowded.sockets <= len(told) + 2  # no hot loop between the lines of the log
    waits = [each["again_in"] for each in told if each["fails"] == 3]
    assert all(wait >= 1.0 for wait in waits)


@pytest.mark.parametrize("code", ["invalid_auth", "internal_error", "team_access_not_granted"])
async def test_a_bot_that_gets_no_ticket_says_why_and_is_back_within_ten_seconds(code: str) -> None:
    crowded = Crowded("")
    crowded.refused_ticket = code
    with capture_logs() as logs:
        async with connecting_to(crowded) as mode, asyncio.timeout(20.0):
            await until(lambda: len(logs) >= 2)
            assert mode.trouble == (code,)
            assert not mode.connected
            crowded.refused_ticket = ""
            async with asyncio.timeout(10.0):
                await until(lambda: mode.connected)
