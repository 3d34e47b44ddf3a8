"""Requests from the command to the available image, a second: ours beside DBOS set to the same work.

Workers are processes of their own on one database, with a cloud that answers at once; nothing is posted on
either side. `python -m benchmarks.lives worker URL` is one of ours; with `dbos URL N` it is the reference.
"""

import asyncio
import contextlib
import json
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from sqlalchemy import func, select

from benchmarks.database import workers
from benchmarks.table import Goal, Row
from bot.domain.image import CreateImage
from bot.domain.lifecycle import Status
from bot.errors import StoreUnavailable
from bot.ports import CloudImage, Creation, ImageStatus
from bot.store import notices
from bot.store.engine import transaction
from bot.store.tables import requests
from tests.databases import postgres, upgrade
from tests.house import BOB, House, person
from tests.ports import FakeCloud

Answer = TypeVar("Answer")
LIVES = 100
WORKERS = (1, 3)
PEOPLE = 10
"""How many ask and approve at the same time."""
SETTINGS = {"images_at_once": 100, "watch_seconds": 0.05, "open_requests_per_person": 1_000_000}
PATIENCE = 60.0
"""Seconds after which those that are done are counted: on a machine with much else to do, workers that wait
for one another's writes give up and begin again.
"""


class InstantCloud(FakeCloud):
    """Makes every image at once, whichever process asks."""

    async def create_image(self, image: CreateImage) -> Creation:
        """Answer with an ID of the instance's."""
        return Creation(f"img-{image.instance_id}", None, None, None)

    async def images_by_id(self, image_ids: Collection[str]) -> dict[str, CloudImage]:
        """Every image is done."""
        return {each: CloudImage(each, "", ImageStatus.AVAILABLE) for each in image_ids}


def run() -> list[Row]:
    """Return the rows, one a database."""
    return list(_rows())


def _rows() -> Iterator[Row]:
    with TemporaryDirectory() as folder:
        urls = [f"sqlite:///{Path(folder) / f'{number}.db'}" for number in range(len(WORKERS) + 1)]
        yield _row("SQLite", urls)
    with postgres(durable=True) as server:
        yield _row("PostgreSQL", [server.empty() for _ in range(len(WORKERS) + 1)])


def _row(database: str, urls: list[str]) -> Row:
    ours = []
    for number, url in zip(WORKERS, urls, strict=False):
        asyncio.run(upgrade(url))
        ours.append(asyncio.run(_ours(url, number)))
    theirs = asyncio.run(_dbos(urls[-1]))
    return Row(
        name=f"lives a second by workers, {database}",
        sizes=WORKERS,
        ours=tuple(ours),
        unit="/s",
        reference_name="DBOS, one process",
        reference=(theirs,),
        goal=Goal(text="≥ 5 × one DBOS", measured=ours[0] / theirs, least=5.0),
        why="a life is eleven transactions, seven of them with an audit entry and messages, and some sixty "
        "queries, many of them looks for work by workers that a write woke: SQLAlchemy's CPU, SQLite's one "
        "writer, on PostgreSQL the one head of the audit log's chain. DBOS has none.",
    )


async def _ours(url: str, workers: int) -> float:
    """File and approve requests, with so many workers at work; return lives a second."""
    house = House(url, clock=time.time, **SETTINGS)  # type: ignore[arg-type]  # a clock that runs
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(house.aclose)
        for _ in range(workers):
            await stack.enter_async_context(_process("worker", url))
        begun = time.perf_counter()
        people = asyncio.Semaphore(PEOPLE)

        async def ask(number: int) -> None:
            """Ask and approve, when there is somebody to; who is told to try again does."""
            instance = f"ws-0life{number:09}"
            async with people:
                request = await _persistently(lambda: house.submit(instance=instance))
                await _persistently(lambda: house.service.review(person(BOB), request.id, approves=True))

        await asyncio.gather(*map(ask, range(LIVES)))
        while (done := await _available(house)) < LIVES:
            if time.perf_counter() - begun > PATIENCE:
                break
            await asyncio.sleep(0.05)
        return done / (time.perf_counter() - begun)


async def _persistently(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    while True:
        try:
            return await ask()
        except StoreUnavailable:
            await asyncio.sleep(0.1)


async def _available(house: House) -> int:
    done = select(func.count()).where(requests.c.status == Status.AVAILABLE.value)
    async with transaction(house.engine, reads=True) as connection:
        return await connection.scalar(done) or 0


@asynccontextmanager
async def _process(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "ignore", "-m", "benchmarks.lives", *arguments),
        stdout=asyncio.subprocess.PIPE,
    )
    if process.stdout is not None:
        await process.stdout.readline()  # it says that it is ready
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        await process.wait()


async def _work(url: str) -> None:
    """Be a worker until killed."""
    house = House(url, clock=time.time, **SETTINGS)  # type: ignore[arg-type]  # a clock that runs
    house.on(InstantCloud(), house.notifier)
    found = workers(house)
    print("ready", flush=True)
    await asyncio.gather(notices.listen(house.engine, house.store.wake), *(worker.run() for worker in found))


async def _dbos(url: str) -> float:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "ignore", "-m", "benchmarks.lives", "dbos", url, str(LIVES)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    output, _ = await process.communicate()
    return LIVES / float(json.loads(output.splitlines()[-1]))


def _be_dbos(url: str, lives: int) -> float:
    """Run as many workflows of the same steps: look, wait for an approval, ask, look, done."""
    dbos: Any = import_module("dbos").DBOS
    dbos(
        config={
            "name": "lives",
            "system_database_url": url.replace("postgresql+psycopg", "postgresql"),
            "log_level": "ERROR",
        }
    )

    @dbos.step()  # type: ignore[untyped-decorator]  # imported by name: only the benchmarks have it
    def step(_what: str) -> str:
        """Do nothing, and have it written down."""
        return "done"

    @dbos.workflow()  # type: ignore[untyped-decorator]  # imported by name: only the benchmarks have it
    def life() -> None:
        """Live one request."""
        step("look at the instance")
        dbos.recv("approval")
        for what in ("claim", "ask", "watch", "end"):
            step(what)

    dbos.launch()
    begun = time.perf_counter()
    handles = []
    for _ in range(lives):
        handles.append(dbos.start_workflow(life))
        dbos.send(handles[-1].workflow_id, True, "approval")
    for handle in handles:
        handle.get_result()
    taken = time.perf_counter() - begun
    dbos.destroy()
    return taken


if __name__ == "__main__":
    if sys.argv[1] == "worker":
        asyncio.run(_work(sys.argv[2]))
    else:
        print(json.dumps(_be_dbos(sys.argv[2], int(sys.argv[3]))))
