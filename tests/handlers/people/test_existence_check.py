"""`image-bot policy check --live`: what the file names and Slack does not know is found."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.allowlist import check
from bot.cli.policy import app
from bot.errors import SlackDoesNotTell
from bot.playground.slack import Channel, Fault, FaultKind, LocalSlack, User
from bot.playground.slack.state import Usergroup
from handlers.people.existence_check import SlackExistenceCheck

FILE = """\
policies:
  all:
    Version: "1"
    Statement: [{Effect: Allow, Action: "*", Resource: "*"}]
attachments: [{users: [U0ALICE, U0GONE, U0TYPO], usergroups: [S0OPS, S0OLD, S0TYPO], policies: [all]}]
approvals: [{name: one, channel: C0IMAGES}, {name: two, channel: C0TYPO}]
admin_channel: C0PRIVATE
"""


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    """A workspace with somebody who left, and a usergroup that was switched off."""
    people = [User("U0ALICE", "alice"), User("U0GONE", "gone", deleted=True)]
    channels = [
        Channel("C0IMAGES", "images"),
        Channel("C0PRIVATE", "x", members={"U0ALICE"}, is_private=True),
    ]
    groups = [Usergroup("S0OPS", "ops"), Usergroup("S0OLD", "old", is_enabled=False)]
    async with LocalSlack(people, channels, groups) as local:
        yield local


async def looked_up(slack: LocalSlack, tmp_path: Path) -> list[str]:
    """Return what a check of the file says in addition, with Slack."""
    path = tmp_path / "allowlist.yaml"
    path.write_text(FILE, encoding="utf-8")
    census = SlackExistenceCheck(slack.app.bot_token, slack.url)
    findings = await asyncio.to_thread(check, path, census)
    alone = check(path)
    return sorted(finding.place + " " + finding.message for finding in findings if finding not in alone)


async def test_everything_that_slack_does_not_know_is_found(slack: LocalSlack, tmp_path: Path) -> None:
    """Deactivated people and disabled groups count as gone; so does a channel that the bot isn't in."""
    found = await looked_up(slack, tmp_path)

    assert [sum(name in each for each in found) for name in ("U0GONE", "U0TYPO", "S0OLD", "S0TYPO")] == [
        1
    ] * 4
    assert [sum(name in each for each in found) for name in ("C0TYPO", "C0PRIVATE")] == [1, 1]
    assert len(found) == 6


async def test_a_plan_without_usergroups_knows_none(slack: LocalSlack, tmp_path: Path) -> None:
    """Naming one is a finding then, and nothing breaks."""
    slack.admin.set_paid_plan(paid=False)

    assert sum("S0OPS" in each for each in await looked_up(slack, tmp_path)) == 1


async def test_a_refused_call_waits_as_long_as_slack_asks(slack: LocalSlack) -> None:
    """And the answer is the second one's."""
    slack.faults.set(Fault(FaultKind.RATE_LIMITED, "users.info", seconds=1))

    assert await asyncio.to_thread(SlackExistenceCheck(slack.app.bot_token, slack.url), "users", "U0ALICE")


async def test_when_slack_does_not_tell_nothing_is_called_missing(slack: LocalSlack) -> None:
    """The code is in the error, the token is not."""
    with pytest.raises(SlackDoesNotTell, match="invalid_auth") as silent:
        await asyncio.to_thread(SlackExistenceCheck("xoxb-wrong", slack.url), "users", "U0ALICE")
    assert "xoxb" not in str(silent.value)


async def test_the_command_asks_only_with_live(slack: LocalSlack, tmp_path: Path) -> None:
    """And exits as with any other finding."""
    path = tmp_path / "allowlist.yaml"
    path.write_text(FILE, encoding="utf-8")

    def census() -> SlackExistenceCheck:
        """What the program's root gives the command."""
        return SlackExistenceCheck(slack.app.bot_token, slack.url)

    def run(*arguments: str) -> Result:
        """Run `image-bot policy check`."""
        return CliRunner().invoke(app, ["check", *arguments, str(path)], obj=census)

    alone, live = run(), await asyncio.to_thread(run, "--live")

    assert "U0TYPO" not in alone.output
    assert "U0TYPO" in live.output
