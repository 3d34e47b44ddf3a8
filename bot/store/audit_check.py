"""Whether the audit log is whole: every row read, the chain recomputed, and requests compared with it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.audit import GENESIS, Head, chain_hash, hashing, head, key_of
from bot.store.tables import audit, audit_checkpoints, requests

PAGE = 2000
START = Head(0, GENESIS)
FIELDS = (
    audit.c.seq,
    audit.c.at,
    audit.c.actor,
    audit.c.event,
    audit.c.request_id,
    audit.c.details,
    audit.c.previous,
    audit.c.hash,
)
Fields = tuple[Any, ...]
"""A row as the driver returns it: a million SQLAlchemy rows would take longer than their hashes."""
REMOVED = "removed"
"""The event of a request that was removed after KEEP_DAYS."""


@dataclass
class Check:
    """One check of the log: `problems` says what is wrong, worst first; it's intact when there are none."""

    problems: list[str] = field(default_factory=list)
    first_broken: int | None = None
    head: Head = START
    read: int = 0
    last: dict[str, str] = field(default_factory=dict)  # details of each request's last change
    removed: set[str] = field(default_factory=set)

    def breaks(self, seq: int, problem: str) -> None:
        """Record the first entry that isn't as it was written."""
        self.problems.append(problem)
        self.first_broken = seq if self.first_broken is None else self.first_broken


async def check(connection: AsyncConnection, expect: Head | None = None) -> Check:
    """Read the whole log and return what is wrong with it.

    `expect` is a head that was kept elsewhere; the log has to contain it. Call this first in its transaction:
    everything is read as of one moment, no matter who writes.
    """
    if connection.dialect.name == "postgresql":  # SQLite's transactions read so by themselves
        await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    found = Check()
    start = await _checkpoint(connection, found)
    if found.problems or not await _follow_chain(connection, found, start, expect):
        return found
    end = await head(connection)
    total = await connection.scalar(select(func.count()).select_from(audit))
    if found.head != end or total != found.read:
        found.breaks(
            found.head.seq + 1,
            f"record {found.head.seq + 1}: the log was cut, or added to, after {found.head.seq}",
        )
    elif expect is not None and expect.seq > end.seq:
        ends = f"ends with record {end.seq}" if end.seq else "is empty"
        found.breaks(end.seq + 1, f"the log {ends}, and record {expect.seq} was expected")
    await _compare_requests(connection, found)
    return found


async def _checkpoint(connection: AsyncConnection, found: Check) -> Head:
    """Return where the log begins: after the last checkpoint, which can only be signed with the key."""
    query = select(audit_checkpoints).order_by(audit_checkpoints.c.seq.desc()).limit(1)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return START
    if row.signature != sign(key_of(connection), row.seq, row.at, row.hash):
        found.breaks(
            row.seq, f"record {row.seq}: the checkpoint that the log was cut at isn't signed with the key"
        )
    return Head(row.seq, row.hash)


def sign(key: bytes | None, seq: int, at: float, digest: str) -> str:
    """Return a checkpoint's signature."""
    return chain_hash(key, (seq, at, "checkpoint", "checkpoint", None, "", digest))


async def _follow_chain(connection: AsyncConnection, found: Check, start: Head, expect: Head | None) -> bool:
    """Recompute every hash; False after the first wrong one, for nothing after it can be trusted."""
    found.head, hash_of = start, hashing(key_of(connection))
    seq, previous = start.seq, start.hash
    known = {start.seq: start.hash}
    after: tuple[ColumnElement[bool], ...] = ()
    while rows := await _page(connection, after):
        for row in rows:
            seq += 1
            if row[0] != seq or row[6] != previous or not _is_as_written(hash_of, row):
                found.breaks(seq, f"record {seq} was changed, removed or put in{_or_key(seq, start)}")
                return False
            previous = row[7]
            _remember(found, row)
            if expect is not None and seq == expect.seq:
                known[seq] = previous
        found.read += len(rows)
        found.head = Head(seq, previous)
        after = (audit.c.seq > seq,)
    if expect is not None and expect.seq < start.seq:
        found.problems.append(
            f"record {expect.seq} was removed at the checkpoint {start}: nothing to compare"
        )
    elif expect is not None and known.get(expect.seq, expect.hash) != expect.hash:
        found.breaks(
            expect.seq, f"record {expect.seq} isn't the one that was expected: the log was rewritten"
        )
        return False
    return True


def _or_key(seq: int, start: Head) -> str:
    """Name the likelier cause where not even the first record fits."""
    return ", or AUDIT_KEY isn't the key that it was written with" if seq == start.seq + 1 else ""


def _is_as_written(hash_of: Callable[[Fields], str], row: Fields) -> bool:
    try:
        return hash_of(row[:7]) == str(row[7])
    except TypeError:  # bytes, where somebody has put a blob
        return False


def _remember(found: Check, row: Fields) -> None:
    if row[4] is None:
        return
    if row[3] == REMOVED:
        found.removed.add(row[4])
    elif '"revision":' in row[5]:
        found.last[row[4]] = row[5]


async def _page(connection: AsyncConnection, after: tuple[ColumnElement[bool], ...]) -> Sequence[Fields]:
    """Return the next rows; bytes that aren't text become a value that never had a hash."""
    query = select(*FIELDS).where(*after).order_by(audit.c.seq).limit(PAGE)
    try:
        return await _rows(connection, query)
    except OperationalError as error:
        if "decode" not in str(error.orig):
            raise
    driver: Any = (await connection.get_raw_connection()).driver_connection
    driver.text_factory = _replaced
    try:
        return await _rows(connection, query)
    finally:
        driver.text_factory = str


async def _rows(connection: AsyncConnection, query: Select[Any]) -> Sequence[Fields]:
    cursor: Any = (await connection.execute(query)).cursor
    rows: Sequence[Fields] = cursor.fetchall()
    cursor.close()
    return rows


def _replaced(raw: bytes) -> str:
    return raw.decode(errors="replace")


async def _compare_requests(connection: AsyncConnection, found: Check) -> None:
    """Compare each request with its last change: an older copy of either table doesn't fit the other."""
    columns = (requests.c.id, requests.c.status, requests.c.recorded_revision, requests.c.revision)
    for request_id, status, recorded, revision in await connection.execute(select(*columns)):
        told = json.loads(found.last.pop(request_id, "null"))
        if told is None:
            found.problems.append(f"request {request_id} is {status}, and the log has no record of it")
            continue
        logged = (told["status"]["to"], told["revision"])
        if logged != (status, recorded) or revision < recorded:
            stands = f"request {request_id} is {status} at revision {recorded}"
            found.problems.append(f"{stands}, and the log says {logged[0]} at {logged[1]}")
    lost = sorted(found.last.keys() - found.removed)
    found.problems.extend(
        f"request {request_id} is in the log, and no longer in the database" for request_id in lost
    )
