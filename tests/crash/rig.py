"""A local Slack, a local cloud, one database, and as many processes of the bot as a run wants."""

import asyncio
import json
import random
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import func, select

from bot.playground.bot_process import BotProcess
from bot.playground.cast import ALICE, BOB, CAROL
from bot.playground.cloud import LocalCloud
from bot.playground.cloud.accounts import Account
from bot.playground.cloud.instances import LocalInstance
from bot.playground.slack import Conditions, LocalSlack
from bot.playground.slack.app import App
from bot.playground.slack.state import Channel, User, Usergroup
from bot.store.engine import open_engine, transaction
from bot.store.outbox import WAITING
from bot.store.tables import messages

RULES = {
    "policies": {
        "all": {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
    },
    "attachments": [{"users": [ALICE, BOB, CAROL], "policies": ["all"]}],
    "approvals": [
        {
            "name": "left-alone",
            "when": {"StringLike": {"appstreaming:ImageName": "leave-*"}},
            "quorum": [{"users": [BOB], "count": 1}],
            "expires": "2s",
        },
    ],
}

QUICK = {
    "AUDIT_KEY": "of the crash tests, and of nobody else",
    "WATCH_SECONDS": "0.2",
    "LOOKUP_SECONDS": "1",
    "STOP_TIMEOUT": "60s",
    "LEASE_SECONDS": "1",
    "IMAGES_AT_ONCE": "20",
    "LOG_FORMAT": "json",
    "HOST": "127.0.0.1",
    "PORT": "0",
}
"""A life takes seconds; leases and lookups are short, because the local cloud lists images promptly."""
ACK_SECONDS = 1.5
"""How long the local Slack waits for a bot that may be dead."""
READY_SECONDS = 30.0


def channel_of(life: int) -> str:
    """Return a life's own channel, so that none waits for another's second."""
    return f"C0LIFE{life:04d}"


def instance_of(life: int) -> str:
    """Return a life's own instance."""
    return f"ws-0life{life:06d}0001"


def _slack(lives: int, people: Sequence[User], app: App | None, ack_seconds: float) -> LocalSlack:
    """Return a Slack with a channel for each life, which allows more restarts than the real one."""
    return LocalSlack(
        [*(User(user, user.lower()) for user in (ALICE, BOB, CAROL)), *people],
        [Channel(channel_of(life), f"life-{life}") for life in range(lives)],
        [Usergroup("S0OPS", "ops", (BOB,))],
        app=app,
        ack_seconds=ack_seconds,
        conditions=Conditions(rate_limits=False, joined=True),
    )


def _cloud(lives: int, account: Account) -> LocalCloud:
    """Return a cloud with a machine for each life."""
    machines = [LocalInstance(instance_of(life)) for life in range(lives)]
    return LocalCloud(machines, (account,), seconds=0.4, slots=9)


class Rig:
    """Everything that a run needs; `processes` run, die and are started again."""

    def __init__(
        self,
        url: str,
        folder: Path,
        lives: int,
        processes: int,
        seed: int,
        *,
        app: App | None = None,
        account: Account | None = None,
        people: Sequence[User] = (),
        environment: Mapping[str, str] | None = None,
        cloud: LocalCloud | None = None,
        ack_seconds: float = ACK_SECONDS,
    ) -> None:
        self.url = url
        self.folder = folder
        self.random = random.Random(seed)  # noqa: S311 - which fault comes when is no secret
        self.slack = _slack(lives, people, app, ack_seconds)
        self.cloud = cloud or _cloud(lives, account or Account())
        self.cloud.instances.seconds = 0.3
        self.engine = open_engine(url, QUICK["AUDIT_KEY"].encode())
        self.form = asyncio.Lock()  # a person has one form open at a time
        self.count = processes
        self.rules: Mapping[str, object] = RULES
        self.allowlist = folder / "rules" / "allowlist.yaml"
        self.environment = QUICK | dict(environment or {})
        self.processes: list[BotProcess] = []
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self.allowlist.parent.mkdir()
        self.allowlist.write_text(json.dumps(self.rules), encoding="utf-8")  # JSON is YAML
        await self._stack.enter_async_context(self.slack)
        await self._stack.enter_async_context(self.cloud)
        self._stack.push_async_callback(self.engine.dispose)
        environment = self.environment | {
            "SLACK_API_URL": self.slack.url,
            "SLACK_BOT_TOKEN": self.slack.app.bot_token,
            "SLACK_APP_TOKEN": self.slack.app.app_token,
            "ALIBABA_CLOUD_ACCESS_KEY_ID": self.cloud.account.access_key_id,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": self.cloud.account.access_key_secret,
            "APPSTREAM_ENDPOINT": self.cloud.url,
            "ECD_ENDPOINT": self.cloud.url,
            "DATABASE_URL": self.url,
            "ALLOWLIST": str(self.allowlist),
        }
        self.processes = [
            BotProcess(environment, self.folder / f"bot-{number}.log") for number in range(self.count)
        ]
        for process in self.processes:
            self._stack.push_async_callback(process.kill)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def start(self, process: BotProcess, crash_at: str = "") -> None:
        """Start one process and wait until it works, or is already dead."""
        process.environment["IMAGE_BOT_CRASH_AT"] = crash_at
        process.lines.clear()
        await process.start()
        await process.until(lambda: process.heard('"started"') or not process.is_running, READY_SECONDS)

    async def start_all(self, but: int = 0) -> None:
        """Start every process that isn't running, except for the first so many: those stay dead."""
        for process in self.processes[:but]:
            await process.kill()
        await asyncio.gather(*(self.start(each) for each in self.processes[but:] if not each.is_running))

    async def waiting(self) -> int:
        """Return how many messages have not gone out yet."""
        query = select(func.count()).select_from(messages).where(messages.c.state == WAITING)
        async with transaction(self.engine, reads=True) as connection:
            return await connection.scalar(query) or 0
