"""What goes wrong at Slack or at the cloud while the bot runs: a reason, a line, a count, and nothing lost.

The rest of the list is elsewhere: settings (tests.process.test_settings), an old schema and a broken set-up
(tests.process.test_doctor), a database that is away, a full disk and clocks (tests.store, test_roles).
"""

from collections.abc import Callable
from dataclasses import replace

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.playground.slack import Fault, FaultKind
from bot.playground.stage import Stage
from tests.walks.processes import address, turns
from tests.walks.walker import ALICE, BOB, Walker


def refused(error: str) -> Callable[[Stage], None]:
    """Slack takes the token no more."""
    return lambda stage: stage.slack.faults.set(Fault(FaultKind.REFUSED, "*", times=None, error=error))


def scope_gone(stage: Stage) -> None:
    """An admin took a scope away."""
    app = stage.slack.workspace.app
    stage.slack.workspace.install(replace(app, scopes=app.scopes - {"chat:write"}))


def keys_gone(stage: Stage) -> None:
    """The bot's key was switched off."""
    stage.cloud.accounts.put(replace(stage.cloud.account, inactive=True))


def healed(stage: Stage) -> None:
    """All is well again."""
    stage.slack.faults.clear()
    app = stage.slack.workspace.app
    stage.slack.workspace.install(replace(app, scopes=app.scopes | {"chat:write"}))
    stage.cloud.accounts.put(stage.cloud.account)


async def counted(stage: Stage, name: str, **labels: str) -> float:
    """What the bot's metrics say."""
    async with aiohttp.ClientSession() as session, session.get(address(stage.bot) + "/metrics") as answer:
        families = text_string_to_metric_families(await answer.text())
    return sum(
        sample.value
        for family in families
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )


SLACK, CLOUD = "imagebot_slack_calls_total", "imagebot_cloud_calls_total"
BROKEN = {
    "a token that is revoked": (
        refused("token_revoked"),
        "Slack refuses the bot token: token_revoked",
        (SLACK, {"outcome": "token_revoked"}),
    ),
    "an app that is uninstalled": (
        refused("account_inactive"),
        "Slack refuses the bot token: account_inactive",
        (SLACK, {"outcome": "account_inactive"}),
    ),
    "a scope that is taken away": (
        scope_gone,
        "Slack refuses chat.",
        (SLACK, {"outcome": "missing_scope"}),
    ),
    "keys that are rotated": (
        keys_gone,
        "the cloud refuses the credentials: InvalidAccessKeyId",
        (CLOUD, {"code": "InvalidAccessKeyId.Inactive"}),
    ),
}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("breaks", "reason", "metric"), BROKEN.values(), ids=BROKEN)
async def test_what_breaks_while_running_is_seen_and_loses_nothing(
    walker: Walker,
    breaks: Callable[[Stage], None],
    reason: str,
    metric: tuple[str, dict[str, str]],
) -> None:
    """Readiness names it, the log says it, a counter counts it, and the request comes to its end."""
    stage = walker.stage
    request = await walker.asks(ALICE)
    await walker.types(BOB, "whoami")  # Slack says who he is while it can
    name, labels = metric
    heard, before = stage.bot.heard(reason), await counted(stage, name, **labels)

    breaks(stage)
    await stage.person(BOB).click(walker.card(request), "request_approve")
    await turns(stage.bot, 503, reason)
    assert stage.bot.heard(reason) > heard
    assert await counted(stage, name, **labels) > before
    assert await counted(stage, "imagebot_ready") == 0

    healed(stage)
    await walker.until(lambda: walker.status(request) in ("available", "failed"))
    if walker.status(request) == "failed":
        await walker.clicks(ALICE, request, "request_retry")
    await walker.ends(request, "available")
    await turns(stage.bot, 200)
