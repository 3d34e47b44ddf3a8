"""Rows worked on by one worker at a time: claimed when due, under a lease that expires by the database's
clock.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import ColumnElement, Float, Select, Table, Update, bindparam, or_, select, update
from sqlalchemy.engine import Row as RowOf
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.engine import clock_of, fetch, transaction

LONGEST_WAIT = 60.0
LONGEST_LEASE = 600.0

Key = str | int


class Row(Protocol):
    """An item of a queue: something with the row's key."""

    @property
    def id(self) -> Key:
        """The key."""


R = TypeVar("R", bound=Row)

NO_LEASE = {"lease_owner": None, "lease_until": None}
"""Columns of a row that nobody works on."""


@dataclass
class Lease:
    """The right to work on one row until it lapses; `token` is new with every claim.

    `given_back` is set by the write that gave the row back with what it wrote.
    """

    token: str
    seconds: float
    given_back: bool = False


def mine(row_id: Key, lease: Lease) -> dict[str, Any]:
    """Return the parameters that name a row and our lease on it."""
    return {"own_id": row_id, "own_lease": lease.token}


class LeasedRows(ABC, Generic[R]):
    """A table with the columns `id`, `due`, `tries`, `lease_owner` and `lease_until`, as a queue of work.

    What every worker asks whenever something was written is built once: building took longer than asking.
    """

    def __init__(self, engine: AsyncEngine, table: Table, clock: Callable[[], float]) -> None:
        self.engine = engine
        self.table = table
        self.clock = clock
        self.now = clock_of(engine)
        self.time = bindparam("time", callable_=lambda: self.clock(), type_=Float)
        """The process's time, whenever a statement with it is executed."""
        self.took_over: Callable[[], None] = lambda: None

    @abstractmethod
    async def claim(self, lease: Lease) -> R | None:
        """Take the row that has waited longest; None when there is none that may be worked on now."""

    @abstractmethod
    def unchanged(self, row: R) -> ColumnElement[bool]:
        """Return the row, if nobody else changed it since it was claimed."""

    def due(self) -> ColumnElement[bool]:
        """Return the rows that want to be looked at now."""
        return self.table.c.due <= self.time

    def workable(self) -> ColumnElement[bool]:
        """Return the rows that may be worked on once they are due."""
        return self.free()

    def free(self) -> ColumnElement[bool]:
        """Return the rows that nobody works on.

        A lease that ends too far in the future was given before the clock was set back.
        """
        until = self.table.c.lease_until
        return or_(until.is_(None), until < self.now, until > self.now + LONGEST_LEASE)

    @cached_property
    def own(self) -> Update:
        """An update of the row that `mine` names, if the lease on it is still ours."""
        row, lease = (
            self.table.c.id == bindparam("own_id"),
            self.table.c.lease_owner == bindparam("own_lease"),
        )
        return update(self.table).where(row, lease)

    @cached_property
    def taken(self) -> Update:
        """An update that puts our lease on the row that `mine` names, for `seconds` from now."""
        until = self.now + bindparam("seconds", type_=Float)
        leased = {"lease_owner": bindparam("own_lease"), "lease_until": until}
        return update(self.table).where(self.table.c.id == bindparam("own_id")).values(leased)

    @cached_property
    def candidates(self) -> Select[Any]:
        """The row that has been due longest, locked.

        Rows that another worker is claiming are skipped.
        """
        return (
            select(self.table)
            .where(self.due(), self.workable())
            .order_by(self.table.c.due, self.table.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )

    async def take(self, connection: AsyncConnection, row: RowOf[Any], lease: Lease) -> None:
        """Put our lease on a row that `candidates` locked; another one still on it was left behind."""
        if row.lease_owner is not None:
            self.took_over()
        await connection.execute(self.taken, mine(row.id, lease) | {"seconds": lease.seconds})

    async def renew(self, row_id: Key, lease: Lease) -> bool:
        """Extend the lease; False when it was lost."""
        extended = self.own.values(lease_until=self.now + lease.seconds)
        async with transaction(self.engine) as connection:
            renewed = await connection.execute(extended, mine(row_id, lease))
        return renewed.rowcount == 1

    async def release(self, row_id: Key, lease: Lease) -> None:
        """Give the row back, unless that is done; its own `due` says when it's next."""
        if not lease.given_back:
            async with transaction(self.engine) as connection:
                await connection.execute(self.own, mine(row_id, lease) | NO_LEASE)

    async def put_off(self, row: R, lease: Lease) -> float:
        """Put off a row whose work broke by 1, 2, 4 … 60 s, unless it was changed; return the seconds."""
        unchanged = self.own.where(self.unchanged(row))
        async with transaction(self.engine) as connection:
            tries = await connection.scalar(select(self.table.c.tries).where(self.table.c.id == row.id)) or 0
            wait = min(LONGEST_WAIT, 2.0 ** min(tries, 10))
            later = {"due": self.clock() + wait, "tries": tries + 1}
            await connection.execute(unchanged, mine(row.id, lease) | later)
        return wait

    async def bring_forward(self) -> None:
        """Make everything that sleeps due now: the clock was set back, and each step decides for itself."""
        sleeping = (self.table.c.due.is_not(None), self.table.c.due > self.clock())
        async with transaction(self.engine) as connection:
            await connection.execute(update(self.table).where(*sleeping).values(due=self.clock()))

    async def next_due(self) -> float | None:
        """Return when the next row that nobody works on wants to be looked at, in epoch seconds."""
        ((due,),) = await fetch(self.engine, self.earliest)
        return None if due is None else float(due)

    @cached_property
    def earliest(self) -> Select[Any]:
        """When that is; NULL for never."""
        wanting = select(self.table.c.due).where(self.table.c.due.is_not(None), self.workable())
        return select(wanting.order_by(self.table.c.due).limit(1).scalar_subquery())
