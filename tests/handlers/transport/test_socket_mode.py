"""The end of a connection, with a peer that is no longer there."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_bolt.async_app import AsyncApp

from handlers.transport.background import Background
from handlers.transport.connection import web_client
from handlers.transport.socket_mode import SocketMode


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
        while not mode.connected:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)

        async with asyncio.timeout(5.0):
            await mode.stop(within=0.0)
