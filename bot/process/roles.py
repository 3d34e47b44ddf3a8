"""The two halves of a process: one takes what Slack delivers, the other does the work behind it."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.alibaba import AlibabaCloud, DefaultChain, InstanceIndex, RegionList
from bot.allowlist.authorizer import Authorizer
from bot.domain.message import REQUEST
from bot.domain.request import Request
from bot.network_words import in_words
from bot.process.correlation import About, about_request
from bot.process.digests import Digests
from bot.process.journal import Journal
from bot.process.metrics import Metrics
from bot.process.supervisor import Work
from bot.process.worker import Worker
from bot.service import Service
from bot.service.home import HomeService
from bot.service.instances import Instances
from bot.settings import Settings
from bot.steps import RequestSteps
from bot.steps.deliver import DeliverSteps
from bot.store.message_queue import Claimed, MessageQueue
from bot.store.requests import RequestQueue, Store, request_queues
from bot.store.tables import messages
from handlers.app import build_app
from handlers.i18n import Translations
from handlers.listeners.context import ListenerContext
from handlers.messages.home import Homes
from handlers.messages.notifier import SlackNotifier
from handlers.messages.replies import Replies
from handlers.people.directory import SlackDirectory
from handlers.transport.background import Background
from handlers.transport.connection import Connection, connection

STUCK_SECONDS = 30.0
"""Seconds without a sign of life after which work counts as stuck."""


LISTED_SECONDS = 600.0
"""Seconds between listings of instances while nobody searches; a search lists them every minute."""


class ListenerRole:
    """Slack's traffic: Socket Mode or HTTP mode, and the listeners behind it."""

    def __init__(
        self,
        settings: Settings,
        slack: AsyncWebClient,
        service: Service,
        authorizer: Authorizer,
        home: HomeService,
        translations: Translations,
        directory: SlackDirectory,
        metrics: Metrics,
        clock: Callable[[], float],
    ) -> None:
        background = Background(metrics.acknowledged)
        self._cloud = AlibabaCloud.from_settings(settings, DefaultChain())
        self._index = InstanceIndex(self._cloud.instances)
        self._regions = RegionList(self._cloud.regions, also=settings.ecd_region)
        instances = Instances(self._index, self._cloud, authorizer)
        self._count_refusals = service.count_refusals
        self.homes = Homes(slack, translations, directory, home)
        context = ListenerContext(
            service,
            translations,
            directory,
            Replies(slack),
            background,
            instances,
            self._regions,
            self.homes,
            clock,
            permalink=directory.permalink,
        )
        app_token, signing_secret = settings.slack_app_token, settings.slack_signing_secret
        self._connection: Connection = connection(
            build_app(slack, context),
            slack,
            background,
            clock,
            app_token=app_token.get_secret_value() if app_token else None,
            signing_secret=signing_secret.get_secret_value() if signing_secret else None,
        )

    def routes(self) -> list[web.RouteDef]:
        """Return what the process's port serves for Slack."""
        return self._connection.routes()

    def works(self) -> dict[str, Work]:
        """Return what goes on for as long as the process does."""
        return {
            "listing instances": self._list_instances,
            "keeping App Homes up to date": self.homes.run,
            "counting refusals": self._count_refusals,
        }

    async def _list_instances(self) -> None:
        """Have instances and regions at hand before somebody asks, and never much older than now."""
        while True:
            await self._regions.listed()
            await self._index.search()
            await asyncio.sleep(LISTED_SECONDS)

    async def start(self) -> None:
        """Take deliveries from now on."""
        await self._connection.start()

    async def stop(self, within: float) -> None:
        """Finish what is in hand within the seconds given, and take no more."""
        await self._connection.stop(within)
        await self._index.aclose()
        await self._regions.aclose()
        await self._cloud.aclose()

    def unready(self) -> tuple[str, ...]:
        """Return why Slack can't reach us now."""
        if self._connection.connected:
            return ()
        return (": ".join(("Slack is not connected", *map(in_words, self._connection.trouble))),)


class WorkerRole:
    """The work: requests step by step, and the messages that wait to be posted."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        authorizer: Authorizer,
        notifier: SlackNotifier,
        admin_channel: Callable[[], str | None],
        journal: Journal,
        metrics: Metrics,
        digests: Digests,
    ) -> None:
        self._digests = digests
        self._cloud = AlibabaCloud.from_settings(settings, DefaultChain(), called=journal.called_cloud)
        outbox = MessageQueue(store.engine, messages, store.clock)
        steps = RequestSteps(store, RequestQueue(store), self._cloud, authorizer, settings)
        self._deliveries = DeliverSteps(
            store, outbox, notifier, admin_channel=admin_channel, observe=metrics.delivered
        )
        step = about_request(steps.work, _of_request, journal.spans)
        delivery = about_request(self._deliveries.work, _of_message, journal.spans)
        self._workers: dict[str, Worker[Any]] = {
            **{
                hands.value: Worker(queue, step, lease_seconds=settings.lease_seconds)
                for hands, queue in request_queues(store, settings.images_at_once).items()
            },
            "messages": Worker(outbox, delivery, lease_seconds=settings.lease_seconds),
        }
        for worker in self._workers.values():
            worker.queue.took_over = metrics.took_over

    def works(self) -> dict[str, Work]:
        """Return what goes on for as long as the process does."""
        workers = {f"the worker for {name}": worker.run for name, worker in self._workers.items()}
        return {**workers, "writing digests": self._digests.run}

    def wake(self) -> None:
        """Look for work now: something was written."""
        for worker in self._workers.values():
            worker.wake()

    async def stop(self, within: float) -> None:
        """Finish what is in hand within the seconds given, or hand it back."""
        await asyncio.gather(*(worker.stop(within) for worker in self._workers.values()))
        await self._cloud.aclose()

    def unready(self) -> tuple[str, ...]:
        """Return why work can't be done now."""
        now = time.monotonic()
        stuck = (name for name, worker in self._workers.items() if now - worker.beat > STUCK_SECONDS)
        refusals = dict.fromkeys(self._deliveries.refusals.values())
        return (
            *(f"the worker for {name} is stuck" for name in stuck),
            *(f"Slack refuses: {refusal}" for refusal in refusals),
        )


def _of_request(request: Request) -> About:
    return About(f"step {request.status}", request.id, request.created_at)


def _of_message(claimed: Claimed) -> About | None:
    message = claimed.message
    if message.subject.kind != REQUEST:
        return None
    return About(f"deliver {message.kind}", message.subject.id, message.told[0].at)
