"""The outbox's work: one message handed to the notifier, and what became of it written down."""

import structlog

from bot.crash_points import point
from bot.domain.request import BOT, Kind, Request
from bot.errors import NotifierLater, NotifierRefused
from bot.ports import CardFacts, Notifier
from bot.store import outbox
from bot.store.leases import Lease
from bot.store.outbox import Claimed, MessageQueue
from bot.store.requests import Store

log = structlog.get_logger(__name__)

NO_CARD = "no_card"
"""Why an entry cannot be posted when its card never was: there is no thread."""


class DeliverSteps:
    """Delivers messages in order; what cannot be posted where it belongs goes to the requester directly."""

    def __init__(self, store: Store, queue: MessageQueue, notifier: Notifier) -> None:
        self.store = store
        self.queue = queue
        self.notifier = notifier

    async def work(self, claimed: Claimed, lease: Lease) -> None:
        """Deliver one claimed message."""
        message = claimed.message
        request = await self.store.get(message.request_id)
        if request is None or (message.kind is Kind.ENTRY and message.thread_ts is None):
            await self._give_up(claimed, lease, request, NO_CARD)
            return
        point("before-post")
        try:
            ts = await self.notifier.deliver(message, request, CardFacts(request.tally, self.store.clock()))
        except NotifierLater as later:
            log.info("message_delayed", message=message.id, seconds=later.seconds, reason=later.reason)
            await self.queue.delay(claimed, lease, later.seconds)
        except NotifierRefused as refused:
            log.warning("message_refused", message=message.id, channel=message.channel, code=refused.code)
            await self._give_up(claimed, lease, request, refused.code)
        else:
            point("after-post")
            await self.queue.posted(claimed, lease, ts)

    async def _give_up(self, claimed: Claimed, lease: Lease, request: Request | None, code: str) -> None:
        """Drop a message for good and, in the same transaction, have the requester told directly."""
        message = claimed.message
        async with self.store.begin() as transaction:
            dropped = await self.queue.drop(transaction.connection, claimed, lease)
            if not dropped or request is None:
                return
            if message.kind is not Kind.DIRECT:
                await outbox.put_direct(transaction.connection, request, message, code, self.store.clock())
            details = {"channel": message.channel, "code": code, "kind": message.kind.value}
            await transaction.record("undeliverable", BOT, request.id, details)
