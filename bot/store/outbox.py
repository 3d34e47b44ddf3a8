"""Messages to be posted: written with the change that they are about, merged while they wait, in fair
turns.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from sqlalchemy import (
    ColumnElement,
    Float,
    FromClause,
    Integer,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.changes import Change, NewMessage, announcements, redraws, urgency
from bot.domain.lifecycle import Event
from bot.domain.message import DIRECTLY, REQUEST, WAITS, Kind, Message, Priority, Subject, Told
from bot.domain.preferences import Preferences
from bot.domain.request import Request
from bot.store import preferences
from bot.store.tables import insert_new, messages

NO_CHOICE = Preferences()
WAITING, POSTED, DROPPED = "waiting", "posted", "dropped"


def waiting(rows: FromClause = messages) -> ColumnElement[bool]:
    """Return the rows that wait; spelled like the outbox's indexes, so that they're used."""
    return rows.c.state == literal_column(f"'{WAITING}'")


EDITS = "/edits"
"""Edits don't count as posts, but have their own rate limit."""

TURN_SECONDS = 10.0
"""Seconds between the turns of one person's messages in a channel: others' messages come in between."""

MOST_MERGED = 10
"""Events in one message: each is a sentence with a reason of at most 900 characters, Slack takes 13,200."""

MERGED = frozenset({Kind.ENTRY, Kind.DIRECT})
"""Kinds whose waiting messages are merged. An end closes its message: what follows goes into the next one."""

LAST_TURN = (
    select(func.max(messages.c.turn).label("last"))
    .where(waiting(), messages.c.rate_key == bindparam("in_turn"), messages.c.person == bindparam("whose"))
    .subquery()
)
AT = bindparam("at", type_=Float)
TURN = select(case((LAST_TURN.c.last + TURN_SECONDS > AT, LAST_TURN.c.last + TURN_SECONDS), else_=AT))
"""When it's a message's turn in its channel: some time after the same person's last one."""
INSERT = insert_new(messages, messages.c.id, turn=TURN.scalar_subquery())

LAST_IN_ORDER = (
    select(messages.c.id, messages.c.kind, messages.c.told, messages.c.priority, messages.c.in_doubt_since)
    .where(waiting(), messages.c.ordering_key == bindparam("key"))
    .order_by(messages.c.id.desc())
    .limit(1)
    .with_for_update()
)
MERGE = update(messages).where(messages.c.id == bindparam("own_id"))
HURRY = update(messages).where(
    waiting(), messages.c.ordering_key == bindparam("in_order"), messages.c.priority > bindparam("urgent")
)


URGENT = bindparam("urgent", type_=Integer)
IS_POSTED = messages.c.ts.is_not(None)
REDRAW = (
    update(messages)
    .where(messages.c.subject_kind == REQUEST, messages.c.subject_id == bindparam("own_request"))
    .where(messages.c.kind == Kind.CARD.value, messages.c.state != DROPPED)
    .values(
        state=WAITING,
        due=case((and_(waiting(), messages.c.due < AT), messages.c.due), else_=AT),
        turn=case((waiting(), messages.c.turn), else_=AT),
        priority=case(
            (
                IS_POSTED,
                case((and_(waiting(), messages.c.priority < URGENT), messages.c.priority), else_=URGENT),
            ),
            else_=messages.c.priority,
        ),
        rate_key=case(
            (IS_POSTED, messages.c.team_id + "/" + messages.c.target + EDITS), else_=messages.c.rate_key
        ),
        redraw_version=messages.c.redraw_version + 1,
    )
)


@dataclass(frozen=True)
class NewRow:
    """A new message for the outbox; `key` is the same for the same message from another process."""

    team_id: str
    message: NewMessage
    subject: Subject
    key: str
    told: Told
    person: str = ""
    not_before: float = 0.0

    @property
    def ordering_key(self) -> str:
        """What keeps messages in order: a request's thread, or one subject's messages to one place."""
        thread = self.message.kind in {Kind.CARD, Kind.ENTRY}
        return self.subject.id if thread else f"{self.subject.id}:{self.message.target}"


def rate_key(team_id: str, target: str, *, edits: bool = False) -> str:
    """Return the key of a rate limit: posts to a channel or person, and separately edits there."""
    return f"{team_id}/{target}{EDITS if edits else ''}"


async def put_card(connection: AsyncConnection, request: Request) -> None:
    """Put the one card of a new request into the outbox."""
    card = NewMessage(Kind.CARD, request.channel, Priority.PERSON)
    told = Told(Event.SUBMIT, request.created_at, request.requester, request.status)
    await put(connection, about(request, card, told, "card"))


async def announce(
    connection: AsyncConnection, before: Request, after: Request, change: Change, at: float
) -> None:
    """Put the messages about a change into the outbox, and have the card redrawn if it shows the change."""
    if redraws(before, after, change.event):
        await redraw_card(connection, after.id, at, urgency(before, after, change.event))
    told = Told(change.event, at, change.actor, after.status, change.details)
    people = {*change.waits_for, after.requester}
    chosen = await preferences.of(connection, after.team_id, people)
    wants = chosen.get(after.requester, NO_CHOICE).wants(before, after, change)
    entry = replace(told, details={**told.details, DIRECTLY: True}) if wants else told
    for message in announcements(before, after, change):
        await put(connection, about(after, message, entry, str(after.revision)))
    telling = {after.requester: told} if wants else {}
    telling |= {user_id: replace(told, event=WAITS) for user_id in change.waits_for}
    await _tell_people(connection, after, telling, chosen)


