"""Processes of the bot on one stage, each with a role of its own, and what their health pages say."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from bot.playground.bot_process import BotProcess
from bot.playground.stage import Stage
from tests.walks.walker import SECONDS

STOP_SECONDS = 10.0
"""An orchestrator kills what has not ended by then."""
LOOK_SECONDS = 0.05


@asynccontextmanager
async def running(stage: Stage, role: str = "all", **settings: str) -> AsyncIterator[BotProcess]:
    """Start a process of the bot on the stage; an empty setting is one that is not set."""
    log = stage.folder / f"{role}.log"
    process = BotProcess(stage.environment() | settings, log, role=role)
    await process.start()
    try:
        await process.until(lambda: process.heard('"started"') or not process.is_running, SECONDS)
        assert process.is_running, list(process.lines)
        yield process
    finally:
        await process.kill()


def address(process: BotProcess) -> str:
    """Where the process listens; it says so when it has started."""
    [started] = [json.loads(line) for line in process.lines if '"started"' in line]
    return f"http://127.0.0.1:{started['port']}"


async def health(process: BotProcess | str, page: str) -> tuple[int, list[str]]:
    """The status of a health page, and the reasons that it gives; a process may be named by its address."""
    url = process if isinstance(process, str) else address(process)
    async with aiohttp.ClientSession() as session, session.get(url + page) as answer:
        return answer.status, (await answer.json()).get("reasons", [])


async def turns(process: BotProcess | str, status: int, reason: str = "") -> None:
    """Probe the process until it is as ready as that, as an orchestrator does."""
    async with asyncio.timeout(SECONDS):
        while True:
            found, reasons = await health(process, "/readyz")
            if found == status and reason in " ".join(reasons):
                return
            await asyncio.sleep(LOOK_SECONDS)


async def ended(process: BotProcess) -> int:
    """Send SIGTERM; the exit status, TimeoutError when it takes longer than it may."""
    async with asyncio.timeout(STOP_SECONDS):
        return await process.stop()
