"""From the command to its acknowledgement: ours with the request on disk, an empty Bolt handler beside it.

Both are processes of their own behind a local Slack of their own; commands are sent in turn, singly, so that
each finds a bot that was idle for a moment, and several at once, as after a meeting. All are one person's,
who has a thousand open requests in the end. That costs nothing: they are counted through an index (see the
row of what a command looks up). Beside that: memory and start.
"""

import asyncio
import os
import sys
import time
from dataclasses import dataclass
from statistics import median, quantiles

from sqlalchemy import func, select

from benchmarks.table import Goal, Row
from bot.playground.cast import ALICE, IMAGES, WORKSTATION, default_cast
from bot.playground.slack import LocalSlack, Person
from bot.playground.stage import Stage
from bot.store.engine import open_engine, transaction
from bot.store.tables import requests

COMMANDS = 300
AT_ONCE = (1, 10, 50)
ROUNDS = 8
PAUSE = 0.05
START_SECONDS = 30.0
REST_SECONDS = 3.0
TICKS = os.sysconf("SC_CLK_TCK")
ENVIRONMENT = {
    "OPEN_REQUESTS_PER_PERSON": "1000000",
    "REQUESTS_PER_PERSON_AND_MINUTE": "1000000",
    "PYTHONDONTWRITEBYTECODE": "",  # an installed bot has bytecode; compiling its modules takes 70 ms
}
EMPTY = "empty Bolt handler, defaults"


@dataclass(frozen=True)
class Start:
    """What a process took until it was ready: wall seconds, CPU seconds; and its memory at rest, MB."""

    wall: float
    cpu: float
    memory: float


def run() -> list[Row]:
    """Return the benchmark's rows."""
    return asyncio.run(_measured())


async def _measured() -> list[Row]:
    cast = default_cast()
    reference = LocalSlack(cast.people, cast.channels, cast.usergroups)
    async with Stage(environment=ENVIRONMENT, image_seconds=600.0) as stage, reference:
        await _started(stage)  # makes the database, as one that has run before, and our modules' bytecode
        await stage.bot.stop()
        ours = await _started(stage)
        bolt, theirs = await _start_empty_bolt(reference)
        try:
            people = stage.person(ALICE), reference.person(ALICE)
            await _in_turn(people, 20)
            single = await _in_turn(people, COMMANDS)
            rates = [await _rates(people, number) for number in AT_ONCE]
            await _all_stored(stage, 20 + COMMANDS + ROUNDS * sum(AT_ONCE))
        finally:
            bolt.kill()
            await bolt.wait()
    return [*_single(*single), _at_once(rates), *_starts(ours, theirs)]


def _single(ours: list[float], theirs: list[float]) -> list[Row]:
    late, late_theirs = quantiles(ours, n=100)[98], quantiles(theirs, n=100)[98]
    middle, middle_theirs = median(ours), median(theirs)
    return [
        Row(
            name="one command to its acknowledgement, committed, median",
            ours=(middle,),
            reference_name=EMPTY,
            reference=(middle_theirs,),
            goal=Goal(text="≤ half", measured=middle / middle_theirs, most=0.5),
            why="Bolt's default mode answers in a second task after 10 ms of polling; ours answers at once.",
        ),
        Row(
            name="one command to its acknowledgement, p99",
            ours=(late,),
            reference_name=EMPTY,
            reference=(late_theirs,),
            goal=Goal(text="≤ 10 × the median", measured=late / middle, most=10.0),
            why="the work for the requests before it: one process has one core, and a person waits for one "
            "background transaction at most.",
        ),
    ]


def _at_once(rates: list[tuple[float, float]]) -> Row:
    return Row(
        name="commands at once, answered a second",
        sizes=AT_ONCE,
        ours=tuple(ours for ours, _ in rates),
        unit="/s",
        reference_name=EMPTY,
        reference=tuple(theirs for _, theirs in rates),
        goal=Goal(text="≥ 600 a second at 50", measured=rates[-1][0], least=600.0),
        why="CPU: a command takes some 2.6 ms of the one core that Python uses, two thirds of it in eight "
        "statements through SQLAlchemy and a thread; the disk is the least of it (docs/decisions/008). "
        "More processes, not another way of committing, add commands.",
    )


