"""The composition root: every object of the running bot is made here, once, and ended here."""

import asyncio
import signal
import time
from contextlib import AsyncExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.alibaba import AlibabaCloud, DefaultChain
from bot.allowlist import Allowlist, LiveAllowlist, inspect, load
from bot.allowlist.authorizer import Authorizer
from bot.policy import Finding
from bot.process.logs import add_health
from bot.process.worker import Worker
from bot.service import Service
from bot.settings import BadSettings, Settings
from bot.steps import RequestSteps
from bot.steps.deliver import DeliverSteps
from bot.store import notices, schema
from bot.store.database_health import DatabaseHealth
from bot.store.engine import open_engine
from bot.store.outbox import Claimed, MessageQueue
from bot.store.requests import RequestQueue, Store
from bot.store.tables import messages
from handlers.app import build_app
from handlers.i18n import Translations
from handlers.listeners.context import ListenerContext
from handlers.messages.admin_channel import AdminChannel
from handlers.messages.notifier import SlackNotifier
from handlers.messages.replies import Replies
from handlers.people.directory import SlackDirectory
from handlers.transport.background import Background
from handlers.transport.connection import Connection, connection, web_client, web_session
from handlers.transport.token_check import refusals

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bot.domain.request import Request

log = structlog.get_logger(__name__)

STOP_SECONDS = 8.0
"""How long work in hand may take after SIGTERM; the process is gone within ten seconds."""
CLOSE_SECONDS = 0.5
"""How long requests to our own port may take to go after that; aiohttp would wait for a minute."""
STUCK_SECONDS = 30.0
"""A worker that gave no sign of life for so long is not ready."""


class Role(StrEnum):
    """What a process does: Slack's traffic, the work behind it, or both."""

    ALL = "all"
    LISTENER = "listener"
    WORKER = "worker"


