"""The outbox's work: one message handed to the notifier, and what became of it written down."""

import structlog

from bot.errors import NotifierLater, NotifierRefused
from bot.ports import CardFacts, Notifier
from bot.records import Kind
from bot.rights import drawn
from bot.store import outbox
from bot.store.leases import Lease
from bot.store.outbox import Claimed, MessageQueue
from bot.store.requests import Store

log = structlog.get_logger(__name__)


class Deliveries:
    """Delivers messages in order; what cannot be posted where it belongs goes to the requester directly."""

    def __init__(self, store: Store, queue: MessageQueue, notifier: Notifier) -> None:
        self.store = store
        self.queue = queue
        self.notifier = notifier

    async def work(self, claimed: Claimed, lease: Lease) -> None:
        """Deliver one claimed message."""
        message = claimed.message
        request = await self.store.get(message.request_id)
        if request is None:
            await self.queue.drop(claimed, lease)
            return
        try:
            facts = CardFacts(drawn(request), self.store.clock())
            ts = await self.notifier.deliver(message, request, facts)
        except NotifierLater as later:
            log.info("message_delayed", message=message.id, seconds=later.seconds, reason=later.reason)
            await self.queue.delay(claimed, lease, later.seconds)
        except NotifierRefused as refused:
            log.warning("message_refused", message=message.id, channel=message.channel, code=refused.code)
            await self._give_up(claimed, lease, refused.code)
        else:
            await self.queue.posted(claimed, lease, ts)

    async def _give_up(self, claimed: Claimed, lease: Lease, code: str) -> None:
        """Drop a message for good; if the requester would have heard something by it, tell them directly."""
        await self.queue.drop(claimed, lease)
        message = claimed.message
        if message.kind is Kind.DIRECT:
            return
        request = await self.store.get(message.request_id)
        if request is None:
            return
        async with self.store.begin() as transaction:
            await outbox.put_direct(transaction.connection, request, message, code, self.store.clock())
            details = {"channel": message.channel, "code": code, "kind": message.kind.value}
            await transaction.record("undeliverable", "bot", request.id, details)
