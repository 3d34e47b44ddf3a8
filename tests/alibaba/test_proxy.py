"""A proxy of the environment is used for what is outside, and never for this machine itself."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator

import pytest

from bot.playground.cloud import LocalCloud

ASK = """
import asyncio, sys
from bot.alibaba import AlibabaCloud, FixedKeys, Keys
from bot.errors import CloudError
async def main():
    keys = Keys("LTAI5tLocalCloudDemoKey", "local-cloud-demo-secret")
    cloud = AlibabaCloud(FixedKeys(keys), endpoint=sys.argv[1], ecd_endpoint=sys.argv[1])
    try:
        await getattr(cloud, sys.argv[2])("imgc-1") if sys.argv[2] == "image" else await cloud.caller()
        print("answered")
    except CloudError as error:
        print(type(error).__name__)
    await cloud.aclose()
asyncio.run(main())
"""


class Proxy:
    """A proxy that notes whom it was asked for, and lets nobody through."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one request's first line, refuse."""
        self.asked.append((await reader.readline()).decode().split()[1])
        writer.write(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        writer.close()


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    """A proxy on loopback."""
    proxy = Proxy()
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield proxy
    server.close()
    await server.wait_closed()


async def ask(endpoint: str, operation: str, **environment: str) -> str:
    """What a process with these variables comes to; the environment is read when the client is made."""
    bare = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ASK, endpoint, operation, env=bare | environment, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    return out.decode().strip()


@pytest.mark.parametrize("operation", ["image", "caller"])
async def test_proxy_is_asked_for_what_is_outside(proxy: Proxy, operation: str) -> None:
    """A proxy that refuses means that nothing was sent: safe to send again. STS goes the same way."""
    said = await ask("https://cloud.invalid", operation, HTTPS_PROXY=proxy.url)
    host = "cloud.invalid:443" if operation == "image" else "sts.cn-shanghai.aliyuncs.com:443"

    assert said == "CloudUnreachable"
    assert set(proxy.asked) == {host}


async def test_hosts_that_the_environment_excepts_are_reached_without_it(proxy: Proxy) -> None:
    """NO_PROXY, as every other program reads it."""
    said = await ask("https://cloud.invalid", "image", HTTPS_PROXY=proxy.url, NO_PROXY=".invalid")

    assert said == "CloudUnreachable"
    assert proxy.asked == []


async def test_this_machine_itself_is_reached_without_it(proxy: Proxy) -> None:
    """The playground works behind any company's proxy."""
    async with LocalCloud() as local:
        variables = {"HTTP_PROXY": proxy.url, "HTTPS_PROXY": proxy.url, "ALL_PROXY": proxy.url}
        said = await ask(local.url, "image", **variables)

    assert said == "answered"
    assert proxy.asked == []
