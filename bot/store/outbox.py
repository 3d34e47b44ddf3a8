"""Messages to be posted: written with the change they tell of, sent in order, one a second a channel."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.changes import Change, NewMessage
from bot.domain.lifecycle import Event, Status
from bot.domain.request import Kind, Message, Request
from bot.store.engine import transaction
from bot.store.leases import Lease, LeasedRows
from bot.store.tables import messages, rate_limits

SECONDS_BETWEEN_POSTS = 1.0
"""Slack: about one message a second to a channel (chat.postMessage, Rate limits)."""

EDITS = "/edits"
"""Edits do not count as posts, yet have a pace of their own."""

LONGEST_PAUSE = 600.0
"""No channel is left alone for longer; a pause from farther ahead began before the clock was set back."""

WAITING, POSTED, DROPPED = "waiting", "posted", "dropped"


def lane(request_id: str, kind: Kind, channel: str) -> str:
    """Return what keeps messages in order: a request's thread, or a request's messages to one place."""
    return request_id if kind in {Kind.CARD, Kind.ENTRY} else f"{request_id}:{channel}"


async def put_card(connection: AsyncConnection, request: Request) -> None:
    """Put the one card of a new request into the outbox."""
    card = NewMessage(Kind.CARD, request.channel)
    await put(
        connection, request, card, Change(Event.SUBMIT, request, None, request.requester), request.created_at
    )


async def put(
    connection: AsyncConnection, request: Request, message: NewMessage, change: Change, at: float
) -> None:
    """Put one message into the outbox, in the caller's transaction."""
    row = {
        "team_id": request.team_id,
        "request_id": request.id,
        "kind": message.kind.value,
        "lane": lane(request.id, message.kind, message.channel),
        "channel": message.channel,
        "event": change.event.value,
        "status": request.status.value,
        "actor": change.actor,
        "at": at,
        "details": dict(change.details),
        "state": WAITING,
        "due": at,
    }
    await connection.execute(insert(messages), row)


async def put_direct(
    connection: AsyncConnection, request: Request, lost: Message, code: str, at: float
) -> None:
    """Tell the requester directly what could not be posted where it belongs, and why (Slack's code)."""
    details = {**lost.details, "undeliverable": lost.channel, "code": code}
    change = Change(lost.event, request, None, lost.actor, details)
    await put(connection, request, NewMessage(Kind.DIRECT, request.requester), change, at)


async def redraw_card(connection: AsyncConnection, request_id: str, at: float) -> None:
    """Have a request's card drawn anew; several wishes before it is drawn are one, as old as the first."""
    card = and_(messages.c.request_id == request_id, messages.c.kind == Kind.CARD.value)
    due = case((and_(messages.c.state == WAITING, messages.c.due < at), messages.c.due), else_=at)
    await connection.execute(
        update(messages)
        .where(card, messages.c.state != DROPPED)
        .values(state=WAITING, due=due, wanted=messages.c.wanted + 1)
    )


@dataclass(frozen=True)
class Claimed:
    """A message to deliver now, and which wish for its card this delivery fulfils."""

    message: Message
    wanted: int

    @property
    def id(self) -> int:
        """The row's number."""
        return self.message.id


