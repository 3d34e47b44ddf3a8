"""Modes and roles: HTTP instead of Socket Mode, listeners and workers apart, each a process of its own."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import psycopg
import pytest
import pytest_asyncio
from psycopg import sql

from bot.playground.bot_process import BotProcess
from bot.playground.slack.faults import Fault, FaultKind
from bot.playground.slack.http_mode import sign
from bot.playground.stage import Stage
from tests.databases import Postgres
from tests.walks.conftest import RULES
from tests.walks.processes import address, ended, health, running, turns
from tests.walks.walker import ALICE, BOB, LENA, SECONDS, WORKSTATION, Walker, cast, request_in

BODY = b"command=%2Fimage&text=help&user_id=U0ALICE&team_id=T0LOCAL&channel_id=C0ROOM00"
SLOW = Fault(FaultKind.SLOW, "usergroups.list", times=9, seconds=1.0)


@asynccontextmanager
async def in_http_mode(stage: Stage, role: str = "all") -> AsyncIterator[BotProcess]:
    """Run a process that Slack delivers to over HTTP; it has no app-level token."""
    secret = stage.slack.app.signing_secret
    async with running(stage, role, SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET=secret) as process:
        await stage.deliver_over_http(f"{address(process)}/slack/events")
        yield process


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reached() -> AsyncIterator[tuple[Walker, BotProcess]]:
    """Somebody on a stage whose bot is reached over HTTP, and that bot."""
    async with Stage(cast(RULES), image_seconds=0.2) as stage, in_http_mode(stage) as process:
        yield Walker(stage), process


async def posted(process: BotProcess, headers: dict[str, str]) -> int:
    """Post a command as somebody does who may not be Slack; the status of the answer."""
    url = f"{address(process)}/slack/events"
    async with aiohttp.ClientSession() as session, session.post(url, data=BODY, headers=headers) as answer:
        return answer.status


def signed(walker: Walker, timestamp: str, body: bytes = BODY) -> dict[str, str]:
    """The headers that Slack sends with a body."""
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": sign(walker.stage.slack.app.signing_secret, timestamp, body),
    }


@pytest.mark.asyncio(loop_scope="module")
async def test_over_http_a_request_is_typed_approved_and_made(reached: tuple[Walker, BotProcess]) -> None:
    """Without a WebSocket, and the address passes Slack's check."""
    walker, process = reached
    assert await walker.stage.slack.http.verify_url()

    request = await walker.asks(ALICE)
    await walker.clicks(BOB, request, "request_approve")

    await walker.ends(request, "available")
    assert walker.stage.slack.ledger.calls_of("apps.connections.open") == []
    assert await health(process, "/healthz") == (200, [])
    assert await health(process, "/readyz") == (200, [])


@pytest.mark.parametrize(
    ("seconds", "body", "changed"),
    [
        (0, BODY, {"X-Slack-Signature": None}),
        (0, BODY, {"X-Slack-Request-Timestamp": None}),
        (0, BODY, {"X-Slack-Signature": "v0=" + 64 * "0"}),
        (0, BODY, {"X-Slack-Signature": "ä" * 9}),
        (0, BODY + b"&text=create", {}),
        (-301, BODY, {}),
        (+310, BODY, {}),
        (0, BODY, {"X-Slack-Request-Timestamp": "soon"}),
        (0, BODY, {"X-Slack-Request-Timestamp": "1e9"}),
        (0, BODY, {"X-Slack-Request-Timestamp": ""}),
    ],
    ids=["unsigned", "undated", "wrong", "odd", "other-body", "stale", "early", "word", "float", "empty"],
)
@pytest.mark.asyncio(loop_scope="module")
async def test_what_slack_has_not_just_signed_is_unauthorized(
    reached: tuple[Walker, BotProcess], seconds: int, body: bytes, changed: dict[str, str | None]
) -> None:
    """401, whatever is wrong with it."""
    walker, process = reached
    headers = signed(walker, str(int(time.time()) + seconds), body) | changed

    assert await posted(process, {name: value for name, value in headers.items() if value is not None}) == 401


