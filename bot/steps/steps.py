"""Takes a request's next step and writes its outcome to the database."""

from dataclasses import replace

import structlog
from sqlalchemy.exc import IntegrityError

from bot.allowlist.authorizer import Authorizer
from bot.domain.changes import Change, Sleep
from bot.domain.lifecycle import Status, follow, hands_over
from bot.domain.request import Request
from bot.ports import Cloud
from bot.settings import Settings
from bot.steps.create import CreateSteps
from bot.steps.distribute import DistributeSteps
from bot.steps.pending import PendingSteps
from bot.steps.places import CONTENDED_SECONDS
from bot.steps.restore import RestoreSteps
from bot.store.leases import Lease
from bot.store.requests import RequestQueue, Store

log = structlog.get_logger(__name__)


class RequestSteps:
    """A worker's work on requests: step after step, while one is due and we hold the lease."""

    def __init__(
        self, store: Store, queue: RequestQueue, cloud: Cloud, rights: Authorizer, settings: Settings
    ) -> None:
        self.store = store
        self.queue = queue
        self.clock = store.clock
        self.pending = PendingSteps(store, cloud, rights)
        self.create_steps = CreateSteps(store, cloud, rights, settings)
        self.distribute_steps = DistributeSteps(store, cloud, rights, settings)
        self.restore_steps = RestoreSteps(store, cloud, rights, settings)

    async def work(self, request: Request, lease: Lease) -> None:
        """Take steps until the request can sleep, or somebody else has changed it."""
        current: Request | None = request
        while current is not None:
            outcome = await self._next(current, lease)
            if isinstance(outcome, Sleep):
                await self.queue.sleep(current, lease, outcome.until)
                return
            written = await self._write(current, outcome, lease)
            current = None if lease.given_back else written

    async def _next(self, request: Request, lease: Lease) -> Change | Sleep:
        """Start the instance that was stopped for the request, then go on with the request itself."""
        restored = await self.restore_steps.step(request)
        if isinstance(restored, Change):
            return restored
        return _no_later(await self._own(request, lease), restored.until)

    async def _own(self, request: Request, lease: Lease) -> Change | Sleep:
        match request.status:
            case Status.PENDING:
                return await self.pending.step(request)
            case Status.APPROVED:
                return await self.create_steps.start(request, lease)
            case Status.CREATING:
                return await self.create_steps.step(request, lease)
            case Status.FAILED:
                return await self.create_steps.watch_steps.late(request)
            case Status.AVAILABLE:
                return await self.distribute_steps.step(request, lease)
            case Status.REJECTED | Status.EXPIRED | Status.CANCELLED:
                return Sleep(None)

    async def _write(self, request: Request, change: Change, lease: Lease) -> Request | None:
        """Write a step's outcome; None when somebody else has changed the request or taken the slot."""
        gives_back = not self._goes_on(request, change)
        try:
            async with self.store.begin() as transaction:
                written = await transaction.write(request, change, lease, gives_back=gives_back)
        except IntegrityError:
            await self.queue.sleep(request, lease, self.clock() + CONTENDED_SECONDS)
            return None
        if written is None:
            log.info(
                "step_was_late", request=request.id, step=change.event
            )  # somebody else changed it meanwhile
            return None
        lease.given_back = gives_back
        return written

    def _goes_on(self, request: Request, change: Change) -> bool:
        """Tell whether a step is due after this one, and is this worker's."""
        due_now = change.due is not None and change.due <= self.clock()
        return due_now and not hands_over(request.status, follow(request.status, change.event))


def _no_later(step: Change | Sleep, until: float | None) -> Change | Sleep:
    """Return the step, with another look at `until` at the latest."""
    if until is None:
        return step
    if isinstance(step, Sleep):
        return Sleep(until if step.until is None else min(step.until, until))
    return replace(step, due=until if step.due is None else min(step.due, until))