async def _tell_people(
    connection: AsyncConnection,
    after: Request,
    telling: Mapping[str, Told],
    chosen: Mapping[str, Preferences],
) -> None:
    """Send people direct messages about what concerns them, except in their quiet hours."""
    for user_id, what in telling.items():
        row = about(after, NewMessage(Kind.DIRECT, user_id, Priority.PERSON), what, str(after.revision))
        quiet_until = chosen.get(user_id, NO_CHOICE).not_before(what.at)
        await put(connection, replace(row, not_before=quiet_until))


def about(request: Request, message: NewMessage, told: Told, key: str) -> NewRow:
    """Return a message about a request; it takes the requester's turn in a channel."""
    unique = f"{request.id}:{message.kind}:{message.target}:{key}"
    subject = Subject(REQUEST, request.id)
    return NewRow(request.team_id, message, subject, unique, told, request.requester)


async def put(connection: AsyncConnection, row: NewRow) -> bool:
    """Put a message into the outbox, in the caller's transaction; False if it's already there."""
    if row.message.kind in MERGED and await _merge(connection, row):
        return True
    key = rate_key(row.team_id, row.message.target)
    values = {
        "team_id": row.team_id,
        "kind": row.message.kind.value,
        "target": row.message.target,
        "subject_kind": row.subject.kind,
        "subject_id": row.subject.id,
        "dedupe_key": row.key,
        "ordering_key": row.ordering_key,
        "rate_key": key,
        "person": row.person,
        "priority": row.message.priority.value,
        "told": [asdict(row.told)],
        "state": WAITING,
        "due": max(row.told.at, row.not_before),
    }
    turn = {"in_turn": key, "whose": row.person, "at": row.told.at}
    inserted = await connection.scalar(INSERT[connection.dialect.name], values | turn)
    if row.message.priority is Priority.END:
        await _hurry(connection, row.ordering_key)
    return inserted is not None


async def _merge(connection: AsyncConnection, row: NewRow) -> bool:
    """Add to the last waiting message of its kind, if no attempt to post that one is open."""
    found = (await connection.execute(LAST_IN_ORDER, {"key": row.ordering_key})).one_or_none()
    if found is None or found.kind != row.message.kind or found.in_doubt_since is not None:
        return False
    if found.priority == Priority.END or len(found.told) >= MOST_MERGED:
        return False
    told = [*found.told, asdict(row.told)]
    await connection.execute(MERGE, {"own_id": found.id, "told": told})
    if row.message.priority < found.priority:
        await _hurry(connection, row.ordering_key, row.message.priority)
    return True


async def _hurry(connection: AsyncConnection, ordering_key: str, priority: Priority = Priority.END) -> None:
    """Give everything before an end in its thread the end's priority."""
    urgent = {"in_order": ordering_key, "urgent": priority.value, "priority": priority.value}
    await connection.execute(HURRY, urgent)


async def redraw_card(
    connection: AsyncConnection, request_id: str, at: float, priority: Priority = Priority.PERSON
) -> None:
    """Have a request's card redrawn; several changes before that count as one, as old as the first."""
    await connection.execute(REDRAW, {"own_request": request_id, "at": at, "urgent": priority.value})


async def put_direct(
    connection: AsyncConnection, request: Request, lost: Message, told: Told, key: str
) -> bool:
    """Send the requester directly what can't be posted where it belongs; False if that was done before."""
    here = replace(told, details={**told.details, "undeliverable": lost.target})
    direct = NewMessage(Kind.DIRECT, request.requester, Priority.PERSON)
    return await put(connection, about(request, direct, here, key))


async def put_admin(
    connection: AsyncConnection,
    channel: str,
    subject: Subject,
    state: str,
    told: Told,
    *,
    only_after_another: bool = False,
) -> bool:
    """Tell the admin channel about a new state; False if it's the one told last.

    Several processes that see the same change write the same row, because each names the row before it.
    """
    before = (
        select(messages.c.id, messages.c.dedupe_key)
        .where(messages.c.subject_kind == subject.kind, messages.c.subject_id == subject.id)
        .where(messages.c.kind == Kind.ADMIN.value, messages.c.target == channel)
        .order_by(messages.c.id.desc())
        .limit(1)
    )
    last = (await connection.execute(before)).one_or_none()
    if only_after_another if last is None else last.dedupe_key.endswith(f"|{state}"):
        return False
    key = "|".join((Kind.ADMIN, channel, subject.kind, subject.id, str(last.id if last else 0), state))
    notice = NewMessage(Kind.ADMIN, channel, Priority.PERSON)
    return await put(connection, NewRow("", notice, subject, key, told))
