"""The composition root: every object of the running bot is made here, once, and ended here."""

import asyncio
import gc
import os
import signal
import time
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import structlog
from aiohttp import ClientSession, web
from slack_sdk.web.async_client import AsyncWebClient

from bot.allowlist import LiveAllowlist, inspect, load
from bot.allowlist.authorizer import Authorizer
from bot.domain.message import Subject
from bot.process.correlation import spans_for
from bot.process.digests import Digests
from bot.process.doctor.start import refused_tokens, start_findings
from bot.process.follow_allowlist import FollowAllowlist
from bot.process.health import add_health
from bot.process.http_server import serve
from bot.process.journal import Journal
from bot.process.metrics import Metrics, add_metrics
from bot.process.refusals import Refusals
from bot.process.role import Role
from bot.process.roles import ListenerRole, WorkerRole
from bot.process.supervisor import Supervisor, Work
from bot.service import Service
from bot.service.home import HomeService
from bot.settings import BadSettings, Mode, Settings
from bot.store import notices, retention, schema
from bot.store.admin_notices import AdminNotices
from bot.store.audit_anchor import anchor
from bot.store.audit_key import make_audit_key
from bot.store.counts import Counts, count
from bot.store.database_clock import DatabaseClock
from bot.store.database_health import DatabaseHealth
from bot.store.engine import open_engine
from bot.store.requests import Store
from handlers.i18n import Translations
from handlers.messages.notifier import SlackNotifier
from handlers.people.directory import Home, SlackDirectory, home_of
from handlers.transport.connection import web_client, web_session
from handlers.transport.token_check import TokenCheck, check_tokens

log = structlog.get_logger(__name__)

T = TypeVar("T")

SCHEMA_SECONDS = 15.0
"""How long a start waits for `image-bot db upgrade`, which a release may run at the same moment."""
STOP_SECONDS = 8.0
"""How long work in hand may take after SIGTERM; the process is gone within ten seconds."""


