"""From the command to its acknowledgement: ours with the request on disk, an empty Bolt handler beside it.

Both are processes of their own behind a local Slack of their own; commands are sent one at a time, in turn.
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
START_SECONDS = 30.0


async def measure() -> Row:
    """Return the two medians, taken in turn in one run."""
    cast = default_cast()
    reference = LocalSlack(cast.people, cast.channels, cast.usergroups)
    async with Stage() as stage, reference:
        bolt = await start_empty_bolt(reference)
        try:
            await stage.start_bot()
            await reference.until(lambda slack: slack.sockets.connections, START_SECONDS)
            ours, theirs = await in_turn(stage.person(ALICE), reference.person(ALICE))
        finally:
            bolt.kill()
            await bolt.wait()
    return Row(
        name="command to ack, committed",
        ours=ours,
        reference_name="empty Bolt handler, defaults",
        reference=theirs,
        limit=theirs / 2,
    )


async def in_turn(ours: Person, theirs: Person) -> tuple[float, float]:
    """Return the median seconds from a command to its answer for both."""
    taken: dict[Person, list[float]] = {ours: [], theirs: []}
    for number in range(WARM_UP + COMMANDS):
        for person, seconds in taken.items():
            begun = time.perf_counter()
            answer = await person.command("/image", f"create ws-bench{number:06d}", IMAGES)
            seconds.append(time.perf_counter() - begun)
            if answer.error:
                raise RuntimeError(answer.error)
    return median(taken[ours][WARM_UP:]), median(taken[theirs][WARM_UP:])


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
    """Return the benchmark's one row."""
    return [asyncio.run(measure())]


if __name__ == "__main__":
    print_table(run(), "Acknowledgement")
