"""Requests in the database, read and written as whole values."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.crash_points import point
from bot.domain.lifecycle import ENDS, HANDS, Hands, Status
from bot.domain.request import CLOUD_BUSY, PLACES_TAKEN, Delegation, Request
from bot.ports import Posted
from bot.store import delegations, notices, posts, preferences
from bot.store.engine import fetch, transaction
from bot.store.leases import LONGEST_LEASE, NO_LEASE, Lease, LeasedRows, mine
from bot.store.tables import requests
from bot.store.transaction import ROW, Recorded, Transaction, read

NAMES = 50
"""Names of images that are looked at to find one that isn't taken."""
STILL_OPEN = requests.c.status.in_([status.value for status in Status if status not in ENDS])

# What every command and step asks is built once: building a statement takes as long as executing it.
BY_ID = select(*ROW).where(requests.c.id == bindparam("id"))
BY_KEY = select(*ROW).where(
    requests.c.team_id == bindparam("team_id"), requests.c.intake_key == bindparam("key")
)
OF_PERSON = (requests.c.team_id == bindparam("team_id"), requests.c.requester == bindparam("requester"))
ASKED_BY = select(
    select(func.count()).where(*OF_PERSON, STILL_OPEN).scalar_subquery(),
    select(func.count()).where(*OF_PERSON, requests.c.created_at > bindparam("since")).scalar_subquery(),
)
OF_INSTANCE = requests.c.instance_id == bindparam("instance_id")
OPEN_FOR = select(*ROW).where(*OF_PERSON, STILL_OPEN, OF_INSTANCE)
OTHERS = requests.c.id != bindparam("id")
OTHERS_OPEN = select(func.count()).where(OF_INSTANCE, OTHERS, STILL_OPEN)
OCCUPIED = select(requests.c.slot, requests.c.holds).where(
    or_(requests.c.slot.is_not(None), requests.c.holds == bindparam("instance_id")), OTHERS
)

LOOK_SECONDS = 0.3
"""Seconds left of the three that a person waits, after a write has used all of its time."""


