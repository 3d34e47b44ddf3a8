"""App Home, read and drawn for an approver, beside reading the same rows with nothing but sqlite3 and json.

For one approver the newest page waits; for the other nothing among the newest that are read does, the most
that a Home costs.
"""

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable

from benchmarks.database import bobs_approval, fill, house
from benchmarks.table import Goal, Row
from bot.domain.approvals import QuorumSlot, Rule
from bot.domain.request import Request
from bot.service.home import MOST_READ, HomeService
from handlers.i18n import Translations
from handlers.views.home import home
from tests.fakes import changed
from tests.house import BOB, House, person

TIMES = 40
WORDS = Translations.read().for_locale()


def run(*, quick: bool = False) -> list[Row]:
    """Return the rows: the slowest in a hundred of one approver's Homes, in CPU seconds."""
    sizes = (100, 10_000) if quick else (100, 1_000, 10_000)
    return [
        _row("all of them wait for", waiting, sizes, 0.030),
        _row("none of them waits for", reviewed, sizes, 0.150),
    ]


def waiting(pattern: Request, number: int) -> Request:
    """Return one that any approver can approve."""
    return changed(pattern, id=f"r-bench{number}")


def reviewed(pattern: Request, number: int) -> Request:
    """Return one that Bob has approved already, and that waits for another."""
    rule = Rule(name="two", quorum=(QuorumSlot(count=2),))
    return changed(pattern, id=f"r-bench{number}", rule=rule, reviews=(bobs_approval(pattern),))


def _row(who: str, make: Callable[[Request, int], Request], sizes: tuple[int, ...], most: float) -> Row:
    measured = [asyncio.run(_measured(make, size)) for size in sizes]
    ours, reference = zip(*measured, strict=True)
    return Row(
        name=f"App Home among requests that wait, {who} this approver, p99 CPU",
        sizes=sizes,
        ours=ours,
        reference_name=f"sqlite3 and json, {MOST_READ} rows",
        reference=reference,
        goal=Goal(text=f"≤ {most * 1000:g} ms", measured=ours[-1], most=most),
        why="each request that is read is decided by the rules as they are now, until a page is full; "
        "reading its JSON into values is half of that.",
    )


async def _measured(make: Callable[[Request, int], Request], size: int) -> tuple[float, float]:
    async with house() as made:
        await fill(made, size, make)
        service = HomeService(made.store, made.rights, made.service.questions.whoami)
        ours = []
        for _ in range(TIMES):
            began = time.process_time()
            home(await service.of(person(BOB)), WORDS)
            ours.append(time.process_time() - began)
        return _p99(ours), _p99([_plain(made) for _ in range(TIMES)])


def _plain(made: House) -> float:
    """Return the CPU seconds that reading the newest of those rows takes, decided and drawn by nobody."""
    began = time.process_time()
    connection = sqlite3.connect(str(made.engine.url.database))
    query = "SELECT body FROM requests WHERE status = 'pending' ORDER BY created_at DESC LIMIT ?"
    for (body,) in connection.execute(query, (MOST_READ,)):
        json.loads(body)
    connection.close()
    return time.process_time() - began


def _p99(samples: list[float]) -> float:
    return sorted(samples)[int(len(samples) * 0.99) - 1]