def _starts(ours: Start, theirs: Start) -> list[Row]:
    return [
        Row(
            name="start to ready, wall",
            ours=(ours.wall,),
            reference_name="empty Bolt app",
            reference=(theirs.wall,),
            goal=Goal(text="≤ 1.5 ×", measured=ours.wall / theirs.wall, most=1.5),
            why="imports, four fifths of it. The libraries' take 2.3 times all that the empty app does: "
            "that app's own once more, SQLAlchemy's three quarters as much (its ORM and PostgreSQL's dialect "
            "come along), httpx, pydantic, rich (which structlog and typer import) and smaller ones as much "
            "again. Our own 280 modules take half as much; reading both languages' texts and looking for "
            "garbage among the command line's imports a third each; two TLS contexts a sixth.",
        ),
        Row(
            name="start to ready, CPU",
            ours=(ours.cpu,),
            reference_name="empty Bolt app",
            reference=(theirs.cpu,),
        ),
        Row(
            name="memory at rest",
            ours=(ours.memory,),
            unit="MB",
            reference_name="empty Bolt app",
            reference=(theirs.memory,),
            goal=Goal(text="≤ 90 MB", measured=ours.memory, most=90.0),
            why="MB: Python with aiohttp and Bolt 43, SQLAlchemy 21, two languages' texts with Babel "
            "11, our own modules 11, pydantic 6, structlog with rich 6, httpx 5, rapidfuzz 3, smaller "
            "libraries 5, what is made at the start 4. Without SQLAlchemy it would be 93. Where the "
            "environment holds no access key, Alibaba Cloud's credential chain adds 6. Neither fewer malloc "
            "arenas nor Python without docstrings (-OO: 2 less) would change much.",
        ),
    ]


async def _in_turn(people: tuple[Person, Person], commands: int) -> tuple[list[float], list[float]]:
    """Return the seconds from a command to its answer for both, one command of each in turn."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(commands):
        for person, seconds in zip(people, taken, strict=True):
            seconds.append(await _acknowledged(person))
        await asyncio.sleep(PAUSE)
    return taken


async def _rates(people: tuple[Person, Person], at_once: int) -> tuple[float, float]:
    """Return commands a second for both, the best of some rounds of that many at once."""
    best = [0.0, 0.0]
    for _ in range(ROUNDS):
        for number, person in enumerate(people):
            begun = time.perf_counter()
            await asyncio.gather(*(_acknowledged(person) for _ in range(at_once)))
            best[number] = max(best[number], at_once / (time.perf_counter() - begun))
        await asyncio.sleep(0.3)
    return best[0], best[1]


async def _all_stored(stage: Stage, commands: int) -> None:
    """Raise when a command was refused: what was measured would be a refusal."""
    engine = open_engine(stage.environment()["DATABASE_URL"])
    async with transaction(engine, reads=True) as connection:
        stored = await connection.scalar(select(func.count()).select_from(requests))
    await engine.dispose()
    if stored != commands:
        raise RuntimeError(f"{stored} requests of {commands} commands")


async def _acknowledged(person: Person) -> float:
    """Type one command; return the seconds until its answer."""
    begun = time.perf_counter()
    answer = await person.command("/image", f"create {WORKSTATION} --anyway", IMAGES)
    if answer.error:
        raise RuntimeError(answer.error)
    return time.perf_counter() - begun


async def _started(stage: Stage) -> Start:
    begun = time.perf_counter()
    await stage.start_bot()
    wall = time.perf_counter() - begun
    if stage.bot.process is None:
        raise RuntimeError("the bot did not start")
    return await _at_rest(stage.bot.process.pid, wall)


async def _start_empty_bolt(slack: LocalSlack) -> tuple[asyncio.subprocess.Process, Start]:
    """Start the reference."""
    begun = time.perf_counter()
    bolt = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.empty_bolt",
        env={
            "SLACK_API_URL": slack.url,
            "SLACK_BOT_TOKEN": slack.app.bot_token,
            "SLACK_APP_TOKEN": slack.app.app_token,
        },
    )
    await slack.until(lambda slack: slack.sockets.connections, START_SECONDS)
    return bolt, await _at_rest(bolt.pid, time.perf_counter() - begun)


async def _at_rest(process: int, wall: float) -> Start:
    """Read the CPU now and the memory after a while (Linux: /proc)."""
    with open(f"/proc/{process}/stat", encoding="utf-8") as file:  # noqa: ASYNC230, PTH123 - no disk is behind it
        fields = file.read().rpartition(")")[2].split()
    await asyncio.sleep(REST_SECONDS)
    with open(f"/proc/{process}/statm", encoding="utf-8") as file:  # noqa: ASYNC230, PTH123 - no disk is behind it
        pages = int(file.read().split()[1])
    memory = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return Start(wall, (int(fields[11]) + int(fields[12])) / TICKS, memory)