class Store:
    """The database, as the service, the steps and the workers use it."""

    def __init__(
        self,
        engine: AsyncEngine,
        clock: Callable[[], float],
        wake: Callable[[], None],
        heard: Callable[[Recorded], None] = lambda _: None,
    ) -> None:
        """Take what to wake after a commit, and what to call with each audit entry it wrote."""
        self.engine = engine
        self.clock = clock
        self.wake = wake
        self.heard = heard

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """Open a transaction that writes; its commit wakes everybody who waits for work, in any process."""
        async with transaction(self.engine) as connection:
            await notices.send(
                connection
            )  # goes out with the commit; said first, it holds up no other writer
            written = Transaction(connection, self.clock)
            yield written
            point("before-commit")
        point("after-commit")
        self.wake()
        for each in written.recorded:
            self.heard(each)

    async def delegations(self, team_id: str) -> tuple[Delegation, ...]:
        """Return every delegation of a workspace that is in force now."""
        return await delegations.in_force(self.engine, team_id, self.clock())

    async def told_of_each(self, team_id: str) -> frozenset[str]:
        """Return who wants a direct message about each request that waits for them."""
        return await preferences.told_of_each(self.engine, team_id)

    async def get(self, request_id: str) -> Request | None:
        """Return a request as it is, or None."""
        return _first(await fetch(self.engine, BY_ID, {"id": request_id}))

    async def by_key(self, team_id: str, key: str) -> Request | None:
        """Return the request that an earlier delivery of the same command or form made, or give up soon.

        The caller has already waited for a write.
        """
        mine = {"team_id": team_id, "key": key}
        return _first(await fetch(self.engine, BY_KEY, mine, seconds=LOOK_SECONDS))

    async def find(
        self,
        *,
        team_id: str | None = None,
        requester: str | None = None,
        statuses: Sequence[Status] = (),
        limit: int = 20,
        offset: int = 0,
        waiting_first: bool = False,
    ) -> tuple[Request, ...]:
        """Return requests, newest first; None means every workspace or person, empty `statuses` any.

        With `waiting_first`, those that wait for approval come first, then others that haven't ended.
        """
        rank = case((requests.c.status == Status.PENDING.value, 0), (STILL_OPEN, 1), else_=2)
        order = (*([rank] if waiting_first else []), requests.c.created_at.desc(), requests.c.id)
        query = select(*ROW).order_by(*order).limit(limit).offset(offset)
        if team_id is not None:
            query = query.where(requests.c.team_id == team_id)
        if requester is not None:
            query = query.where(requests.c.requester == requester)
        if statuses:
            query = query.where(requests.c.status.in_([status.value for status in statuses]))
        return tuple(map(read, await fetch(self.engine, query)))

    async def asked_by(self, team_id: str, requester: str, since: float) -> tuple[int, int]:
        """Count a person's requests that haven't ended, and those sent since then (epoch seconds)."""
        mine = {"team_id": team_id, "requester": requester, "since": since}
        ((still_open, lately),) = await fetch(self.engine, ASKED_BY, mine)
        return still_open, lately

    async def open_for(self, team_id: str, requester: str, instance_id: str) -> Request | None:
        """Return a person's newest request for an instance that hasn't ended."""
        mine = {"team_id": team_id, "requester": requester, "instance_id": instance_id}
        found = map(read, await fetch(self.engine, OPEN_FOR, mine))
        # There are few. In order, the database would walk through all that the person ever had.
        return max(found, key=lambda request: request.created_at, default=None)

    async def others_open(self, request: Request) -> int:
        """Count the other requests for its instance that haven't ended, no matter who asked."""
        others = {"id": request.id, "instance_id": request.image.instance_id}
        ((count,),) = await fetch(self.engine, OTHERS_OPEN, others)
        return int(count)

    async def images_of(self, team_id: str, instance_id: str, most: int) -> tuple[Request, ...]:
        """Return a workspace's requests whose images of an instance are available, newest first."""
        query = (
            select(*ROW)
            .where(requests.c.instance_id == instance_id, requests.c.team_id == team_id)
            .where(requests.c.status == Status.AVAILABLE.value)
            .order_by(requests.c.ended_at.desc())
            .limit(most)
        )
        return tuple(map(read, await fetch(self.engine, query)))

    async def image_names(self, team_id: str, instance_id: str) -> frozenset[str]:
        """Return the names of an instance's newest images, and of those that were requested."""
        mine = (requests.c.instance_id == instance_id, requests.c.team_id == team_id)
        made = requests.c.status == Status.AVAILABLE.value
        newest = select(*ROW).where(*mine, made).order_by(requests.c.ended_at.desc()).limit(NAMES)
        to_come = select(*ROW).where(*mine, STILL_OPEN).limit(NAMES)
        async with transaction(self.engine, reads=True, seconds=LOOK_SECONDS) as connection:
            rows = [row for query in (newest, to_come) for row in await connection.execute(query)]
        return frozenset(read(row).image.image_name or "" for row in rows)

    async def card_of(self, request_id: str) -> Posted | None:
        """Return where a request's card is; None before it was posted."""
        return await posts.card_of(self.engine, request_id)

    async def occupied(self, request: Request) -> tuple[frozenset[int], bool]:
        """Return the slots that others use, and whether another holds the instance."""
        mine = request.image.instance_id
        rows = await fetch(self.engine, OCCUPIED, {"id": request.id, "instance_id": mine})
        slots = frozenset(row.slot for row in rows if row.slot is not None)
        return slots, any(row.holds == mine for row in rows)

    async def place_in_line(self, request: Request) -> int | None:
        """Return the place in line of a request that waits for an image: 1 is next; None for any other."""
        mine = (request.approved_at or 0.0, request.id)
        query = select(func.count()).where(
            requests.c.status == Status.APPROVED.value,
            requests.c.holds.is_(None),
            requests.c.due <= self.clock(),
            tuple_(requests.c.approved_at, requests.c.id) < tuple_(*map(literal, mine)),
        )
        if request.status is not Status.APPROVED or request.holds or (request.start_at or 0.0) > self.clock():
            return None
        ((before,),) = await fetch(self.engine, query)
        return int(before) + 1


def _first(rows: Sequence[Row[str, int]]) -> Request | None:
    """Return the request in the only row, None when there is none."""
    return read(rows[0]) if rows else None


