"""Processes of the bot on one stage, each with its own role, and what their health pages say."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from bot.playground.bot_process import BotProcess
from bot.playground.stage import Stage
from tests.walks.walker import SECONDS

STOP_SECONDS = 10.0
"""An orchestrator kills what hasn't ended by then."""
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
    """Return where the process listens, which it logs once it has started."""
    [started] = [json.loads(line) for line in process.lines if '"started"' in line]
    return f"http://127.0.0.1:{started['port']}"


async def health(process: BotProcess | str, page: str) -> tuple[int, list[str]]:
    """Return a health page's status and reasons; a process may be given as its address."""
    url = process if isinstance(process, str) else address(process)
    async with aiohttp.ClientSession() as session, session.get(url + page) as answer:
        return answer.status, (await answer.json()).get("reasons", [])


async def turns(process: BotProcess | str, status: int, reason: str = "") -> None:
    """Probe the process like an orchestrator, until it's as ready as that."""
    async with asyncio.timeout(SECONDS):
        while True:
            found, reasons = await health(process, "/readyz")
            if found == status and reason in " ".join(reasons):
                return
            await asyncio.sleep(LOOK_SECONDS)


async def ended(process: BotProcess) -> int:
    """Send SIGTERM; return the exit status, TimeoutError if it takes too long."""
    async with asyncio.timeout(STOP_SECONDS):
        return await process.stop()
