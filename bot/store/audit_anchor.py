"""The audit log's head, in the log lines: somebody who replaces the database can't replace collected logs."""

import asyncio
from collections.abc import Awaitable, Callable
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


async def _nobody() -> None:
    """Do nothing."""


async def anchor(engine: AsyncEngine, unkeyed: Callable[[], Awaitable[object]] = _nobody) -> None:
    """Log the head at startup, every hour and at shutdown, for `audit verify --expect`; until cancelled.

    `unkeyed` is called at startup if the chain has no key: an operator has to set one.
    """
    try:
        if not await check_key(engine):
            await unkeyed()
        while True:
            await log_head(engine)
            await asyncio.sleep(ANCHOR_SECONDS)
    finally:
        await log_head(engine)


async def log_head(engine: AsyncEngine) -> None:
    """Log the audit log's head; a database that is down is reported elsewhere."""
    with suppress(StoreUnavailable):
        async with transaction(engine, reads=True) as connection:
            log.info("audit_head", head=str(await audit.head(connection)))


async def check_key(engine: AsyncEngine) -> bool:
    """Warn about a chain without a key, and about one whose last entry was made with another key.

    Return False when there is no key; True also while the database can't be read.
    """
    keyed = True
    with suppress(StoreUnavailable):
        async with transaction(engine, reads=True) as connection:
            keyed = audit.key_of(connection) is not None
            if not keyed:
                log.warning("audit_unkeyed", why=UNKEYED)
            last = (await audit.head(connection)).seq
            async for entry in audit.entries(connection, table.c.seq == last):
                if not audit.is_as_written(audit.key_of(connection), entry):
                    log.error("audit_key_differs", record=last)
    return keyed
