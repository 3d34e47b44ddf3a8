"""The outbox as a work queue: messages that may go out now are found through indexes, no matter how many
wait.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    Update,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.message import REQUEST, TO_PEOPLE, Kind, Message, Subject, Told
from bot.ports import Posted
from bot.store.engine import fetch, is_sqlite, transaction
from bot.store.leases import NO_LEASE, Lease, LeasedRows, mine
from bot.store.outbox import DROPPED, POSTED, rate_key, waiting
from bot.store.tables import messages, rate_limits

TOLD: TypeAdapter[Told] = TypeAdapter(Told)

SECONDS_BETWEEN_POSTS = 1.0
"""Slack: about one message a second to a channel (chat.postMessage, Rate limits)."""

SECONDS_BETWEEN_DIRECT = 5.0
"""Seconds between direct messages to one person: nobody is flooded, no matter who causes them."""

UNTRIED = {"tries": 0, "breaks": 0, "in_doubt_since": None}
"""Columns of a message that no attempt is open for."""

LONGEST_PAUSE = 600.0
"""The longest pause for a channel; one that ends later was set before the clock was set back."""

CARD_OF = select(messages.c.ts, messages.c.posted_in).where(
    messages.c.subject_kind == REQUEST,
    messages.c.subject_id == bindparam("about"),
    messages.c.kind == Kind.CARD.value,
)

CANDIDATES = 4
"""Channels to try before looking again, when another worker was quicker."""


@dataclass(frozen=True)
class Claimed:
    """A message to deliver now, and which redraw of its card this delivery fulfils."""

    message: Message
    redraw_version: int
    rate_key: str

    @property
    def id(self) -> int:
        """The row's number."""
        return self.message.id


