"""Web, socket and worker, three processes on one PostgreSQL behind PgBouncer: main job and rolling restart.

`make rolling` restarts them many times.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from bot.playground.bot_process import BotProcess
from bot.playground.cloud.instances import LocalInstance
from bot.playground.stage import Stage
from tests.databases import Postgres
from tests.store.test_pooler import PGBOUNCER, pooler
from tests.walks.processes import address, ended, running, turns
from tests.walks.walker import ALICE, BOB, ROOMS, Walker, cast, request_in

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


async def test_the_three_do_the_main_job_behind_a_pooler(pooled: str) -> None:
    """A command comes over the socket, a click over HTTP, the worker makes the image."""
    async with (
        Stage(cast(RULES), {"DATABASE_URL": pooled}, image_seconds=0.2) as stage,
        AsyncExitStack() as all_three,
    ):
        walker = Walker(stage)
        web, _, _ = [await all_three.enter_async_context(started(stage, name)) for name in PROCESSES]

        request = await walker.asks(ALICE)
        await stage.deliver_over_http(f"{address(web)}/slack/events")
        await walker.clicks(BOB, request, "request_approve")

        await walker.ends(request, "available")
        assert walker.calls() == 1


async def test_a_rolling_restart_of_all_three_under_load_loses_nothing(pooled: str) -> None:
    """Each is replaced while people type: what was acknowledged is made, once, and told."""
    async with Stage(cast(RULES), {"DATABASE_URL": pooled}, image_seconds=0.2) as stage:
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
