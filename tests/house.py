"""The core, put together on fakes: a database, a clock, the service, the steps and the deliveries."""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from bot.allowlist import Allowlist, load
from bot.allowlist.authorizer import Authorizer
from bot.domain.image import CreateImage
from bot.domain.lifecycle import Status
from bot.domain.message import Message
from bot.domain.request import Person, Request, Submission
from bot.domain.vocabulary import Deployment
from bot.ports import Cloud, Notifier
from bot.service import Service
from bot.service.outcomes import Submitted
from bot.settings import Settings
from bot.steps import RequestSteps
from bot.steps.deliver import DeliverSteps
from bot.store import audit
from bot.store.engine import open_engine, transaction
from bot.store.leases import Lease
from bot.store.message_queue import MessageQueue
from bot.store.requests import RequestQueue, Store, request_queues
from bot.store.tables import messages, rate_limits, requests
from bot.store.transaction import columns
from tests.fakes import changed
from tests.ports import Clock, FakeCloud, FakeDirectory, FakeNotifier

ALICE, BOB, CAROL, DAVE, EVE = "U0ALICE", "U0BOB", "U0CAROL", "U0DAVE", "U0EVE"
INSTANCE = "ws-0buj1s9gm000001"
AUDIT_KEY = b"of the tests, and of nobody else"
RULES = Path(__file__).parent / "data" / "house.yaml"
READS_GOLDEN = RULES.with_name("reads_golden.yaml")
"""An allowlist that lets Alice and Dave read requests for images called golden, and nothing else."""


def person(user_id: str, channel: str = "C0IMAGES") -> Person:
    """Somebody, acting in a channel."""
    return Person(user_id, "T0TEAM", channel)


def rules_where(condition: str) -> str:
    """Return an allowlist that lets Alice ask, and Bob approve if this condition on one key holds."""
    return f"""\
policies:
  requester:
    Version: "1"
    Statement: [{{Effect: Allow, Action: "appstreaming:CreateImageByInstance", Resource: "*"}}]
  approver:
    Version: "1"
    Statement:
      - Effect: Allow
        Action: "imagebot:ApproveImageRequest"
        Resource: "*"
        Condition: {{StringEquals: {{{condition}}}}}
attachments:
  - {{users: [U0ALICE], policies: [requester]}}
  - {{users: [U0BOB], policies: [approver]}}
"""


def lease(seconds: float = 30.0) -> Lease:
    """A new lease."""
    return Lease(secrets.token_hex(8), seconds)


class House:
    """One process of the bot without its wires; several on one database are several processes."""

    def __init__(self, url: str, clock: Clock | None = None, **settings: Any) -> None:
        self.clock = clock or Clock()
        self.cloud, self.directory, self.notifier = FakeCloud(), FakeDirectory(), FakeNotifier()
        self.directory.groups = {"S0OPS": {BOB, EVE}, "S0SEC": {CAROL}}
        self.allowlist: Allowlist = load(RULES)
        self.settings = Settings(
            **{"slack_bot_token": "xoxb-test", "image_channel": "C0IMAGES", "watch_seconds": 5.0, **settings}
        )
        self.engine = open_engine(url, AUDIT_KEY)
        self.woken = 0
        self.store = Store(self.engine, self.clock, self.wake)
        self.rights = Authorizer(
            lambda: self.allowlist, self.directory, Deployment("cn-shanghai"), self.clock
        )
        self.service = Service(self.store, self.rights, self.settings)
        self.requests = RequestQueue(self.store)
        self.outbox = MessageQueue(self.engine, messages, self.clock)
        self.on(self.cloud, self.notifier)

    def on(self, cloud: Cloud, notifier: Notifier) -> None:
        """Use this cloud and this notifier from now on: the fakes, or real ones on a local wire."""
        self.steps = RequestSteps(self.store, self.requests, cloud, self.rights, self.settings)
        self.deliveries = DeliverSteps(self.store, self.outbox, notifier)

    def wake(self) -> None:
        """Count how often somebody was woken."""
        self.woken += 1

    async def submit(self, user: str = ALICE, instance: str = INSTANCE, **fields: Any) -> Request:
        """Ask for an image that the allowlist allows."""
        image = CreateImage(instance_id=instance, **fields.pop("image", {}))
        outcome = await self.service.submit(person(user), Submission(image, **{"anyway": True, **fields}))
        assert isinstance(outcome, Submitted), outcome
        return outcome.request

    async def approved(self, **fields: Any) -> Request:
        """Return a request that Bob has approved, before the cloud is called."""
        request = await self.submit(**fields)
        await self.service.review(person(BOB), request.id, approves=True)
        reviewed = await self.get(request)
        return await self.set(reviewed, status=Status.APPROVED, approved_at=self.clock())

    async def get(self, request: Request) -> Request:
        """Return the request as it is now."""
        found = await self.store.get(request.id)
        assert found is not None
        return found

    async def set(self, request: Request, **fields: Any) -> Request:
        """Put a request into a state directly; it is due now."""
        after = changed(request, revision=request.revision + 1, **fields)
        async with transaction(self.engine) as connection:
            await connection.execute(
                update(requests)
                .where(requests.c.id == request.id)
                .values(**columns(after), due=self.clock(), created_at=after.created_at)
            )
        return after

    async def step(self) -> int:
        """Work on requests until none is due; return how many were worked on."""
        worked = 0
        while worked < 100:
            token = lease()
            request = await self._claim(token)
            if request is None:
                return worked
            worked += 1
            await self._work(lambda r=request, t=token: self.steps.work(r, t), request, token)  # type: ignore[misc]  # bound now
        raise AssertionError("a request is due again and again")

    async def _claim(self, token: Lease) -> Request | None:
        for queue in request_queues(self.store, self.settings.images_at_once).values():
            if (request := await queue.claim(token)) is not None:
                return request
        return None

    async def _work(self, work: Callable[[], Any], request: Request, token: Lease) -> None:
        try:
            await work()
        except Exception:
            await self.requests.put_off(request, token)
            raise
        finally:
            await self.requests.release(request.id, token)

    async def deliver(self) -> int:
        """Deliver every due message, as if each had waited its second; return how many attempts it took."""
        attempts = 0
        while attempts < 200:
            async with transaction(self.engine) as connection:
                await connection.execute(update(rate_limits).values(free_at=0.0))
            token = lease()
            claimed = await self.outbox.claim(token)
            if claimed is None:
                return attempts
            attempts += 1
            try:
                await self.deliveries.work(claimed, token)
            finally:
                await self.outbox.release(claimed.id, token)
        raise AssertionError("a message is due again and again")

    async def settle(self) -> None:
        """Work and deliver until both are done for now."""
        while await self.step() + await self.deliver():
            pass

    async def messages(self) -> list[Any]:
        """Return the outbox's rows, in order."""
        async with transaction(self.engine, reads=True) as connection:
            return list((await connection.execute(select(messages).order_by(messages.c.id))).all())

    async def log(self) -> list[audit.Entry]:
        """Return the audit log."""
        async with transaction(self.engine, reads=True) as connection:
            return [entry async for entry in audit.entries(connection)]

    def told(self) -> list[tuple[str, str]]:
        """Return what people see: kind and event of each post, in order."""
        return [(message.kind.value, str(message.last.event)) for message in self.notifier.order]

    async def aclose(self) -> None:
        """Close the database."""
        await self.engine.dispose()


def events(posts: list[Message]) -> list[str]:
    """Return the events that were told, in order."""
    return [str(message.last.event) for message in posts]
