"""Everything that can go wrong around the bot: a reason in `readyz`, a line, a count, and nothing is lost.

`BROKEN` goes wrong while the bot runs. What can't be played with one is tested where `ELSEWHERE` says.
"""

import ast
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.playground.slack import Fault, FaultKind
from bot.playground.stage import Stage
from tests.walks.processes import address, turns
from tests.walks.walker import ALICE, BOB, Walker

TESTS = Path(__file__).parents[1]
ELSEWHERE = {
    "wrong and missing settings": ("process/test_settings", "test_every_problem_is_reported_at_once"),
    "a secret that can't be read": (
        "process/test_environment",
        "test_a_secret_file_that_cannot_be_read_is_one_line",
    ),
    "tokens refused at the start": (
        "handlers/transport/test_token_check",
        "test_slack_is_asked_about_each_token",
    ),
    "an old schema": ("process/test_doctor", "test_on_postgresql_schema_rights_and_key_are_looked_at"),
    "a server that is away": (
        "walks/test_roles",
        "test_a_database_that_is_away_is_told_to_orchestrators_and_to_people",
    ),
    "a full disk": ("store/test_database_health", "test_a_full_disk_is_named_until_a_write_gets_through"),
    "a database that is read-only": (
        "store/test_database_health",
        "test_a_server_that_takes_no_writes_is_unhealthy",
    ),
    "a clock ten minutes off": (
        "process/test_doctor",
        "test_each_way_to_be_broken_is_named_and_nothing_else",
    ),
    "a host with another time": (
        "store/test_database_health",
        "test_a_host_two_hours_ahead_has_the_servers_time",
    ),
    "a clock that is set back": ("process/test_worker", "test_a_clock_that_is_set_back_holds_nothing_up"),
    "keys that others replace": (
        "alibaba/test_credentials",
        "test_refused_keys_are_looked_up_again_and_the_call_is_made_with_the_new_ones",
    ),
    "an allowlist that breaks": (
        "walks/test_edits",
        "test_a_broken_edit_is_told_to_the_admins_with_its_lines_and_so_is_the_repair",
    ),
    "a Slack that is away": (
        "walks/test_roles",
        "test_over_sockets_readiness_follows_the_connection_to_slack",
    ),
}
Heal = Callable[[], object]


def refused(error: str) -> Callable[[Stage], Heal]:
    """Slack takes the token no more."""

    def breaks(stage: Stage) -> Heal:
        """Refuse every method."""
        stage.slack.faults.set(Fault(FaultKind.REFUSED, "*", times=None, error=error))
        return stage.slack.faults.clear

    return breaks


def scope_gone(stage: Stage) -> Heal:
    """An admin took a scope away."""
    app = stage.slack.workspace.app
    stage.slack.workspace.install(replace(app, scopes=app.scopes - {"chat:write"}))
    return lambda: stage.slack.workspace.install(app)


def keys_gone(stage: Stage) -> Heal:
    """The bot's key was switched off."""
    stage.cloud.accounts.put(replace(stage.cloud.account, inactive=True))
    return lambda: stage.cloud.accounts.put(stage.cloud.account)


async def counted(stage: Stage, metric: tuple[str, dict[str, str]]) -> float:
    """What the bot's metrics say."""
    name, labels = metric
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
        "SLACK_BOT_TOKEN lacks the scope chat:write",
        (SLACK, {"outcome": "missing_scope"}),
    ),
    "keys that are rotated": (
        keys_gone,
        "Alibaba Cloud refuses the credentials: InvalidAccessKeyId",
        (CLOUD, {"code": "InvalidAccessKeyId.Inactive"}),
    ),
}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("breaks", "reason", "metric"), BROKEN.values(), ids=BROKEN)
async def test_what_breaks_while_running_is_seen_and_loses_nothing(
    walker: Walker,
    breaks: Callable[[Stage], Heal],
    reason: str,
    metric: tuple[str, dict[str, str]],
) -> None:
    """Readiness names it, the log says it, a counter counts it, and the request comes to its end."""
    stage = walker.stage
    request = await walker.asks(ALICE)
    await walker.types(BOB, "whoami")  # Slack says who he is while it can
    heard, before = stage.bot.heard(reason), await counted(stage, metric)

    heal = breaks(stage)
    await stage.person(BOB).click(walker.card(request), "request_approve")
    await turns(stage.bot, 503, reason)
    assert stage.bot.heard(reason) > heard
    assert await counted(stage, metric) > before
    assert await counted(stage, ("imagebot_ready", {})) == 0

    heal()
    await walker.until(lambda: walker.status(request) in ("available", "failed"))
    if walker.status(request) == "failed":
        await walker.clicks(ALICE, request, "request_retry")
    await walker.ends(request, "available")
    await turns(stage.bot, 200)


@pytest.mark.parametrize(("module", "name"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_goes_wrong_elsewhere_has_its_test_there(module: str, name: str) -> None:
    tree = ast.parse((TESTS / f"{module}.py").read_text(encoding="utf-8"))

    assert name in {
        each.name for each in tree.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
    }
