"""The health pages: alive is alive; ready is told the truth about, with every reason."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.process.health import add_health


@pytest.fixture
async def page() -> AsyncIterator[tuple[TestClient[web.Request, web.Application], list[str]]]:
    """The pages, and the reasons that they give."""
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


async def test_what_is_limited_is_told_and_stays_ready() -> None:
    """A load balancer would take everything away for one thing that can't be done."""
    application, unready = web.Application(), ["Slack is not connected"]
    limits = ("SLACK_BOT_TOKEN lacks the scope groups:read",)
    add_health(application, lambda: tuple(unready), lambda: limits)
    async with TestClient(TestServer(application, host="127.0.0.1")) as client:
        answer = await client.get("/readyz")
        assert (answer.status, (await answer.json())["reasons"]) == (503, [*unready, *limits])
        unready.clear()
        answer = await client.get("/readyz")
        assert answer.status == 200
        assert await answer.json() == {"status": "limited", "reasons": [*limits]}
