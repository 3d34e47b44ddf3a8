"""Web, socket and worker, three processes on one PostgreSQL behind PgBouncer: main job and rolling restart.

`make rolling` restarts them many times.
"""

import asyncio
import json
import os
import random
import socket
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.playground.bot_process import FOREIGN, BotProcess
from bot.playground.cloud.instances import LocalInstance
from bot.playground.slack import Conditions
from bot.playground.stage import Stage
from tests.databases import Postgres
from tests.store.test_pooler import PGBOUNCER, pooler
from tests.walks.processes import ended, running, turns
from tests.walks.walker import ALICE, BOB, ROOMS, SECONDS, Walker, cast, request_in

pytestmark = pytest.mark.skipif(PGBOUNCER is None, reason="PgBouncer isn't here: apt-get install pgbouncer")

ROUNDS = int(os.environ.get("IMAGE_BOT_ROUNDS", "1"))
LOAD = 6 * ROUNDS
"""Requests that are typed while everything is restarted."""
RULES = """\
policies:
  all:
    Version: "1"
    Statement: [{Effect: Allow, Action: "*", Resource: "*"}]
attachments: [{users: [U0ALICE, U0BOB], policies: [all]}]
approvals:
  - {name: free, when: {StringLike: {"appstreaming:ImageName": "load*"}}, quorum: []}
"""
PROCESSES = {
    "web": ("listener", {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "playground-signing-secret"}),
    "socket": ("listener", {}),
    "worker": ("worker", {}),
}
"""What the Procfile starts."""
PROCFILE = Path(__file__).parents[2] / "Procfile"
BIN = Path(sys.executable).parent
"""Where honcho and image-bot are installed."""


@pytest.fixture
def pooled(postgresql: Postgres) -> Iterator[str]:
    """A database behind PgBouncer in transaction mode."""
    with pooler(postgresql.fresh(), "transaction") as url:
        yield url


@asynccontextmanager
async def started(stage: Stage, name: str) -> AsyncIterator[BotProcess]:
    """Run one of the three until it is ready, and for as long as it is needed."""
    role, settings = PROCESSES[name]
    async with running(stage, role, **settings) as process:
        await turns(process, 200)
        yield process


class Honcho:
    """`honcho start` on our Procfile, as written; its lines are kept, one role's logs like another's."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.lines: list[str] = []

    async def ports(self) -> dict[tuple[str, str | None], int]:
        """Read until three roles have started; their ports by role and mode."""
        assert self.process.stdout is not None
        while len(started := [json.loads(line) for line in self.lines if '"started"' in line]) < 3:
            line = await asyncio.wait_for(self.process.stdout.readline(), SECONDS)
            assert line, self.lines
            self.lines.append(line.decode())
        return {(each["role"], each["mode"]): each["port"] for each in started}


@asynccontextmanager
async def honcho(stage: Stage) -> AsyncIterator[Honcho]:
    """Run every line of the Procfile on a stage."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    settings = stage.environment() | {"SLACK_SIGNING_SECRET": stage.slack.app.signing_secret}
    process = await asyncio.create_subprocess_exec(
        *(BIN / "honcho", "start", "--no-prefix", "--procfile", PROCFILE, "--app-root", stage.folder),
        *("--port", str(free_ports())),
        env=kept | settings | {"PATH": f"{BIN}:{os.environ['PATH']}", "PORT": ""},
        stdout=PIPE,
        stderr=STDOUT,
    )
    try:
        yield Honcho(process)
    finally:
        if process.returncode is None:
            process.terminate()  # it ends the others, by force what takes longer than five seconds
            await process.communicate()


def free_ports() -> int:
    """A port that is free with those that honcho gives the roles after the first: one in every hundred."""
    while True:
        first = random.randrange(20_000, 32_000)  # noqa: S311 - below those that the system gives out
        with suppress(OSError), ExitStack() as held:
            for port in range(first, first + 400, 100):
                held.enter_context(socket.create_server(("127.0.0.1", port)))
            return first


async def test_honcho_starts_the_procfile_and_the_three_do_the_main_job_behind_a_pooler(
    postgresql: Postgres,
) -> None:
    """`release` makes the schema. A command comes over the socket, a click over HTTP; the worker makes it."""
    with pooler(postgresql.empty(), "transaction") as url:
        async with (
            Stage(cast(RULES), {"DATABASE_URL": url}, image_seconds=0.2) as stage,
            honcho(stage) as all_three,
        ):
            walker, ports = Walker(stage), await all_three.ports()
            assert set(ports) == {("listener", "http"), ("listener", "socket"), ("worker", None)}
            for port in ports.values():
                await turns(f"http://127.0.0.1:{port}", 200)

            request = await walker.asks(ALICE)
            await stage.deliver_over_http(f"http://127.0.0.1:{ports['listener', 'http']}/slack/events")
            await walker.clicks(BOB, request, "request_approve")

            await walker.ends(request, "available")
            assert walker.calls() == 1


async def test_a_rolling_restart_of_all_three_under_load_loses_nothing(pooled: str) -> None:
    """Each is replaced while people type: what was acknowledged is made, once, and told."""
    tickets = ROUNDS == 1  # Slack gives one a minute after the first few, and every socket takes two
    slack = Conditions(joined=False, rate_limits=tickets)
    async with Stage(cast(RULES), {"DATABASE_URL": pooled}, conditions=slack, image_seconds=0.2) as stage:
        walker, lives = Walker(stage), AsyncExitStack()
        async with lives:
            now = {name: await lives.enter_async_context(started(stage, name)) for name in PROCESSES}
            typing = asyncio.create_task(typed(walker, LOAD))
            for name in list(PROCESSES) * ROUNDS:
                old, now[name] = now[name], await lives.enter_async_context(started(stage, name))
                assert await ended(old) == 0
            acknowledged = await typing

            stored = await walker.stored()
            assert set(acknowledged) <= set(stored)
            for request in stored:
                await walker.ends(request, "available")
            assert walker.calls() == len(stored) == LOAD


async def typed(walker: Walker, number: int) -> list[str]:
    """Type so many commands, one after the other; what Slack calls failed is typed again."""
    acknowledged = []
    for each in range(number):
        instance = LocalInstance(f"ws-0load{each:09}", f"load-{each}")
        walker.stage.cloud.instances.put(instance)
        text = f"create {instance.instance_id} --name load-{each}"
        while (answer := await walker.stage.person(ALICE).command("/image", text, ROOMS[each % 20])).error:
            continue
        acknowledged.append(request_in(answer.text))
    return acknowledged
