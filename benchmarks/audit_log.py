"""Verifying the audit log, next to SHA-256 over the same bytes."""

import asyncio
import hashlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import insert, update

from benchmarks.table import Row, at_most, cpu_of
from bot.store import audit, schema
from bot.store.audit_check import check
from bot.store.engine import open_engine, transaction
from bot.store.tables import audit as rows
from bot.store.tables import audit_head

KEY = b"of the benchmark"
DETAILS = json.dumps(
    {
        "image": {
            "image_name": "design-2026",
            "instance_id": "ws-0buj1s9gm000001",
            "auto_clean_userdata": False,
        },
        "reason": "the weekly image of the design team",
        "rule": "design",
        "revision": 1,
        "status": {"from": None, "to": "pending"},
    },
    separators=(",", ":"),
)
BATCH = 20_000


def run(*, quick: bool = False) -> list[Row]:
    """Return the row; the largest size is a million, ten times what a busy year writes."""
    sizes = (2_000, 20_000) if quick else (10_000, 100_000, 1_000_000)
    ours = tuple(asyncio.run(_verified(size)) for size in sizes)
    reference = tuple(cpu_of(lambda size=size: _hashed(size), 3) for size in sizes)  # type: ignore[misc]  # bound now
    row = Row(
        name="audit verify, CPU",
        sizes=sizes,
        ours=ours,
        reference_name="SHA-256 of the same records",
        reference=reference,
        why="per record: reading it (SQLite's driver, one thread hop for 2,000), HMAC-SHA-256 (two blocks "
        "more than SHA-256), and its JSON, each about a third.",
    )
    return [at_most(row, 10.0, "≤ 10 ×")]


def _content(seq: int) -> bytes:
    words = ", ".join(map(json.dumps, ("U0ALICE", "submitted", None, DETAILS, audit.GENESIS)))
    return f"[{seq!r}, {1_795_300_000.0 + seq!r}, {words}]".encode()


def _hashed(size: int) -> None:
    content = _content(size)
    for _ in range(size):
        hashlib.sha256(content).digest()


async def _verified(size: int) -> float:
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'audit.db'}", KEY)
        try:
            await schema.upgrade(engine)
            async with transaction(engine, seconds=None) as connection:
                head = audit.GENESIS
                for batch, head in _batches(size):  # noqa: B007 - the last is the log's
                    await connection.execute(insert(rows), batch)
                await connection.execute(update(audit_head).values(seq=size, hash=head))
            start = time.process_time()
            async with transaction(engine, reads=True, seconds=None) as connection:
                found = await check(connection)
            taken = time.process_time() - start
            if found.problems or found.read != size:
                raise RuntimeError(found.problems)
            return taken
        finally:
            await engine.dispose()


def _batches(size: int) -> Iterator[tuple[list[dict[str, Any]], str]]:
    head, hash_of = audit.GENESIS, audit.hashing(KEY)
    for first in range(1, size + 1, BATCH):
        batch = []
        for seq in range(first, min(first + BATCH, size + 1)):
            fields = (seq, 1_795_300_000.0 + seq, "U0ALICE", "submitted", None, DETAILS, head)
            head = hash_of(fields)
            batch.append(vars(audit.Entry(*fields, head)))
        yield batch, head
