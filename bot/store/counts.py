"""Counts of requests and messages, for monitoring."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.lifecycle import Status
from bot.store import outbox
from bot.store.engine import transaction
from bot.store.tables import messages, requests


@dataclass(frozen=True)
class Counts:
    """Requests by status, the age of the oldest pending one in seconds (0 for none), messages that wait."""

    requests: Mapping[Status, int]
    oldest_pending_seconds: float
    outbox_waiting: int


async def count(engine: AsyncEngine, now: float) -> Counts:
    """Count, as of one moment (`now` in epoch seconds). Raises `StoreUnavailable`."""
    by_status = select(requests.c.status, func.count()).group_by(requests.c.status)
    oldest = select(func.min(requests.c.created_at)).where(requests.c.status == Status.PENDING.value)
    waiting = select(func.count()).select_from(messages).where(outbox.waiting())
    async with transaction(engine, reads=True) as connection:
        statuses = (await connection.execute(by_status)).all()
        created_at = await connection.scalar(oldest)
        messages_waiting = await connection.scalar(waiting) or 0
    age = 0.0 if created_at is None else max(0.0, now - created_at)
    return Counts({Status(status): number for status, number in statuses}, age, messages_waiting)
