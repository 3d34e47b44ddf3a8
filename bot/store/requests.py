"""Requests in the database, read and written as whole values."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.lifecycle import Status
from bot.records import Request
from bot.store.engine import transaction
from bot.store.leases import Lease, LeasedRows
from bot.store.tables import requests
from bot.store.transaction import Transaction, read


class Store:
    """The database, as the service, the steps and the reconciler use it."""

    def __init__(self, engine: AsyncEngine, clock: Callable[[], float], wake: Callable[[], None]) -> None:
        self.engine = engine
        self.clock = clock
        self.wake = wake

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """Open a transaction that writes; whoever waits for work is woken once it is on disk."""
        async with transaction(self.engine) as connection:
            yield Transaction(connection, self.clock)
        self.wake()

    async def get(self, request_id: str) -> Request | None:
        """Return a request as it stands, or None."""
        async with transaction(self.engine, reads=True) as connection:
            body = await connection.scalar(select(requests.c.body).where(requests.c.id == request_id))
        return None if body is None else read(body)

    async def find(
        self, *, requester: str | None = None, statuses: Sequence[Status] = (), limit: int = 20
    ) -> tuple[Request, ...]:
        """Return requests, newest first; empty `statuses` means any."""
        query = select(requests.c.body).order_by(requests.c.created_at.desc(), requests.c.id).limit(limit)
        if requester is not None:
            query = query.where(requests.c.requester == requester)
        if statuses:
            query = query.where(requests.c.status.in_([status.value for status in statuses]))
        async with transaction(self.engine, reads=True) as connection:
            return tuple(read(body) for body in (await connection.execute(query)).scalars())

    async def occupied(self, instance_id: str) -> tuple[frozenset[int], bool]:
        """Return the slots in use, and whether an image of this instance is being made."""
        query = select(requests.c.slot, requests.c.instance_id).where(
            requests.c.status == Status.CREATING.value
        )
        async with transaction(self.engine, reads=True) as connection:
            rows = (await connection.execute(query)).all()
        return frozenset(row.slot for row in rows), any(row.instance_id == instance_id for row in rows)

    async def ahead_of(self, request: Request) -> int:
        """Count the requests that were approved before this one and wait for a place as well."""
        query = select(requests.c.body).where(requests.c.status == Status.APPROVED.value)
        async with transaction(self.engine, reads=True) as connection:
            waiting = [read(body) for body in (await connection.execute(query)).scalars()]
        mine = (request.approved_at or 0.0, request.id)
        return sum(
            other.queue_reason is not None and (other.approved_at or 0.0, other.id) < mine
            for other in waiting
        )


class RequestQueue(LeasedRows[Request]):
    """Requests as the reconciler's work."""

    def __init__(self, store: Store) -> None:
        super().__init__(store.engine, requests, store.clock)

    async def claim(self, lease: Lease) -> Request | None:
        """Take the request that has waited longest; None when nothing is due."""
        async with transaction(self.engine) as connection:
            row = (await connection.execute(self.candidates())).one_or_none()
            if row is None:
                return None
            await self.take(connection, row.id, lease)
        return read(row.body)

    async def sleep(self, request: Request, lease: Lease, until: float | None) -> None:
        """Set when to look again, unless somebody changed the request meanwhile."""
        unchanged = requests.c.revision == request.revision
        async with transaction(self.engine) as connection:
            await connection.execute(
                update(requests).where(*self.mine(request.id, lease), unchanged).values(due=until, tries=0)
            )
