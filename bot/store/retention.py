"""Removal of deliveries that can't come again, and of what is older than KEEP_DAYS.

That is ended requests and their messages, and the audit log up to a signed checkpoint.
"""

import asyncio
from collections.abc import Callable

import structlog
from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.lifecycle import ENDS
from bot.domain.message import REQUEST
from bot.domain.request import BOT
from bot.store import audit as log
from bot.store import deliveries
from bot.store.audit_check import REMOVED, sign
from bot.store.engine import transaction
from bot.store.tables import audit, audit_checkpoints, messages, requests
from bot.store.write_queue import IN_BACKGROUND

logger = structlog.get_logger(__name__)

ROUND_SECONDS = 3600.0
REQUESTS_AT_ONCE = 20
ENTRIES_AT_ONCE = 5000
"""Entries per transaction, few enough that nobody notices."""
DAY = 86400.0


async def run(engine: AsyncEngine, clock: Callable[[], float], days: int | None) -> None:
    """Remove what is older than `days` (None: nothing is too old), once an hour, until cancelled."""
    IN_BACKGROUND.set(True)
    while True:
        now = clock()
        async with transaction(engine) as connection:
            await deliveries.forget(connection, now)
        removed = (0, 0) if days is None else await remove(engine, now - days * DAY, now)
        if any(removed):
            logger.info("removed_what_is_old", requests=removed[0], audit_entries=removed[1])
        await asyncio.sleep(ROUND_SECONDS)


async def remove(engine: AsyncEngine, before: float, now: float) -> tuple[int, int]:
    """Remove what ended `before`; return how many requests and audit entries that were."""
    ended = entries = 0
    while count := await _remove_requests(engine, before, now):
        ended += count
    while count := await _cut_log(engine, before, now):
        entries += count
    return ended, entries


async def _remove_requests(engine: AsyncEngine, before: float, now: float) -> int:
    """Remove some ended requests; each leaves a line in the audit log, so that `verify` misses none."""
    old = (
        select(requests.c.id)
        .where(requests.c.ended_at < before, requests.c.status.in_([status.value for status in ENDS]))
        .order_by(requests.c.ended_at)
        .limit(REQUESTS_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    async with transaction(engine) as connection:
        ids = (await connection.scalars(old)).all()
        about = (messages.c.subject_kind == REQUEST, messages.c.subject_id.in_(ids))
        await connection.execute(delete(messages).where(*about))
        await connection.execute(delete(requests).where(requests.c.id.in_(ids)))
        for request_id in ids:
            await log.append(connection, at=now, actor=BOT, event=REMOVED, request_id=request_id, details={})
    return len(ids)


async def _cut_log(engine: AsyncEngine, before: float, now: float) -> int:
    """Remove some of the oldest entries, and say so in a signed checkpoint; none without a key to sign with.

    Entries about a request that still exists are kept, with everything after them: the chain has no gaps.
    """
    async with transaction(engine) as connection:
        key = log.key_of(connection)
        last = None if key is None else await _last_to_cut(connection, before)
        if last is None:
            return 0
        checkpoint = {
            "seq": last.seq,
            "at": now,
            "hash": last.hash,
            "signature": sign(key, last.seq, now, last.hash),
        }
        await connection.execute(delete(audit_checkpoints))
        await connection.execute(insert(audit_checkpoints).values(checkpoint))
        cut = await connection.execute(delete(audit).where(audit.c.seq <= last.seq))
    return cut.rowcount


async def _last_to_cut(connection: AsyncConnection, before: float) -> log.Head | None:
    first = await connection.scalar(select(func.min(audit.c.seq))) or 0
    kept = select(func.min(audit.c.seq)).where(
        (audit.c.at >= before) | audit.c.request_id.in_(select(requests.c.id))
    )
    stop = await connection.scalar(kept)
    newest = (await log.head(connection)).seq
    last = min(newest if stop is None else stop - 1, first + ENTRIES_AT_ONCE - 1)
    row = (
        await connection.execute(select(audit.c.seq, audit.c.hash).where(audit.c.seq == last))
    ).one_or_none()
    return None if row is None else log.Head(row.seq, row.hash)
