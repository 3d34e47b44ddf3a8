"""Whether the database answers: asked every few seconds, so that readiness can say so without waiting."""

import asyncio

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import StoreUnavailable
from bot.store.engine import transaction
from bot.store.tables import audit_head

BEAT_SECONDS = 2.0


class DatabaseHealth:
    """`failure` says why the database cannot be used, "" when it can."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.failure = "not asked yet"

    async def run(self) -> None:
        """Ask until cancelled."""
        while True:
            await self.beat()
            await asyncio.sleep(BEAT_SECONDS)

    async def beat(self) -> None:
        """Ask once."""
        try:
            async with transaction(self.engine, reads=True) as connection:
                await connection.scalar(select(audit_head.c.seq))
        except StoreUnavailable as down:
            self.failure = down.reason
        else:
            self.failure = ""
