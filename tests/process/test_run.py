"""A process in its start."""

import asyncio
from pathlib import Path

from bot.playground.slack import LocalSlack
from bot.playground.slack.faults import Fault, FaultKind
from bot.process.role import Role
from bot.process.run import Bot
from bot.settings import read_settings


def bot(slack: LocalSlack, folder: Path) -> Bot:
    """Make a process that Slack reaches over HTTP."""
    allowlist = folder / "allowlist.yaml"
    allowlist.write_text("attachments: [{everyone: true, policies: []}]\n")
    environment = {
        "SLACK_BOT_TOKEN": "xoxb-playground",
        "SLACK_SIGNING_SECRET": "0123456789abcdef",
        "SLACK_API_URL": slack.url,
        "DATABASE_URL": f"sqlite:///{folder / 'bot.db'}",
        "ALLOWLIST": str(allowlist),
    }
    return Bot(read_settings(environment, hears_slack=True), Role.ALL)


async def test_a_stop_does_not_wait_for_a_start_that_waits_for_slack(tmp_path: Path) -> None:
    """An orchestrator kills what hasn't ended within ten seconds of SIGTERM."""
    stop = asyncio.Event()
    async with LocalSlack([], []) as slack:
        slack.faults.set(Fault(FaultKind.SLOW, "auth.test", times=None, seconds=60.0))
        life = asyncio.create_task(bot(slack, tmp_path).run(stop))
        stop.set()

        async with asyncio.timeout(5):
            await life
