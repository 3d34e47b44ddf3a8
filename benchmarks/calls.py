"""A thousand signed calls at once, ours beside the official SDK's asynchronous client.

Each client is a process of its own; both ask the same local cloud for the same listing.
`python -m benchmarks.calls ours|sdk URL ID SECRET CALLS` is one of them; it prints seconds of wall and CPU.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from importlib import import_module
from urllib.parse import urlsplit

from benchmarks.table import Goal, Row
from bot.alibaba import AlibabaCloud, FixedKeys, Keys
from bot.playground.cloud import LocalCloud

SIZES = (10, 100, 1_000)
ROUNDS = 3
Call = Callable[[], Awaitable[object]]


def run() -> list[Row]:
    """Return the rows: calls a second, and CPU a call."""
    measured = asyncio.run(_measured())
    rates = {
        who: tuple(size / wall for size, (wall, _) in zip(SIZES, each, strict=True))
        for who, each in measured.items()
    }
    cpu = {
        who: tuple(cpu / size for size, (_, cpu) in zip(SIZES, each, strict=True))
        for who, each in measured.items()
    }
    faster, cheaper = rates["ours"][-1] / rates["sdk"][-1], cpu["ours"][-1] / cpu["sdk"][-1]
    return [
        Row(
            name="signed calls at once, a second",
            sizes=SIZES,
            ours=rates["ours"],
            unit="/s",
            reference_name="official SDK, asynchronous",
            reference=rates["sdk"],
            goal=Goal(text="≥ 3 ×", measured=faster, least=3.0),
            why="as CPU a call, below; the local cloud that answers both has the machine's other core.",
        ),
        Row(
            name="signed calls at once, CPU a call",
            sizes=SIZES,
            ours=cpu["ours"],
            reference_name="official SDK, asynchronous",
            reference=cpu["sdk"],
            goal=Goal(text="≤ half", measured=cheaper, most=0.5),
            why="httpx: its pool goes through all that wait whenever a connection is free, and its parser is "
            "written in Python. The SDK uses aiohttp. httpx over aiohttp (httpx-aiohttp 0.2) was tried and "
            "left: it calls a server that hangs up after the call a connect timeout, so a call that may have "
            "made an image would be sent again. A bot makes few calls a second.",
        ),
    ]


async def _measured() -> dict[str, list[tuple[float, float]]]:
    """Return the least wall and CPU seconds for each size and client, taken in turn."""
    found: dict[str, list[tuple[float, float]]] = {"ours": [], "sdk": []}
    async with LocalCloud() as cloud:
        for size in SIZES:
            samples = {who: [await _one(cloud, who, size) for _ in range(ROUNDS)] for who in found}
            for who, each in samples.items():
                found[who].append((min(wall for wall, _ in each), min(cpu for _, cpu in each)))
    return found


async def _one(cloud: LocalCloud, who: str, size: int) -> tuple[float, float]:
    key = cloud.account
    arguments = (who, cloud.url, key.access_key_id, key.access_key_secret, str(size))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "ignore", "-m", "benchmarks.calls", *arguments, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    wall, cpu = json.loads(output)
    return float(wall), float(cpu)


async def _call(who: str, url: str, key: str, secret: str, calls: int) -> None:
    """Be one of the clients."""
    call = _ours(url, key, secret) if who == "ours" else _sdk(url, key, secret)
    await asyncio.gather(*(call() for _ in range(min(calls, 10))))
    begun, cpu = time.perf_counter(), _cpu()
    await asyncio.gather(*(call() for _ in range(calls)))
    print(json.dumps([time.perf_counter() - begun, _cpu() - cpu]), flush=True)


def _ours(url: str, key: str, secret: str) -> Call:
    cloud = AlibabaCloud(FixedKeys(Keys(key, secret, None)), endpoint=url, ecd_endpoint=url)
    return lambda: cloud.image("imgc-1")


def _sdk(url: str, key: str, secret: str) -> Call:
    """Use the SDK as its documentation shows; it is imported here, for it has no types."""
    package = "alibabacloud_appstream_center20210901"
    models, client = import_module(f"{package}.models"), import_module(f"{package}.client")
    config = import_module("alibabacloud_tea_openapi.utils_models").Config(
        access_key_id=key,
        access_key_secret=secret,
        endpoint=urlsplit(url).netloc,
        protocol="http",
        region_id="cn-shanghai",
        read_timeout=60_000,
        connect_timeout=60_000,
    )
    sdk = client.Client(config)
    request = models.ListImageRequest(image_id="imgc-1", page_number=1, page_size=100)
    answer: Call = lambda: sdk.list_image_async(request)  # noqa: E731 - typed
    return answer


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    asyncio.run(_call(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5])))
