"""The port: open to anybody who asks something, closed to anybody who only holds it open."""

import asyncio
import resource
from contextlib import AsyncExitStack

import pytest
from aiohttp import ClientSession, web

from bot.process.health import add_health
from bot.process.http_server import OpenConnections, connections_for, serve
from bot.settings import BadSettings


def application() -> web.Application:
    """Health alone."""
    app = web.Application()
    add_health(app, tuple)
    return app


async def asked(port: int) -> int:
    """Ask for health on a separate connection."""
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{port}/healthz") as answer:
        return answer.status


async def test_the_port_answers() -> None:
    async with serve(application(), "127.0.0.1", 0) as port:
        assert await asked(port) == 200


async def test_a_port_that_is_taken_ends_the_start_with_one_line() -> None:
    async with serve(application(), "127.0.0.1", 0) as port:
        with pytest.raises(BadSettings, match=rf"^PORT: can't listen on 127\.0\.0\.1:{port}: "):
            async with serve(application(), "127.0.0.1", port):
                pass


@pytest.mark.parametrize("host", ["192.0.2.1", "host.invalid"])
async def test_an_address_that_is_not_this_machines_ends_the_start_with_one_line(host: str) -> None:
    with pytest.raises(BadSettings, match=rf"^HOST: can't listen on {host}:8080: [A-Z][a-z ]+$"):
        async with serve(application(), host, 8080):
            pass


async def test_connections_beyond_the_limit_are_closed_and_those_within_it_answered() -> None:
    async with serve(application(), "127.0.0.1", 0, most=20) as port, AsyncExitStack() as stack:
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(20)]
        for _, writer in idle:
            stack.callback(writer.close)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        async with asyncio.timeout(5):
            assert await reader.read() == b""
        writer.close()
        idle[0][1].write(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        async with asyncio.timeout(5):
            assert (await idle[0][0].read()).startswith(b"HTTP/1.1 200")
        assert await asked(port) == 200  # room again


@pytest.mark.parametrize("sent", [b"", b"GET /healthz HT", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow:"])
async def test_a_connection_that_asks_nothing_whole_is_closed(sent: bytes) -> None:
    async with serve(application(), "127.0.0.1", 0, idle_seconds=0.2) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        async with asyncio.timeout(5):
            assert await reader.read() == b""
        writer.close()


async def test_a_connection_lives_while_its_request_is_answered() -> None:
    app = application()

    async def slow(_request: web.Request) -> web.Response:
        """Answer after the time that idle connections have."""
        await asyncio.sleep(0.4)
        return web.Response(text="late")

    app.router.add_get("/slow", slow)
    async with (
        serve(app, "127.0.0.1", 0, idle_seconds=0.1) as port,
        ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/slow") as answer,
    ):
        assert await answer.text() == "late"


@pytest.mark.parametrize(
    ("files", "connections"),
    [(256, 64), (1024, 256), (1_048_576, 512), (32, 16), (resource.RLIM_INFINITY, 512)],
)
def test_the_limit_of_connections_is_well_below_that_of_files(files: int, connections: int) -> None:
    assert connections_for(files) == connections


def test_forgetting_a_connection_twice_is_harmless() -> None:
    OpenConnections(1, 1.0).forget(asyncio.Protocol())
