"""What waits: messages for one channel, requests for a place at the cloud, and a person's history."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from sqlalchemy import insert

from benchmarks.database import BATCH, approved, ended, fill, house
from benchmarks.table import Goal, Row
from bot.domain.lifecycle import Event, Hands, Status
from bot.domain.message import REQUEST, Kind, Priority
from bot.ports import Posted
from bot.process.worker import Worker
from bot.store.engine import transaction
from bot.store.leases import Lease
from bot.store.message_queue import Claimed
from bot.store.outbox import WAITING, rate_key
from bot.store.requests import request_queues
from bot.store.tables import messages
from tests.house import ALICE, House, lease

TIMES = 30


def run(*, quick: bool = False) -> list[Row]:
    """Return the rows."""
    return asyncio.run(_measured(quick=quick))


async def _measured(*, quick: bool) -> list[Row]:
    outbox = (100, 10_000) if quick else (1_000, 10_000, 100_000)
    line = (100, 5_000) if quick else (100, 1_000, 10_000)
    history = (100, 5_000) if quick else (1_000, 10_000, 100_000)
    seconds = 3.0 if quick else 8.0
    share = tuple([await _share_of_a_core(size, seconds) for size in outbox])
    claims = tuple([await _claim_in_line(size) for size in line])
    looks = tuple([await _looks(size) for size in history])
    return [
        Row(
            name="outbox, messages waiting for one channel",
            sizes=outbox,
            ours=share,
            unit="% of a core",
            reference_name="one message waiting",
            reference=(await _share_of_a_core(1, seconds),),
            goal=Goal(text="≤ 2 % of a core", measured=share[-1], most=2.0),
            why="one post a second with its claim and its outcome; the looks go through indexes.",
        ),
        Row(
            name="approved in line, looking for the next and taking it, CPU",
            sizes=line,
            ours=claims,
            goal=Goal(text="as with the least, ≤ 1.5 ×", measured=claims[-1] / claims[0], most=1.5),
            why="a query and a transaction; SQLAlchemy takes most of it.",
        ),
        Row(
            name="what a command looks up, requests that the person has had, CPU",
            sizes=history,
            ours=looks,
            goal=Goal(text="as with the least, ≤ 1.5 ×", measured=looks[-1] / looks[0], most=1.5),
            why="two queries that read through indexes; SQLAlchemy takes most of it.",
        ),
    ]


async def _share_of_a_core(size: int, seconds: float) -> float:
    """Return the CPU that a worker of the outbox takes, in percent of a core, posting to nobody."""
    async with house() as made:
        made.clock.now = time.time()
        made.outbox.clock = time.time
        await _fill_outbox(made, size)

        async def post(claimed: Claimed, own: Lease) -> None:
            """Pretend that Slack took it."""
            await made.outbox.posted(claimed, own, Posted("1.0", claimed.message.target))

        worker = Worker(made.outbox, post, lease_seconds=30.0)
        running = asyncio.create_task(worker.run())
        await asyncio.sleep(1.0)
        start, begun = time.process_time(), time.perf_counter()
        await asyncio.sleep(seconds)
        share = (time.process_time() - start) / (time.perf_counter() - begun)
        await worker.stop(1.0)
        await running
        return share * 100


async def _fill_outbox(made: House, size: int) -> None:
    now = made.clock() - size
    row = {
        "team_id": "T0TEAM",
        "kind": Kind.ENTRY.value,
        "target": "C0IMAGES",
        "subject_kind": REQUEST,
        "person": ALICE,
        "rate_key": rate_key("T0TEAM", "C0IMAGES"),
        "priority": Priority.PERSON.value,
        "told": [
            {
                "event": Event.APPROVE.value,
                "at": now,
                "actor": ALICE,
                "status": Status.PENDING.value,
                "details": {},
            }
        ],
        "state": WAITING,
    }
    async with transaction(made.engine, seconds=None) as connection:
        for first in range(0, size, BATCH):
            rows = [
                row
                | {
                    "subject_id": f"r-{n}",
                    "ordering_key": f"r-{n}",
                    "dedupe_key": str(n),
                    "turn": now + n,
                    "due": now + n,
                }
                for n in range(first, min(first + BATCH, size))
            ]
            await connection.execute(insert(messages), rows)


async def _claim_in_line(size: int) -> float:
    async with house() as made:
        await fill(made, size, approved)
        line = request_queues(made.store, places=10_000)[Hands.CREATE]

        async def take() -> None:
            """Take the next one, and give it back."""
            await line.next_due()
            if await line.claim(lease()) is None:
                raise RuntimeError("nobody is in line")

        return await _least_cpu(take)


async def _looks(size: int) -> float:
    async with house() as made:
        await fill(made, size, ended)

        async def look() -> None:
            """Look up what a command does."""
            await made.store.asked_by("T0TEAM", ALICE, time.time() - 60)
            await made.store.open_for("T0TEAM", ALICE, "ws-0none0000001")

        return await _least_cpu(look)


async def _least_cpu(action: Callable[[], Awaitable[None]]) -> float:
    samples = []
    for _ in range(TIMES):
        start = time.process_time()
        await action()
        samples.append(time.process_time() - start)
    return min(samples)
