"""The outbox's work: hand one message to the notifier, and record the outcome."""

from collections.abc import Callable
from dataclasses import replace

import structlog

from bot.crash_points import point
from bot.domain.changes import NewMessage
from bot.domain.lifecycle import ENDS, Status
from bot.domain.message import FROZEN, REQUEST, TO_PEOPLE, UNPOSTED, Kind, Message, Priority, Subject, Told
from bot.domain.request import BOT, Request
from bot.errors import (
    NOT_ALLOWED,
    NotifierFrozen,
    NotifierLater,
    NotifierNowhere,
    NotifierRefused,
    StoreUnavailable,
)
from bot.ports import Notifier
from bot.store import outbox
from bot.store.leases import Lease
from bot.store.message_queue import Claimed, MessageQueue
from bot.store.requests import Store

log = structlog.get_logger(__name__)

NO_CARD = "no_card"
"""Why an entry can't be posted when its card never was: there is no thread."""
NOT_DRAWN = "not_drawn"
"""Why a message is given up: rendering it raises every time."""
MOST_BREAKS = 5
"""How often rendering a message may raise before it's given up."""
DAY = 86400.0

CHANNEL = "channel"
"""The subject of admin notices about a channel that doesn't accept messages."""


class DeliverSteps:
    """Delivers messages in order; those that can't be posted where they belong go to the requester directly.

    `admin_channel` says where admins are told, None for nowhere. `observe` gets each attempt's outcome
    (posted, delayed, nowhere, frozen, given_up) and the message's kind. `refusals` are what an operator has
    to fix in one channel, by rate limit key; refused tokens and scopes aren't among them.
    """

    def __init__(
        self,
        store: Store,
        queue: MessageQueue,
        notifier: Notifier,
        *,
        admin_channel: Callable[[], str | None] = lambda: None,
        observe: Callable[[str, Kind], None] = lambda _outcome, _kind: None,
    ) -> None:
        self.store = store
        self.queue = queue
        self.notifier = notifier
        self.admin_channel = admin_channel
        self.observe = observe
        self.refusals: dict[str, str] = {}

    async def work(self, claimed: Claimed, lease: Lease) -> None:
        """Deliver one claimed message."""
        message = claimed.message
        about_request = message.subject.kind == REQUEST
        request = await self.store.get(message.subject.id) if about_request else None
        if about_request and (request is None or (message.kind is Kind.ENTRY and not message.thread_ts)):
            await self._give_up(claimed, lease, request, NO_CARD)
            return
        point("before-post")
        try:
            others = await self._others_open(message, request)
            posted = await self.notifier.deliver(message, request, self.store.clock(), others)
        except NotifierLater as later:
            await self._later(claimed, lease, later)
        except NotifierNowhere as nowhere:
            await self._nowhere(claimed, lease, request, nowhere)
        except NotifierFrozen as frozen:
            await self._freeze(claimed, lease, request, frozen.code)
        except NotifierRefused as refused:
            await self._give_up(claimed, lease, request, refused.code)
        except StoreUnavailable:
            raise
        except Exception:
            await self._break(claimed, lease, request)
            raise
        else:
            point("after-post")
            await self.queue.posted(claimed, lease, posted)
            self.refusals.pop(claimed.rate_key, None)
            self.observe("posted", message.kind)

    async def _others_open(self, message: Message, request: Request | None) -> int:
        """Count the other open requests for the same instance, which an approver should know about."""
        if request is None or request.status is not Status.PENDING or message.kind is not Kind.CARD:
            return 0
        return await self.store.others_open(request)

    async def _later(self, claimed: Claimed, lease: Lease, later: NotifierLater) -> None:
        """Try again later; what an operator has to fix goes into the log and into `readyz`."""
        known = {"message": claimed.id, "channel": claimed.message.channel, "reason": later.reason}
        refused = None
        if later.operator:
            log.warning("slack_refuses", operator=later.operator, **known)
            refused = later.reason
            if refused not in NOT_ALLOWED:  # what is refused everywhere is reported by the calls themselves
                self.refusals[claimed.rate_key] = later.operator
        else:
            log.info("message_delayed", seconds=later.seconds, **known)
        await self.queue.delay(claimed, lease, later.seconds, in_doubt=later.in_doubt, refused=refused)
        self.observe("delayed", claimed.message.kind)

    async def _nowhere(
        self, claimed: Claimed, lease: Lease, request: Request | None, nowhere: NotifierNowhere
    ) -> None:
        """Keep a card until its channel accepts it, as long as its request is open, and say so once."""
        message = claimed.message
        waits = message.kind is Kind.CARD and request is not None and request.status not in ENDS
        if not waits and message.kind is not Kind.ADMIN:
            await self._give_up(claimed, lease, request, nowhere.code)
            return
        log.warning("nowhere_to_post", message=message.id, channel=message.channel, code=nowhere.code)
        await self.queue.delay(claimed, lease, nowhere.seconds, in_doubt=False, refused=nowhere.code)
        self.observe("nowhere", message.kind)
        if request is not None:
            await self._tell_unposted(message, request, nowhere.code)

    async def _tell_unposted(self, card: Message, request: Request, code: str) -> None:
        """Tell the requester, once, and the admins, once a day for each channel."""
        now = self.store.clock()
        told = Told(UNPOSTED, now, BOT, request.status, {"code": code})
        async with self.store.begin() as transaction:
            new = await outbox.put_direct(transaction.connection, request, card, told, f"{UNPOSTED}:{code}")
            if not new:
                return
            if channel := self.admin_channel():
                subject, state = Subject(CHANNEL, card.target), f"{code} on day {int(now // DAY)}"
                notice = Told("nowhere", now, BOT, None, {"channel": card.target, "code": code})
                await outbox.put_admin(transaction.connection, channel, subject, state, notice)
            details = {"channel": card.target, "code": code, "kind": card.kind.value}
            await transaction.record("undeliverable", BOT, request.id, details)

    async def _freeze(self, claimed: Claimed, lease: Lease, request: Request | None, code: str) -> None:
        """Leave a card as it is and post the request's state in its thread, once."""
        log.warning("message_frozen", message=claimed.id, channel=claimed.message.channel, code=code)
        async with self.store.begin() as transaction:
            if not await self.queue.leave(transaction.connection, claimed, lease) or request is None:
                return
            entry = NewMessage(Kind.ENTRY, request.channel, Priority.PERSON)
            told = Told(FROZEN, self.store.clock(), BOT, request.status, {"code": code})
            await outbox.put(transaction.connection, outbox.about(request, entry, told, FROZEN))
        self.observe("frozen", claimed.message.kind)

    async def _break(self, claimed: Claimed, lease: Lease, request: Request | None) -> None:
        """Count a failure to render a message; give up after some tries, so that the next one can go out."""
        breaks = await self.queue.broke(claimed, lease)
        if breaks < MOST_BREAKS:
            return
        log.error("message_not_drawn", message=claimed.id, kind=claimed.message.kind.value, tries=breaks)
        if claimed.message.ts is None:
            await self._give_up(claimed, lease, request, NOT_DRAWN)
            return
        async with self.store.begin() as transaction:
            await self.queue.leave(transaction.connection, claimed, lease)
        self.observe("given_up", claimed.message.kind)

    async def _give_up(self, claimed: Claimed, lease: Lease, request: Request | None, code: str) -> None:
        """Drop a message for good and, in the same transaction, queue a direct message to the requester."""
        message = claimed.message
        log.warning("message_given_up", message=message.id, channel=message.channel, code=code)
        self.observe("given_up", message.kind)
        async with self.store.begin() as transaction:
            dropped = await self.queue.drop(transaction.connection, claimed, lease)
            if not dropped or request is None:
                return
            if message.kind not in TO_PEOPLE:
                for number, told in enumerate(message.told):
                    lost = replace(told, details={**told.details, "code": code})
                    key = f"{message.id}:{number}"
                    await outbox.put_direct(transaction.connection, request, message, lost, key)
            details = {"channel": message.target, "code": code, "kind": message.kind.value}
            await transaction.record("undeliverable", BOT, request.id, details)
