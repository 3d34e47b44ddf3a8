"""The playground's page with a thousand messages in the channel: served, and kept up to date."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from statistics import median

import aiohttp

from benchmarks.table import Goal, Row
from bot.playground.cast import ALICE, IMAGES
from bot.playground.page.server import Page
from bot.playground.slack import Message
from bot.playground.slack.wire import JsonObject
from bot.playground.stage import Stage

MESSAGES = 1_000
TIMES = 50
LIMIT = 0.1
CARD: tuple[JsonObject, ...] = (
    {"type": "section", "text": {"type": "mrkdwn", "text": ":gear: *Making the image* · <@U0ALICE> asks"}},
    {
        "type": "section",
        "fields": [{"type": "mrkdwn", "text": f"*Field {n}*\n`value-{n}`"} for n in range(6)],
    },
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "Request `r-1` · for 3 seconds"}]},
)


async def measure() -> list[Row]:
    """Take every figure on one stage; the bot isn't started, because only the page counts."""
    look = {"as": ALICE, "in": IMAGES}
    async with Stage() as stage, Page(stage) as page, aiohttp.ClientSession(page.url) as http:
        for number in range(MESSAGES):
            say(stage, f"message {number}")
        first = await seconds_of(lambda: get(http, look), times=1)
        again = await seconds_of(lambda: get(http, look), times=TIMES)
        all_at_once = look | {"last": str(MESSAGES)}
        await get(http, all_at_once)
        whole = await seconds_of(lambda: get(http, all_at_once), times=TIMES)
        news = await seconds_until_seen(stage, http, look)
    taken = {
        f"page, {MESSAGES:,} messages, first time": first,
        f"page, {MESSAGES:,} messages": again,
        f"page showing all {MESSAGES:,}": whole,
        "a message, until an open window is told": news,
    }
    goal = "≤ 100 ms"
    return [
        Row(name=name, ours=(seconds,), goal=Goal(text=goal, measured=seconds, most=LIMIT))
        for name, seconds in taken.items()
    ]


def run() -> list[Row]:
    """Take the figures."""
    return asyncio.run(measure())


def say(stage: Stage, text: str) -> Message:
    """Let the bot post a card."""
    blocks = tuple({**block, "block_id": f"b{index}"} for index, block in enumerate(CARD))
    return stage.slack.workspace.conversations.post(Message(IMAGES, "", "U0IMAGEBOT", text, blocks))


async def get(http: aiohttp.ClientSession, look: dict[str, str]) -> None:
    """Load the page."""
    async with http.get("/", params=look) as answer:
        answer.raise_for_status()
        await answer.read()


async def seconds_of(action: Callable[[], Awaitable[None]], times: int) -> float:
    """Return the median seconds of an action."""
    samples = []
    for _ in range(times):
        start = time.perf_counter()
        await action()
        samples.append(time.perf_counter() - start)
    return median(samples)


async def seconds_until_seen(stage: Stage, http: aiohttp.ClientSession, look: dict[str, str]) -> float:
    """Return the median seconds from a post until an open window has it."""
    samples = []
    async with http.get("/events", params=look, read_bufsize=2**22) as events:
        await events.content.readuntil(b"\n\n")
        for number in range(TIMES):
            start = time.perf_counter()
            ts = say(stage, f"fresh {number}").ts.encode()
            while ts not in await events.content.readuntil(b"\n\n"):
                pass
            samples.append(time.perf_counter() - start)
    return median(samples)