class MessageQueue(LeasedRows[Claimed]):
    """The outbox as the worker's queue."""

    @cached_property
    def candidates(self) -> Select[Any]:
        """The messages that may go out now, one for each channel that may be posted to, locked.

        In a channel it is the most urgent one; among those of one priority the one whose turn it is.
        """
        keys = self._waiting_keys()
        first = (
            select(messages.c.id)
            .where(messages.c.rate_key == keys.c.key, messages.c.due <= self.time, *self._deliverable())
            .order_by(messages.c.priority, messages.c.turn, messages.c.id)
            .limit(1)
            .scalar_subquery()
        )
        ids = select(first.label("id")).select_from(keys).where(self._rest_of_pause(keys.c.key) == 0.0)
        return (
            select(messages)
            .where(waiting(), messages.c.id.in_(ids), self.free())
            .order_by(messages.c.priority, messages.c.turn, messages.c.id)
            .limit(CANDIDATES)
            .with_for_update(skip_locked=True)
        )

    async def next_due(self) -> float | None:
        """Return when the next message may go out: when it is due and its channel's pause is over."""
        now = self.clock()
        rows = await fetch(self.engine, self.earliest)
        return min(
            (max(due, now + rest) if rest else due for due, rest in rows if due is not None), default=None
        )

    @cached_property
    def earliest(self) -> Select[Any]:
        """When the next message of each rate limit is due, and the seconds of its pause that are left."""
        keys = self._waiting_keys()
        due = (
            select(messages.c.due)
            .where(messages.c.rate_key == keys.c.key, *self._deliverable())
            .order_by(messages.c.due)
            .limit(1)
            .scalar_subquery()
        )
        return select(due, self._rest_of_pause(keys.c.key)).select_from(keys)

    def _waiting_keys(self) -> Any:  # noqa: ANN401 - a CTE's type has no public name
        """Return every rate limit that something waits for; jumps through the index from one to the next."""
        first = select(func.min(messages.c.rate_key).label("key")).where(waiting())
        keys = first.cte("keys", recursive=True)
        after = select(func.min(messages.c.rate_key)).where(waiting(), messages.c.rate_key > keys.c.key)
        following = select(after.scalar_subquery()).where(keys.c.key.is_not(None))
        return keys.union_all(following)

    def _deliverable(self) -> tuple[ColumnElement[bool], ...]:
        """Return messages that wait, that nobody is working on, and that are first in their order; an edit
        waits for nothing.
        """
        earlier = messages.alias("earlier")
        blocked = exists().where(
            waiting(earlier),
            earlier.c.ordering_key == messages.c.ordering_key,
            earlier.c.ts.is_(None),
            earlier.c.id < messages.c.id,
        )
        return waiting(), self.free(), or_(messages.c.ts.is_not(None), ~blocked)

    def _rest_of_pause(self, key: ColumnElement[str]) -> ColumnElement[float]:
        """Return how many seconds a channel has to be left alone, 0 if it's free."""
        ahead = rate_limits.c.free_at.between(self.now, self.now + LONGEST_PAUSE)
        rest = select(rate_limits.c.free_at - self.now).where(rate_limits.c.key == key, ahead)
        return func.coalesce(rest.scalar_subquery(), 0.0)

    @cached_property
    def taken(self) -> Update:
        """With the lease begins an attempt whose outcome is unknown."""
        began = func.coalesce(messages.c.in_doubt_since, self.now)
        return super().taken.values(tries=messages.c.tries + 1, in_doubt_since=began)

    async def claim(self, lease: Lease) -> Claimed | None:
        """Take the next message, and the channel's second with it; None if none may go out now.

        The attempt counts as begun, and its outcome as unknown, before anything is sent.
        """
        async with transaction(self.engine) as connection:
            for row in (await connection.execute(self.candidates)).all():
                if not await self._take_turn(connection, row):
                    continue
                await self.take(connection, row, lease)
                card = await self._card_of(connection, row)
                break
            else:
                return None
        return Claimed(read(row, card), row.redraw_version, row.rate_key)

    async def _card_of(self, connection: AsyncConnection, row: Row[Any]) -> Any:  # noqa: ANN401 - a row, or None
        """Return where the card of an entry's request is."""
        if row.kind != Kind.ENTRY:
            return None
        return (await connection.execute(CARD_OF, {"about": row.subject_id})).one_or_none()

    async def _take_turn(self, connection: AsyncConnection, row: Row[Any]) -> bool:
        """Reserve the channel's next second; False when another worker took it first."""
        turn = {"key": row.rate_key, "team_id": row.team_id, "pause": _pause(row.kind)}
        return await connection.scalar(self.reserved, turn) is not None

    @cached_property
    def reserved(self) -> Any:  # noqa: ANN401 - SQLAlchemy has no type for both dialects' inserts
        """What reserves a channel's next `pause` seconds, and returns no row when they are taken."""
        until = self.now + bindparam("pause", type_=Float)
        free = ~rate_limits.c.free_at.between(self.now, self.now + LONGEST_PAUSE)
        dialect = sqlite if is_sqlite(self.engine) else postgresql
        return (
            dialect.insert(rate_limits)
            .values(free_at=until)
            .on_conflict_do_update(index_elements=["key"], set_={"free_at": until}, where=free)
            .returning(rate_limits.c.key)
        )

    def unchanged(self, row: Claimed) -> ColumnElement[bool]:
        """Return the message, unless it has to be redrawn by now."""
        return messages.c.redraw_version == row.redraw_version

    async def posted(self, claimed: Claimed, lease: Lease, posted: Posted) -> None:
        """Record where Slack put the message; a card that has to be redrawn by now stays in the queue.

        The channel's next second begins now: the post may have taken a while.
        """
        message = claimed.message
        known = {"ts": posted.ts, "posted_in": posted.channel, **UNTRIED, **NO_LEASE}
        known |= {"rate_key": rate_key(message.team_id, message.target, edits=True)}
        drawn = {"own_version": claimed.redraw_version}
        async with transaction(self.engine) as connection:
            await connection.execute(self.drawn, mine(claimed.id, lease) | known | drawn)
            await self._rest(connection, claimed, _pause(message.kind), None)
        lease.given_back = True

    @cached_property
    def drawn(self) -> Update:
        """An update of our own row, which waits on only if it has to be redrawn."""
        is_drawn = messages.c.redraw_version == bindparam("own_version")
        state, due = case((is_drawn, POSTED), else_=messages.c.state), case((~is_drawn, messages.c.due))
        return self.own.values(state=state, due=due)

    async def leave(self, connection: AsyncConnection, claimed: Claimed, lease: Lease) -> bool:
        """Leave a posted message as it is until it changes again; False when the lease was lost."""
        values = {"state": POSTED, "due": None, **UNTRIED}
        left = await connection.execute(self.own, mine(claimed.id, lease) | values)
        return left.rowcount == 1

    async def delay(
        self,
        claimed: Claimed,
        lease: Lease,
        seconds: float,
        *,
        in_doubt: bool = True,
        refused: str | None = None,
    ) -> None:
        """Try again later, with the whole channel; `refused` is Slack's error code."""
        values: dict[str, Any] = {"due": self.clock() + seconds}
        values |= {} if in_doubt else {"in_doubt_since": None}
        async with transaction(self.engine) as connection:
            await connection.execute(self.own, mine(claimed.id, lease) | values)
            await self._rest(connection, claimed, min(seconds, LONGEST_PAUSE), refused)

    async def _rest(
        self, connection: AsyncConnection, claimed: Claimed, seconds: float, refused: str | None
    ) -> None:
        """Leave the channel alone for some seconds."""
        rest = {"own_key": claimed.rate_key, "pause": seconds, "refused": refused}
        await connection.execute(self.resting, rest)

    @cached_property
    def resting(self) -> Update:
        """What leaves the channel `own_key` alone for `pause` seconds."""
        until = self.now + bindparam("pause", type_=Float)
        return update(rate_limits).where(rate_limits.c.key == bindparam("own_key")).values(free_at=until)

    async def broke(self, claimed: Claimed, lease: Lease) -> int:
        """Count a failure to render the message; return how many there were."""
        async with transaction(self.engine) as connection:
            broken = self.own.values(breaks=messages.c.breaks + 1).returning(messages.c.breaks)
            return await connection.scalar(broken, mine(claimed.id, lease)) or 0

    async def drop(self, connection: AsyncConnection, claimed: Claimed, lease: Lease) -> bool:
        """Give a message up for good, in the caller's transaction; False when the lease was lost."""
        values = {"state": DROPPED, "due": None}
        dropped = await connection.execute(self.own, mine(claimed.id, lease) | values)
        return dropped.rowcount == 1


def _pause(kind: str) -> float:
    return SECONDS_BETWEEN_DIRECT if kind in TO_PEOPLE else SECONDS_BETWEEN_POSTS


def read(row: Row[Any], card: Row[Any] | None) -> Message:
    """Return the message in a row; `tries` counts the attempts before this one."""
    return Message(
        id=row.id,
        team_id=row.team_id,
        kind=Kind(row.kind),
        target=row.target,
        subject=Subject(row.subject_kind, row.subject_id),
        told=tuple(TOLD.validate_python(each) for each in row.told),
        posted_in=row.posted_in or (card.posted_in if card else None),
        ts=row.ts,
        thread_ts=card.ts if card else None,
        tries=row.tries,
        in_doubt_since=row.in_doubt_since,
    )
