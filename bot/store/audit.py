"""The audit log: append-only, each entry chained by hash to the one before, in the transaction that it
records.
"""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import audit, audit_head

GENESIS = "0" * 64

HEAD = select(audit_head.c.seq, audit_head.c.hash)
LOCKED_HEAD = HEAD.with_for_update()
INSERT, MOVE_HEAD = insert(audit), update(audit_head)


@dataclass(frozen=True)
class Entry:
    """One line of the log; `details` is canonical JSON, `hash` covers everything else."""

    seq: int
    at: float
    actor: str
    event: str
    request_id: str | None
    details: str
    previous: str
    hash: str


@dataclass(frozen=True)
class Head:
    """The last entry's number and hash: with a copy kept elsewhere, a replaced log is noticed."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


def chain_hash(key: bytes | None, fields: Sequence[Any]) -> str:
    """Return an entry's hash: HMAC-SHA-256 over its fields as a JSON list, the hash before it included.

    Without a key it is SHA-256, which anybody who can write to the database can compute as well.

    Raises TypeError for a field that isn't of its type.
    """
    return hashing(key)(fields)


def hashing(key: bytes | None) -> Callable[[Sequence[Any]], str]:
    """Return `chain_hash` with the key prepared, for many: `audit verify` does little else."""
    start = hmac.new(key, digestmod="sha256") if key else hashlib.sha256()

    def of(fields: Sequence[Any]) -> str:
        """Return the hash of one."""
        seq, at, actor, event, request_id, details, previous = fields
        request = "null" if request_id is None else quoted(request_id)
        words = f"{quoted(actor)}, {quoted(event)}, {request}, {quoted(details)}, {quoted(previous)}"
        digest = start.copy()
        digest.update(f"[{seq!r}, {at!r}, {words}]".encode())  # as json.dumps writes it, in half the time
        return digest.hexdigest()

    return of


def is_as_written(key: bytes | None, entry: Entry) -> bool:
    """Tell whether an entry's hash is its own."""
    *fields, _ = vars(entry).values()
    return chain_hash(key, tuple(fields)) == entry.hash


def key_of(connection: AsyncConnection) -> bytes | None:
    """Return the key that `open_engine` was given."""
    sync = connection.sync_connection
    key: bytes | None = sync.get_execution_options().get("audit_key") if sync is not None else None
    return key


async def head(connection: AsyncConnection) -> Head:
    """Return the log's head as the database says it."""
    return Head(*(await connection.execute(HEAD)).one())


async def append(
    connection: AsyncConnection,
    *,
    at: float,
    actor: str,
    event: str,
    request_id: str | None,
    details: Mapping[str, Any],
) -> None:
    """Add one entry inside the caller's transaction, best as its last write: the locked head puts all writers
    in line until they commit.
    """
    seq, previous = (await connection.execute(LOCKED_HEAD)).one()
    canonical = json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    fields = (seq + 1, at, actor, event, request_id, canonical, previous)
    digest = chain_hash(key_of(connection), fields)
    await connection.execute(INSERT, vars(Entry(*fields, digest)))
    await connection.execute(MOVE_HEAD, {"seq": seq + 1, "hash": digest})


async def count(connection: AsyncConnection, actor: str, event: str, since: float) -> int:
    """Count how often somebody has done something since then (epoch seconds)."""
    theirs = (audit.c.at >= since, audit.c.actor == actor, audit.c.event == event)
    return await connection.scalar(select(func.count()).select_from(audit).where(*theirs)) or 0


async def entries(
    connection: AsyncConnection, *conditions: ColumnElement[bool], page: int = 1000
) -> AsyncIterator[Entry]:
    """Yield the entries that meet every condition, in order."""
    after: tuple[ColumnElement[bool], ...] = ()
    while True:
        query = select(audit).where(*conditions, *after).order_by(audit.c.seq).limit(page)
        rows = (await connection.execute(query)).all()
        for row in rows:
            yield _entry(row)
        if len(rows) < page:
            return
        after = (audit.c.seq > rows[-1].seq,)


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.seq, row.at, row.actor, row.event, row.request_id, row.details, row.previous, row.hash)