class RequestQueue(LeasedRows[Request]):
    """Requests as the work of one kind of worker, or (None) of any."""

    def __init__(self, store: Store, hands: Hands | None = None) -> None:
        super().__init__(store.engine, requests, store.clock)
        self.hands = hands
        self.statuses = [each.value for each in Status if hands in (None, HANDS[each])]

    def workable(self) -> ColumnElement[bool]:
        """Return the requests that this kind of worker works on and that nobody is working on.

        An approved request that holds its instance is no longer in line: the watching worker continues it.
        """
        held = and_(requests.c.status == Status.APPROVED.value, requests.c.holds.is_not(None))
        match self.hands:
            case Hands.WATCH:
                theirs = or_(requests.c.status.in_(self.statuses), held)
            case Hands.CREATE:
                theirs = and_(requests.c.status.in_(self.statuses), requests.c.holds.is_(None))
            case _:
                theirs = requests.c.status.in_(self.statuses)
        return and_(theirs, super().workable())

    async def claim(self, lease: Lease) -> Request | None:
        """Take the request that has waited longest; None when nothing is due."""
        async with transaction(self.engine) as connection:
            row = (await connection.execute(self.candidates)).one_or_none()
            if row is None:
                return None
            await self.take(connection, row, lease)
        return read(row)

    async def sleep(self, request: Request, lease: Lease, until: float | None) -> None:
        """Set when to look again, unless somebody changed the request meanwhile, and give it back."""
        values = {"due": until, "tries": 0, **NO_LEASE, "own_revision": request.revision}
        async with transaction(self.engine) as connection:
            slept = await connection.execute(self.asleep, mine(request.id, lease) | values)
        lease.given_back = slept.rowcount == 1

    @cached_property
    def asleep(self) -> Update:
        """An update of our own row that nobody changed meanwhile."""
        return self.own.where(requests.c.revision == bindparam("own_revision"))

    def unchanged(self, row: Request) -> ColumnElement[bool]:
        """Return the request, if nobody changed it since."""
        return requests.c.revision == row.revision


class Line(RequestQueue):
    """Approved requests in the order of their approvals, handed out as slots become free.

    Waiting costs no writes: whether there is a free slot is checked when a request is claimed. A request
    whose instance is being imaged holds nobody up; one that the cloud turned away holds up the line,
    because the next would fare no better.
    """

    def __init__(self, store: Store, places: int) -> None:
        super().__init__(store, Hands.CREATE)
        self.places = places

    def due(self) -> ColumnElement[bool]:
        """Return the requests that are due, as a sum: with an index on `due`, SQLite would sort the whole
        line.
        """
        return requests.c.due + 0.0 <= self.time

    def workable(self) -> ColumnElement[bool]:
        """Return the approved requests whose instance no other request holds."""
        other = requests.alias()
        held = exists().where(other.c.holds == requests.c.instance_id)
        return and_(super().workable(), ~held)

    @cached_property
    def candidates(self) -> Select[Any]:
        """The request that was approved first, if there is a free slot."""
        first = super().candidates.order_by(None).order_by(requests.c.approved_at, requests.c.id)
        return first.where(self._taken() < self.places, ~exists().where(*self._sent_away(requests.alias())))

    @cached_property
    def earliest(self) -> Select[Any]:
        """When the next request may be started; NULL while every slot is taken."""
        held_until = select(func.max(requests.c.due)).where(*self._sent_away(requests)).scalar_subquery()
        due = case((self._taken() < self.places, super().earliest.scalar_subquery()))
        return select(func.coalesce(held_until, due))

    def _taken(self) -> ColumnElement[int]:
        """Slots taken: images being made, instances stopped for one, requests being started."""
        other = requests.alias()
        made = select(func.count()).where(other.c.slot.is_not(None))
        started = select(func.count()).where(
            other.c.lease_until.between(self.now, self.now + LONGEST_LEASE),
            other.c.status == Status.APPROVED.value,
            other.c.slot.is_(None),
        )
        return made.scalar_subquery() + started.scalar_subquery()

    def _sent_away(self, table: FromClause) -> tuple[ColumnElement[bool], ...]:
        """Return the requests that the cloud was too busy for, and that it is to be asked about again
        later.
        """
        busy = table.c.queue_reason.in_([PLACES_TAKEN, CLOUD_BUSY])
        return table.c.status == Status.APPROVED.value, table.c.due > self.time, busy


def request_queues(store: Store, places: int) -> dict[Hands, RequestQueue]:
    """Return the queues of all workers; `places` is how many images are made at once."""
    return {
        Hands.WATCH: RequestQueue(store, Hands.WATCH),
        Hands.REVIEW: RequestQueue(store, Hands.REVIEW),
        Hands.CREATE: Line(store, places),
    }
