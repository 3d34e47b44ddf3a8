"""Metrics: the names that dashboards rely on, fed where the thing happens."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families

from bot.domain.lifecycle import Status
from bot.errors import StoreUnavailable
from bot.process.metrics import Metrics, add_metrics
from bot.store.counts import Counts, count
from handlers.transport.background import Background
from tests.house import House

NAMES = {
    "imagebot_requests",
    "imagebot_oldest_pending_seconds",
    "imagebot_ack_seconds_bucket",
    "imagebot_cloud_calls_total",
    "imagebot_slack_calls_total",
    "imagebot_outbox_waiting",
    "imagebot_lease_takeovers_total",
    "imagebot_allowlist_reloads_total",
}
"""Public: dashboards and alerts rely on them."""


class Page:
    """The page of one process; `away` takes its database away."""

    def __init__(self, client: TestClient[web.Request, web.Application], metrics: Metrics) -> None:
        self.client = client
        self.metrics = metrics
        self.away = False

    async def count(self) -> Counts:
        """Count, or not."""
        if self.away:
            raise StoreUnavailable("a table is missing")
        return Counts({Status.PENDING: 2}, 90.0, 7)

    async def samples(self) -> dict[str, float]:
        """Every sample by name and labels, as Prometheus' own parser reads it."""
        answer = await self.client.get("/metrics")
        assert answer.status == 200
        return {
            ",".join((sample.name, *sample.labels.values())): sample.value
            for family in text_string_to_metric_families(await answer.text())
            for sample in family.samples
        }


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """The page, served."""
    application, metrics = web.Application(), Metrics()
    client = TestClient(TestServer(application, host="127.0.0.1"))
    page = Page(client, metrics)
    add_metrics(application, metrics, page.count)
    async with client:
        yield page


async def test_every_name_of_the_contract_is_there(page: Page) -> None:
    page.metrics.acknowledged("slash_commands", 0.004)
    page.metrics.called_cloud("ListImage", "OK")
    page.metrics.called_slack("chat.postMessage", "ok")
    page.metrics.reloaded("taken")
    assert {name.split(",")[0] for name in await page.samples()} >= NAMES


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("imagebot_requests,pending", 2),
        ("imagebot_requests,failed", 0),
        ("imagebot_oldest_pending_seconds", 90),
        ("imagebot_outbox_waiting", 7),
    ],
)
async def test_what_stands_in_the_database_is_counted_when_asked(page: Page, name: str, value: float) -> None:
    assert (await page.samples())[name] == value


@pytest.mark.parametrize(
    "name",
    [
        "imagebot_allowlist_reloads_total,broken",
        "imagebot_requests_ended_total,failed",
        "imagebot_decisions_total,bypass",
        "imagebot_lease_takeovers_total",
    ],
)
async def test_what_an_alert_waits_for_is_shown_before_it_first_happens(page: Page, name: str) -> None:
    """Prometheus sees no increase in a series that begins at one."""
    assert (await page.samples())[name] == 0


async def test_without_its_database_the_page_still_answers(page: Page) -> None:
    page.away = True
    page.metrics.took_over()
    assert (await page.samples())["imagebot_lease_takeovers_total"] == 1


def test_an_acknowledgement_is_counted_by_its_kind_even_when_it_broke() -> None:
    heard: list[tuple[str, float]] = []
    background = Background(lambda kind, seconds: heard.append((kind, seconds)))
    with pytest.raises(ValueError, match="broke"), background.answering("interactive"):
        raise ValueError("broke")
    ((kind, seconds),) = heard
    assert kind == "interactive"
    assert 0 <= seconds < 1


async def test_counts_are_those_of_the_database(house: House) -> None:
    request = await house.submit()
    assert await count(house.engine, request.created_at + 60.0) == Counts({Status.PENDING: 1}, 60.0, 1)