class MessageQueue(LeasedRows[Claimed]):
    """The outbox as the reconciler's work."""

    def candidates(self) -> Select[Any]:
        """The oldest due message that is first in its lane, in a channel that may be posted to now.

        A message that was posted and is to be edited holds nobody up.
        """
        return super().candidates().where(*self._first_in_lane(), self._rest_of_pause() == 0.0)

    async def next_due(self) -> float | None:
        """Return when the next message may go out: when it is due and its channel's pause is over."""
        rest, now = self._rest_of_pause(), self.clock()
        when = case((rest > messages.c.due - now, rest + now), else_=messages.c.due)
        async with transaction(self.engine, reads=True) as connection:
            query = select(func.min(when)).where(*self._first_in_lane(), self.free())
            due = await connection.scalar(query)
        return None if due is None else float(due)

    def _first_in_lane(self) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        earlier = messages.alias()
        blocked = exists().where(
            earlier.c.lane == messages.c.lane,
            earlier.c.state == WAITING,
            earlier.c.ts.is_(None),
            earlier.c.id < messages.c.id,
        )
        return messages.c.state == WAITING, ~blocked

    def _rest_of_pause(self) -> ColumnElement[float]:
        """Seconds for which the message's channel is to be left alone, 0 when it is free."""
        key = messages.c.channel + case((messages.c.ts.is_(None), ""), else_=EDITS)
        limit = (rate_limits.c.team_id == messages.c.team_id, rate_limits.c.key == key)
        ahead = rate_limits.c.free_at.between(self.now, self.now + LONGEST_PAUSE)
        rest = select(rate_limits.c.free_at - self.now).where(*limit, ahead).scalar_subquery()
        return func.coalesce(rest, 0.0)

    async def claim(self, lease: Lease) -> Claimed | None:
        """Take the next message, and the channel's second with it; None when none may go out now."""
        async with transaction(self.engine) as connection:
            row = (await connection.execute(self.candidates())).one_or_none()
            if row is None or not await self._take_turn(connection, row.team_id, rate_limit_key(row)):
                return None
            await self.take(connection, row.id, lease)
            await connection.execute(
                update(messages).where(messages.c.id == row.id).values(tries=messages.c.tries + 1)
            )
            thread = select(messages.c.ts).where(
                messages.c.request_id == row.request_id, messages.c.kind == Kind.CARD.value
            )
            thread_ts = await connection.scalar(thread)
        return Claimed(read(row, thread_ts), row.wanted)

    async def _take_turn(self, connection: AsyncConnection, team_id: str, key: str) -> bool:
        """Reserve the channel's next second; False when another worker took it first."""
        dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
        row = {"team_id": team_id, "key": key, "free_at": 0.0}
        await connection.execute(dialect.insert(rate_limits).values(row).on_conflict_do_nothing())
        taken = await connection.execute(
            update(rate_limits)
            .where(rate_limits.c.team_id == team_id, rate_limits.c.key == key)
            .where(~rate_limits.c.free_at.between(self.now, self.now + LONGEST_PAUSE))
            .values(free_at=self.now + SECONDS_BETWEEN_POSTS)
        )
        return taken.rowcount == 1

    def unchanged(self, row: Claimed) -> ColumnElement[bool]:
        """The message, if nobody wants it redrawn since."""
        return messages.c.wanted == row.wanted

    async def posted(self, claimed: Claimed, lease: Lease, ts: str) -> None:
        """Keep Slack's id of the message; a card that somebody wants redrawn meanwhile stays in the queue.

        The channel's next second begins now: the post may have taken a while.
        """
        mine = self.mine(claimed.id, lease)
        async with transaction(self.engine) as connection:
            await connection.execute(update(messages).where(*mine).values(ts=ts, tries=0))
            await connection.execute(
                update(messages).where(*mine, self.unchanged(claimed)).values(state=POSTED, due=None)
            )
            await self._rest(connection, claimed.message, SECONDS_BETWEEN_POSTS)

    async def delay(self, claimed: Claimed, lease: Lease, seconds: float) -> None:
        """Come back later, with the whole channel: Slack asked for it."""
        async with transaction(self.engine) as connection:
            await connection.execute(
                update(messages).where(*self.mine(claimed.id, lease)).values(due=self.clock() + seconds)
            )
            await self._rest(connection, claimed.message, min(seconds, LONGEST_PAUSE))

    async def _rest(self, connection: AsyncConnection, message: Message, seconds: float) -> None:
        """Leave the channel alone for some seconds."""
        key = message.channel + (EDITS if message.ts else "")
        limit = (rate_limits.c.team_id == message.team_id, rate_limits.c.key == key)
        await connection.execute(update(rate_limits).where(*limit).values(free_at=self.now + seconds))

    async def drop(self, connection: AsyncConnection, claimed: Claimed, lease: Lease) -> bool:
        """Give a message up for good, in the caller's transaction; False when the lease was lost."""
        dropped = await connection.execute(
            update(messages).where(*self.mine(claimed.id, lease)).values(state=DROPPED, due=None)
        )
        return dropped.rowcount == 1


def rate_limit_key(row: Row[Any]) -> str:
    """Return what is paced: posts to a channel, and apart from them edits in it."""
    return str(row.channel) + (EDITS if row.ts else "")


def read(row: Row[Any], thread_ts: str | None) -> Message:
    """Return the message that a row holds; `tries` counts the attempts before this one."""
    return Message(
        id=row.id,
        team_id=row.team_id,
        request_id=row.request_id,
        kind=Kind(row.kind),
        channel=row.channel,
        event=Event(row.event),
        status=Status(row.status),
        actor=row.actor,
        at=row.at,
        details=row.details,
        ts=row.ts,
        thread_ts=thread_ts,
        tries=row.tries,
    )