@pytest.mark.asyncio(loop_scope="module")
async def test_a_signed_request_is_good_once(reached: tuple[Walker, BotProcess]) -> None:
    """Who sends it again is not Slack."""
    walker, process = reached
    headers = signed(walker, str(int(time.time())))

    assert [await posted(process, headers) for _ in range(2)] == [200, 401]


async def test_over_sockets_readiness_follows_the_connection_to_slack() -> None:
    """Alive all the while, and ready again when Slack is back."""
    async with Stage(cast(RULES)) as stage, running(stage) as process:
        await turns(process, 200)

        stage.slack.faults.set(Fault(FaultKind.SERVER_ERROR, "apps.connections.open", times=1_000))
        await stage.slack.sockets.drop()
        await turns(process, 503, "Slack is not connected")
        assert await health(process, "/healthz") == (200, [])

        stage.slack.faults.clear()
        await turns(process, 200)


async def test_a_database_that_is_away_is_told_to_orchestrators_and_to_people(postgresql: Postgres) -> None:
    """Within Slack's three seconds; and all is well when it is back."""
    url = postgresql.fresh()
    environment = {"DATABASE_URL": url}
    async with Stage(cast(RULES), environment, image_seconds=0.2) as stage, in_http_mode(stage) as process:
        walker = Walker(stage)
        await turns(process, 200)

        _let_in(postgresql, url, allowed=False)
        answer = await stage.person(ALICE).command("/image", f"create {WORKSTATION} --anyway", "C0ROOM00")
        assert answer.error is None
        assert "not" in answer.text
        await turns(process, 503, "the database can't be written")
        assert process.heard("database_down")
        assert await health(process, "/healthz") == (200, [])

        _let_in(postgresql, url, allowed=True)
        await turns(process, 200)
        await walker.asks(ALICE)


def _let_in(server: Postgres, url: str, *, allowed: bool) -> None:
    """Let the bot into its database, or throw it out of it."""
    name = url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(server.uri, autocommit=True) as admin:
        query = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        admin.execute(query.format(sql.Identifier(name), sql.Literal(allowed)))
        if not allowed:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
            )


async def test_a_listener_takes_what_a_worker_does(url: str) -> None:
    """Neither does the other's part: the listener posts nothing, the worker has no connection to Slack."""
    async with Stage(cast(RULES), {"DATABASE_URL": url}, image_seconds=0.2) as stage:
        walker, slack = Walker(stage), stage.slack
        async with running(stage, "listener") as listener:
            await slack.until(lambda slack: slack.sockets.connections, SECONDS)
            request = request_in((await walker.types(ALICE, f"create {WORKSTATION} --anyway")).text)
            assert await ended(listener) == 0
        assert await walker.stored() == [request]
        assert slack.ledger.calls_of("chat.postMessage") == []

        opened = len(slack.ledger.calls_of("apps.connections.open"))
        async with running(stage, "worker") as worker:
            await walker.until(lambda: walker.find(request))
            await turns(worker, 200)
            assert len(slack.ledger.calls_of("apps.connections.open")) == opened
            assert slack.sockets.connections == []

            async with running(stage, "listener") as listener:
                await turns(listener, 200)
                await walker.clicks(BOB, request, "request_approve")
                await walker.ends(request, "available")
                assert [*await asyncio.gather(ended(worker), ended(listener))] == [0, 0]
        assert walker.calls() == 1


@pytest.mark.parametrize("mode", [running, in_http_mode], ids=["socket", "http"])
async def test_sigterm_loses_no_answer_that_somebody_waits_for(mode: Callable[..., Any]) -> None:
    """The commands in flight are answered and on disk, then the process ends."""
    async with Stage(cast(RULES)) as stage, mode(stage, "listener") as listener:
        walker = Walker(stage)
        await turns(listener, 200)
        stage.slack.faults.set(SLOW)
        typed = [
            asyncio.create_task(walker.types(who, f"create {WORKSTATION} --anyway")) for who in (ALICE, LENA)
        ]
        await walker.until(
            lambda: len(stage.slack.ledger.deliveries) == 2 and stage.slack.faults.waiting != [SLOW]
        )

        assert await ended(listener) == 0

        answers = [request_in((await each).text) for each in typed]
        assert sorted(answers) == sorted(await walker.stored())
