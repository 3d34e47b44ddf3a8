"""The health pages: alive is alive; ready is told the truth about, with every reason."""

import sqlite3
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.process.health import add_health
from bot.store.database_health import DatabaseHealth
from bot.store.engine import open_engine
from tests.house import House


@pytest.fixture
async def page() -> AsyncIterator[tuple[TestClient[web.Request, web.Application], list[str]]]:
    """The pages, and the reasons that they tell."""
    reasons: list[str] = []
    application = web.Application()
    add_health(application, lambda: tuple(reasons))
    async with TestClient(TestServer(application, host="127.0.0.1")) as client:
        yield client, reasons


async def test_ready_is_200_until_there_is_a_reason_against_it(
    page: tuple[TestClient[web.Request, web.Application], list[str]],
) -> None:
    client, reasons = page
    assert (await client.get("/readyz")).status == 200
    reasons += ["Slack is not connected", "the worker is stuck"]
    answer = await client.get("/readyz")
    assert answer.status == 503
    assert (await answer.json())["reasons"] == reasons
    assert (await client.get("/healthz")).status == 200


async def test_a_database_that_answers_has_a_pulse(house: House) -> None:
    pulse = DatabaseHealth(house.engine)
    assert pulse.failure
    await pulse.beat()
    assert pulse.failure == ""


async def test_a_database_that_is_gone_has_none_until_it_is_back(cabin: House, sqlite_url: str) -> None:
    pulse = DatabaseHealth(cabin.engine)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("ALTER TABLE audit_head RENAME TO gone")
    await pulse.beat()
    assert pulse.failure == "OperationalError"
    other.execute("ALTER TABLE gone RENAME TO audit_head")
    await pulse.beat()
    assert pulse.failure == ""
    other.close()


async def test_a_server_that_nobody_runs_has_none() -> None:
    engine = open_engine("postgresql://postgres@127.0.0.1:1/postgres")
    pulse = DatabaseHealth(engine)
    await pulse.beat()
    assert pulse.failure == "OperationalError"
    await engine.dispose()