class Bot:
    """One process of the bot. `run` is its whole life."""

    def __init__(self, settings: Settings, role: Role) -> None:
        self.settings = settings
        self.role = role
        self.rules = LiveAllowlist(inspect(load(Path(settings.allowlist))))
        self.engine = open_engine(settings.database_url)
        self.pulse = DatabaseHealth(self.engine)
        self.store = Store(self.engine, time.time, self.wake)
        self.reconcilers: list[Worker[Request] | Worker[Claimed]] = []
        self.line: Connection | None = None
        self.port = settings.port
        self.admin_channel: AdminChannel | None = None  # a listener leaves telling them to the workers
        self.rules_broken = False
        self.tasks: list[asyncio.Task[None]] = []

    def wake(self) -> None:
        """Something was written: let the workers of this process look."""
        for reconciler in self.reconcilers:
            reconciler.wake()

    async def run(self, stop: asyncio.Event) -> None:
        """Start everything, wait for `stop`, end everything in order."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.engine.dispose)
            await self._prepare_database()
            session = await stack.enter_async_context(web_session())
            slack = web_client(
                self.settings.slack_bot_token.get_secret_value(), self.settings.slack_api_url, session
            )
            await self._check_tokens(slack)
            directory = SlackDirectory(slack)
            rights = Authorizer(
                lambda: self.rules.current, directory, self.settings.appstream_region, time.time
            )
            translations = Translations.read()
            if self.role is not Role.LISTENER:
                self.admin_channel = AdminChannel(slack, translations)
                self._employ(rights, SlackNotifier(slack, translations, directory), stack)
            if self.role is not Role.WORKER:
                self._connect(slack, Service(self.store, rights, self.settings), translations, directory)
            await self._serve(stack)
            await self._begin()
            await stop.wait()
            await self._end()

    async def _check_tokens(self, slack: AsyncWebClient) -> None:
        """End the start when Slack will not take a token; a worker needs none to be reached by."""
        app_token = self.settings.slack_app_token if self.role is not Role.WORKER else None
        refused = await refusals(slack, app_token.get_secret_value() if app_token else None)
        if refused:
            raise BadSettings(tuple(f"{it.name}: Slack answers {it.code} to {it.method}" for it in refused))

    async def _prepare_database(self) -> None:
        """SQLite is brought up to date by whoever opens it; a shared database by its operator."""
        if self.settings.database_url.startswith("sqlite"):
            await schema.upgrade(self.engine)
        elif not await schema.is_current(self.engine):
            raise BadSettings(
                ("DATABASE_URL: its schema is not up to date; run `image-bot db upgrade` first",)
            )

    def _employ(self, rights: Authorizer, notifier: SlackNotifier, stack: AsyncExitStack) -> None:
        """Make the two workers: one for requests, one for messages."""
        settings = self.settings
        cloud = AlibabaCloud(
            DefaultChain(),
            settings.appstream_region,
            settings.appstream_endpoint,
            settings.ecd_region,
            settings.ecd_endpoint,
        )
        stack.push_async_callback(cloud.aclose)
        requests = RequestQueue(self.store)
        steps = RequestSteps(self.store, requests, cloud, rights, settings)
        outbox = MessageQueue(self.engine, messages, self.store.clock)
        deliveries = DeliverSteps(self.store, outbox, notifier)
        self.reconcilers = [
            Worker(requests, steps.work, lease_seconds=settings.lease_seconds),
            Worker(outbox, deliveries.work, lease_seconds=settings.lease_seconds),
        ]

    def _connect(
        self, slack: AsyncWebClient, service: Service, translations: Translations, directory: SlackDirectory
    ) -> None:
        """Make what takes Slack's traffic."""
        app_token, signing_secret = self.settings.slack_app_token, self.settings.slack_signing_secret
        background = Background()
        self.line = connection(
            build_app(slack, ListenerContext(service, translations, directory, Replies(slack), background)),
            slack,
            background,
            app_token=app_token.get_secret_value() if app_token else None,
            signing_secret=signing_secret.get_secret_value() if signing_secret else None,
        )

    async def _serve(self, stack: AsyncExitStack) -> None:
        """Listen on PORT: health, and Slack's requests in HTTP mode."""
        application = web.Application()
        add_health(application, self.unready)
        application.add_routes(self.line.routes() if self.line else [])
        runner = web.AppRunner(
            application, access_log=None, handle_signals=False, shutdown_timeout=CLOSE_SECONDS
        )
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        try:
            await web.TCPSite(runner, self.settings.host, self.settings.port).start()
        except OSError as taken:
            raise BadSettings((f"PORT: {self.settings.port} cannot be used: {taken.strerror}",)) from None
        self.port = runner.addresses[0][1]  # the one that was free, when PORT is 0

    async def _begin(self) -> None:
        follow = self.rules.follow(Path(self.settings.allowlist), self._took_edit, self._kept_old_rules)
        for name, work in (
            *(("the worker", reconciler.run()) for reconciler in self.reconcilers),
            ("listening to the other processes", notices.listen(self.engine, self.wake)),
            ("watching the database", self.pulse.run()),
            ("following the allowlist", follow),
        ):
            task = asyncio.create_task(work, name=name)
            task.add_done_callback(_tell_of_breakdown)
            self.tasks.append(task)
        if self.line is not None:
            await self.line.start()
        log.info("started", role=self.role.value, socket_mode=self.settings.socket_mode, port=self.port)

    async def _end(self) -> None:
        """Take nothing new, finish or hand back what is in hand."""
        log.info("stopping")
        ends: list[Coroutine[Any, Any, None]] = [each.stop(STOP_SECONDS) for each in self.reconcilers]
        if self.line is not None:
            ends.append(self.line.stop(STOP_SECONDS))
        await asyncio.gather(*ends)
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        log.info("stopped")

    def unready(self) -> tuple[str, ...]:
        """Return why this process cannot do its work now; nothing when it can."""
        reasons = []
        if self.pulse.failure:
            reasons.append(f"the database does not answer: {self.pulse.failure}")
        if self.line is not None and not self.line.connected:
            reasons.append("Slack is not connected")
        if any(time.monotonic() - each.beat > STUCK_SECONDS for each in self.reconcilers):
            reasons.append("the worker is stuck")
        reasons += [f"{task.get_name()} has broken down" for task in self.tasks if _breakdown(task)]
        return tuple(reasons)

    async def _took_edit(self, allowlist: Allowlist) -> None:
        log.info("allowlist_taken", policies=len(allowlist.policies), rules=len(allowlist.rules))
        was_broken, self.rules_broken = self.rules_broken, False
        if was_broken and self.admin_channel is not None and allowlist.admin_channel:
            await self.admin_channel.mended(allowlist.admin_channel, allowlist)

    async def _kept_old_rules(self, findings: tuple[Finding, ...]) -> None:
        for finding in findings:
            log.error("allowlist_broken", finding=str(finding))
        self.rules_broken = True
        if self.admin_channel is not None and self.rules.current.admin_channel:
            await self.admin_channel.broken(self.rules.current.admin_channel, findings)


def _breakdown(task: asyncio.Task[None]) -> BaseException | None:
    """Return what ended work that goes on for as long as the process does; None while it goes on."""
    return task.exception() if task.done() and not task.cancelled() else None


def _tell_of_breakdown(task: asyncio.Task[None]) -> None:
    if error := _breakdown(task):
        log.error("broke_down", work=task.get_name(), exc_info=error)


async def run(settings: Settings, role: Role) -> None:
    """Run one process of the bot until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    await Bot(settings, role).run(stop)