class Bot:
    """One process of the bot. `run` is its whole life."""

    def __init__(self, settings: Settings, role: Role) -> None:
        self.settings = settings
        self.role = role
        self.deployment = settings.deployment
        self.rules = LiveAllowlist(inspect(load(Path(settings.allowlist)), self.deployment), self.deployment)
        given = settings.audit_key.get_secret_value() if settings.audit_key else None
        self.engine = open_engine(settings.database_url, make_audit_key(settings.database_url, given))
        self.clock = DatabaseClock()
        self.database_health = DatabaseHealth(self.engine, self.clock)
        self.metrics = Metrics()
        self.refusals = Refusals()
        self.spans = spans_for(os.environ)
        self.journal = Journal(self.metrics, self.refusals, self.spans)
        self.store = Store(self.engine, self.clock, self.wake, self.journal.heard)
        self.supervisor = Supervisor()
        self.listener: ListenerRole | None = None
        self.worker: WorkerRole | None = None

    def wake(self) -> None:
        """Let the workers of this process look for work: something was written."""
        if self.worker is not None:
            self.worker.wake()
        if self.listener is not None:
            self.listener.homes.wake()

    async def run(self, stop: asyncio.Event) -> None:
        """Start everything, wait for `stop`, end everything in order."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.spans.aclose)
            stack.push_async_callback(self.engine.dispose)
            slack = self._web_client(await stack.enter_async_context(web_session()))
            checked = await _unless(stop, self._meet(slack))
            if checked is None:
                log.info("stopped")
                return
            home = home_of(checked.identity) if checked.identity else None
            follower = self._compose(slack, SlackDirectory(slack, home=home))
            port = await stack.enter_async_context(self._port())
            supervised = asyncio.create_task(self.supervisor.run(self._works(follower)))
            if self.listener is not None:
                await self.listener.start()
            self._say_started(home, port)
            _leave_what_stays_alone()
            await stop.wait()
            await self._end()
            supervised.cancel()
            await asyncio.wait([supervised])

    def _web_client(self, session: ClientSession) -> AsyncWebClient:
        """Return the client of Slack's Web API that everything here shares."""
        token = self.settings.slack_bot_token.get_secret_value()
        return web_client(token, self.settings.slack_api_url, session, self.journal.called_slack)

    async def _meet(self, slack: AsyncWebClient) -> TokenCheck:
        """Wait for the others that a start needs: the database with its schema, and Slack's word on the
        tokens.
        """
        await self._prepare_database()
        await self.clock.measure(self.engine)
        return await self._check_tokens(slack)

    def _say_started(self, home: Home | None, port: int) -> None:
        """Log what runs here, and for whom."""
        log.info(
            "started",
            version=version("image-bot"),
            team=home and home.team_id,
            role=self.role.value,
            mode=(Mode.SOCKET if self.settings.socket_mode else Mode.HTTP).value if self.listener else None,
            policies=len(self.rules.current.policies),
            rules=len(self.rules.current.rules),
            port=port,
        )

    def _compose(self, slack: AsyncWebClient, directory: SlackDirectory) -> FollowAllowlist:
        """Make the halves of the process that its role asks for."""
        authorizer = Authorizer(lambda: self.rules.current, directory, self.deployment, self.clock)
        translations = Translations.read(default_locale=self.settings.default_locale)
        service = Service(self.store, authorizer, self.settings)
        home = HomeService(self.store, authorizer, service.questions.whoami)
        if self.role.works:
            notifier = SlackNotifier(slack, translations, directory, directory.permalink)
            self.worker = WorkerRole(
                self.settings,
                self.store,
                authorizer,
                notifier,
                lambda: self.rules.current.admin_channel,
                self.journal,
                self.metrics,
                Digests(self.store, home),
            )
        if self.role.listens:
            self.listener = ListenerRole(
                self.settings,
                slack,
                service,
                authorizer,
                home,
                translations,
                directory,
                self.metrics,
                self.clock,
            )
        return FollowAllowlist(
            self.rules, Path(self.settings.allowlist), AdminNotices(self.store), self.metrics.reloaded
        )

    def _works(self, follower: FollowAllowlist) -> dict[str, Work]:
        """Return what goes on until the stop, by name."""
        return {
            **(self.worker.works() if self.worker else {}),
            **(self.listener.works() if self.listener else {}),
            "hearing of other processes' writes": lambda: notices.listen(self.engine, self.wake),
            **self._retention(),
            "watching the database": self.database_health.run,
            "anchoring the audit log": lambda: anchor(self.engine, self._tell_unkeyed),
            "following the allowlist": follower.run,
        }

    async def _tell_unkeyed(self) -> None:
        """Tell admins, once, that anybody who can write to the database can change the audit log
        unnoticed.
        """
        channel = self.rules.current.admin_channel
        await AdminNotices(self.store).tell(channel, Subject("audit", "key"), "audit-unkeyed", {})

    def _retention(self) -> dict[str, Work]:
        """Remove what is no longer needed: a worker's job."""
        if not self.role.works:
            return {}
        days = self.settings.keep_days
        return {"removing what is old": lambda: retention.run(self.engine, self.clock, days)}

    async def _check_tokens(self, slack: AsyncWebClient) -> TokenCheck:
        """End the start when Slack won't take a token.

        A worker needs no token to be reached by.
        """
        app_token = self.settings.slack_app_token if self.role.listens else None
        given = app_token.get_secret_value() if app_token else None
        checked = await check_tokens(slack, given, tries=1)
        if refused := refused_tokens(checked):
            raise BadSettings(refused)
        for each in start_findings(self.settings, checked, self.clock):
            log.warning("set_up", code=each.code, sentence=each.sentence, todo=each.todo)
        return checked

    async def _prepare_database(self) -> None:
        """Bring SQLite up to date; a shared database is upgraded by its operator."""
        if self.settings.database_url.startswith("sqlite"):
            await schema.upgrade(self.engine)
        else:
            await self._wait_for_schema()

    async def _wait_for_schema(self) -> None:
        """Wait, with a limit, for the upgrade of a shared database that a release may be running."""
        began = time.monotonic()
        while not await schema.is_current(self.engine):
            if time.monotonic() - began > SCHEMA_SECONDS:
                problem = "DATABASE_URL: its schema isn't up to date; run `image-bot db upgrade` first"
                raise BadSettings((problem,))
            log.info("waiting_for_schema")
            await asyncio.sleep(1.0)

    def _port(self) -> AbstractAsyncContextManager[int]:
        """Listen on PORT: health, and Slack's requests in HTTP mode."""
        application = web.Application()
        add_health(application, self.unready, self.refusals.reasons)
        add_metrics(application, self.metrics, self._count)
        application.add_routes(self.listener.routes() if self.listener else [])
        return serve(application, self.settings.address, self.settings.port)

    async def _count(self) -> Counts:
        """Count what is in the database; set readiness first, which works even while the database is away."""
        self.metrics.is_ready(not self.unready(), self.clock.offset)
        return await count(self.engine, self.store.clock())

    async def _end(self) -> None:
        """Take nothing new, finish or hand back what is in hand."""
        log.info("stopping")
        self.supervisor.end()
        halves = [half for half in (self.listener, self.worker) if half is not None]
        await asyncio.gather(*(half.stop(STOP_SECONDS) for half in halves))
        log.info("stopped")

    def unready(self) -> tuple[str, ...]:
        """Return why this process can't do its work now; nothing when it can.

        What Slack or Alibaba Cloud refuses to the bot is no reason in HTTP mode: a load balancer would take
        all processes away for one scope that is missing.
        """
        database = self.database_health.failure
        over_http = self.listener is not None and not self.settings.socket_mode
        return (
            *((f"the database can't be written: {database}",) if database else ()),
            *(self.listener.unready() if self.listener else ()),
            *(self.worker.unready() if self.worker else ()),
            *(() if over_http else self.refusals.reasons()),
            *(f"{name} keeps breaking; the log says why (work_broke)" for name in self.supervisor.failing),
        )


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """Do the work and return its result; None when `stop` came first, which ends it."""
    doing, stopped = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait((doing, stopped), return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if doing.done():
        return doing.result()
    doing.cancel()
    await asyncio.wait([doing])
    return None


def _leave_what_stays_alone() -> None:
    """Have the garbage collector look at nothing that the start made: all of it took 90 ms each time."""
    gc.freeze()
    gc.enable()


async def run(settings: Settings, role: Role) -> None:
    """Run one process of the bot until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    await Bot(settings, role).run(stop)
