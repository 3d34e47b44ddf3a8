"""The database: there, up to date, writable; and the key of the audit log."""

import json
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.database_url import read_database_url
from bot.errors import StoreUnavailable
from bot.process.doctor.finding import Finding, finding, note, ok
from bot.settings import BadSettings, Settings
from bot.store import schema
from bot.store.audit_key import UNKEYED, read_audit_key
from bot.store.database_clock import DatabaseClock
from bot.store.engine import is_sqlite, transaction
from bot.store.tables import audit, audit_head, metadata

REACH = "check DATABASE_URL, that the server runs, and that this host and user are let in"
LOOKED_BACK = 50
"""Messages that couldn't be delivered, lately: how many are looked at."""
READ_AND_ADD = ("SELECT", "INSERT")
CHANGE = (*READ_AND_ADD, "UPDATE", "DELETE")
RIGHTS = {"audit": READ_AND_ADD, "audit_head": ("SELECT", "UPDATE"), "audit_checkpoints": READ_AND_ADD}
"""What the bot does to a table that isn't all four; the audit log is only added to."""


def audit_key_findings(settings: Settings) -> Iterator[Finding]:
    """Say whether the audit log is keyed."""
    given = settings.audit_key.get_secret_value() if settings.audit_key else None
    url = read_database_url(settings.database_url)
    try:
        key = read_audit_key(settings.database_url, given)
    except BadSettings as bad:
        yield finding("audit-key", "; ".join(bad.problems), "set AUDIT_KEY to 32 random characters")
        return
    if key is None and url.get_backend_name() == "postgresql":
        why, _, todo = UNKEYED.partition("; ")
        yield note("audit-key", why, todo)
    else:
        yield ok("audit-key", "the audit log is keyed, or will be at the first start")


async def database_findings(engine: AsyncEngine) -> AsyncIterator[Finding]:
    """Say whether the database can be reached, is up to date, and lets the bot write; nothing is changed."""
    if (file := missing_file(engine)) is not None:
        yield _not_made_yet(file)
        return
    try:
        if not await schema.is_current(engine):
            yield _outdated(engine)
            return
        async for each in _denied(engine):
            yield each
        await _write_nothing(engine)
    except StoreUnavailable as down:
        yield finding("database", f"{down}", REACH)
        return
    yield ok("database", "the database is up to date and can be written")


def missing_file(engine: AsyncEngine) -> Path | None:
    """Return SQLite's file if it isn't there: opening it would make an empty one."""
    file = Path(engine.url.database or "")
    return file if is_sqlite(engine) and not file.exists() else None


def _not_made_yet(file: Path) -> Finding:
    folder = file.absolute().parent
    if os.access(folder, os.W_OK | os.X_OK):
        return note("database-new", f"there is no database {file} yet; the first start makes it")
    return finding("database", f"the folder of {file} can't be written", "let the bot's user write there")


def _outdated(engine: AsyncEngine) -> Finding:
    sentence, todo = "the database's schema isn't up to date", "run `image-bot db upgrade`"
    if is_sqlite(engine):
        return note("schema", f"{sentence}; the next start brings it up to date")
    return finding("schema", sentence, todo)


async def _denied(engine: AsyncEngine) -> AsyncIterator[Finding]:
    """Name every privilege that the bot's user lacks; SQLite has none."""
    if is_sqlite(engine):
        return
    async with transaction(engine, reads=True) as connection:
        for table in metadata.tables:
            for privilege in RIGHTS.get(table, CHANGE):
                asked = {"table": table, "privilege": privilege}
                if not await connection.scalar(text("SELECT has_table_privilege(:table, :privilege)"), asked):
                    sentence = f"the database's user may not {privilege} on the table {table}"
                    yield finding("database-rights", sentence, f"GRANT {privilege} ON {table} TO that user")


async def _write_nothing(engine: AsyncEngine) -> None:
    async with transaction(engine) as connection:
        await connection.execute(update(audit_head).values(seq=audit_head.c.seq))
        await connection.rollback()


async def clock_ahead(engine: AsyncEngine, clock: DatabaseClock) -> float | None:
    """Return by how many seconds the database's clock is ahead of ours; None when it can't be asked."""
    try:
        await clock.measure(engine)
    except StoreUnavailable:
        return None
    return clock.offset


async def refused_lately(engine: AsyncEngine) -> frozenset[str]:
    """Return Slack's codes for the messages that it refused last, out of the audit log."""
    if missing_file(engine) is not None:
        return frozenset()
    last = select(audit.c.details).where(audit.c.event == "undeliverable").order_by(audit.c.seq.desc())
    try:
        if not await schema.is_current(engine):
            return frozenset()
        async with transaction(engine, reads=True) as connection:
            rows = (await connection.execute(last.limit(LOOKED_BACK))).scalars().all()
    except StoreUnavailable:
        return frozenset()
    return frozenset(str(json.loads(details).get("code")) for details in rows)
