"""The audit log: append-only, each entry chained by hash to the one before, written with what it records."""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, text, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import audit, audit_head

GENESIS = "0" * 64


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


def chain_hash(
    seq: int, at: float, actor: str, event: str, request_id: str | None, details: str, previous: str
) -> str:
    """Return the hash of an entry: SHA-256 over its fields as a JSON list, the hash before it included."""
    content = json.dumps([seq, at, actor, event, request_id, details, previous], ensure_ascii=True)
    return hashlib.sha256(content.encode()).hexdigest()


async def append(
    connection: AsyncConnection,
    *,
    at: float,
    actor: str,
    event: str,
    request_id: str | None,
    details: Mapping[str, Any],
) -> None:
    """Add one entry inside the caller's transaction; the locked head puts several writers in line."""
    seq, previous = (
        await connection.execute(select(audit_head.c.seq, audit_head.c.hash).with_for_update())
    ).one()
    canonical = json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = chain_hash(seq + 1, at, actor, event, request_id, canonical, previous)
    entry = Entry(seq + 1, at, actor, event, request_id, canonical, previous, digest)
    await connection.execute(insert(audit), vars(entry))
    await connection.execute(update(audit_head), {"seq": seq + 1, "hash": digest})


async def entries(connection: AsyncConnection, since: float = 0.0, page: int = 1000) -> AsyncIterator[Entry]:
    """Yield the log in order, from the first entry at or after `since`."""
    seq = 0
    while True:
        query = select(audit).where(audit.c.seq > seq, audit.c.at >= since).order_by(audit.c.seq).limit(page)
        rows = (await connection.execute(query)).all()
        for row in rows:
            yield _entry(row)
        if len(rows) < page:
            return
        seq = rows[-1].seq


async def first_broken(connection: AsyncConnection) -> int | None:
    """Return the number of the first entry that was changed, removed or put in; None: the log is whole.

    To be asked first in its transaction: head and entries are read as of one moment, whoever writes.
    """
    if connection.dialect.name == "postgresql":  # SQLite's transactions read so by themselves
        await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    head_seq, head_hash = (await connection.execute(select(audit_head.c.seq, audit_head.c.hash))).one()
    seq, previous = 0, GENESIS
    async for entry in entries(connection):
        if entry.seq != seq + 1 or entry.previous != previous or entry.hash != _recompute(entry):
            return seq + 1
        seq, previous = entry.seq, entry.hash
    return None if (seq, previous) == (head_seq, head_hash) else seq + 1


def _recompute(entry: Entry) -> str:
    return chain_hash(
        entry.seq, entry.at, entry.actor, entry.event, entry.request_id, entry.details, entry.previous
    )


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.seq, row.at, row.actor, row.event, row.request_id, row.details, row.previous, row.hash)
