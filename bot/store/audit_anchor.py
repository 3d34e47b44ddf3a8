"""The audit log's head, in the log lines: who replaces the database can't replace what was collected."""

import asyncio
from contextlib import suppress

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import StoreUnavailable
from bot.store import audit
from bot.store.audit_key import UNKEYED
from bot.store.engine import transaction
from bot.store.tables import audit as table

log = structlog.get_logger(__name__)

ANCHOR_SECONDS = 3600.0


async def anchor(engine: AsyncEngine) -> None:
    """Log the head at the start, every hour and at the stop, for `audit verify --expect`; until cancelled."""
    try:
        await check_key(engine)
        while True:
            await log_head(engine)
            await asyncio.sleep(ANCHOR_SECONDS)
    finally:
        await log_head(engine)


async def log_head(engine: AsyncEngine) -> None:
    """Log where the audit log stands; a database that is away is told of elsewhere."""
    with suppress(StoreUnavailable):
        async with transaction(engine, reads=True) as connection:
            log.info("audit_head", head=str(await audit.head(connection)))


async def check_key(engine: AsyncEngine) -> None:
    """Warn of a chain without a key, and of one whose last entry was made with another."""
    with suppress(StoreUnavailable):
        async with transaction(engine, reads=True) as connection:
            if audit.key_of(connection) is None:
                log.warning("audit_unkeyed", why=UNKEYED)
            last = (await audit.head(connection)).seq
            async for entry in audit.entries(connection, table.c.seq == last):
                if not audit.is_as_written(audit.key_of(connection), entry):
                    log.error("audit_key_differs", record=last)
