"""From the command to its acknowledgement: ours with the request on disk, an empty Bolt handler beside it.

Both are processes of their own behind a local Slack of their own; commands are sent one at a time: singly, so
that each finds a bot that was idle for a moment, and in bursts, as after a meeting; ours and theirs in turn.
"""

import asyncio
import sys
import time
from statistics import median

from benchmarks.table import Row, print_table
from bot.playground.cast import ALICE, IMAGES, default_cast
from bot.playground.slack import LocalSlack, Person
from bot.playground.stage import Stage

COMMANDS = 300
WARM_UP = 20
BURST = 25
START_SECONDS = 30.0


async def measure() -> list[Row]:
    """Return the medians, taken in turn in one run."""
    cast = default_cast()
    reference = LocalSlack(cast.people, cast.channels, cast.usergroups)
    async with Stage() as stage, reference:
        bolt = await start_empty_bolt(reference)
        try:
            await stage.start_bot()
            await reference.until(lambda slack: slack.sockets.connections, START_SECONDS)
            people = stage.person(ALICE), reference.person(ALICE)
            await in_turn(*people, WARM_UP, 1)
            return [
                row("one command to ack, committed", *await in_turn(*people, COMMANDS, 1)),
                row(f"bursts of {BURST}, each to ack", *await in_turn(*people, COMMANDS, BURST)),
            ]
        finally:
            bolt.kill()
            await bolt.wait()


def row(name: str, ours: float, theirs: float) -> Row:
    """Return a row whose limit is half of the reference's median."""
    empty = "empty Bolt handler, defaults"
    return Row(name=name, ours=ours, reference_name=empty, reference=theirs, limit=theirs / 2)


async def in_turn(ours: Person, theirs: Person, commands: int, burst: int) -> tuple[float, float]:
    """Return the median seconds from a command to its answer for both, `burst` commands of each in turn."""
    taken: dict[Person, list[float]] = {ours: [], theirs: []}
    for _ in range(commands // burst):
        for person, seconds in taken.items():
            seconds += [await acknowledged(person) for _ in range(burst)]
    return median(taken[ours]), median(taken[theirs])


async def acknowledged(person: Person) -> float:
    """Type one command; return the seconds until its answer."""
    begun = time.perf_counter()
    answer = await person.command("/image", "create ws-bench --anyway", IMAGES)
    if answer.error:
        raise RuntimeError(answer.error)
    return time.perf_counter() - begun


async def start_empty_bolt(slack: LocalSlack) -> asyncio.subprocess.Process:
    """Start the reference."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.empty_bolt",
        env={
            "SLACK_API_URL": slack.url,
            "SLACK_BOT_TOKEN": slack.app.bot_token,
            "SLACK_APP_TOKEN": slack.app.app_token,
        },
    )


def run() -> list[Row]:
    """Return the benchmark's rows."""
    return asyncio.run(measure())


if __name__ == "__main__":
    print_table(run(), "Acknowledgement")
