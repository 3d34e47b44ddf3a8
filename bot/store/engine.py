"""Connections to SQLite and PostgreSQL that behave alike: transactions, locks and the time."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Executable, Row, event, literal_column
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    DisconnectionError,
    IntegrityError,
    PendingRollbackError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.elements import ColumnElement

from bot.database_url import read_database_url
from bot.errors import StoreOutcomeUnknown, StoreUnavailable
from bot.settings import BadSettings
from bot.store.sqlite import connector
from bot.store.write_queue import WriteQueue

PATIENCE = 2.5
"""Seconds that one transaction may take, waiting included: less than the three that Slack gives a person."""
BUSY_SECONDS = 2.0
"""Seconds that a writer waits on SQLite for a writer in another process."""
WRITERS_AT_ONCE = 3
"""Transactions of one process that write to PostgreSQL at a time.

All wait for the head of the audit log, which three keep busy; with twenty of each of four processes, many
waited longer than `PATIENCE`.
"""

DATABASE_FAILED = (DBAPIError, DisconnectionError, PendingRollbackError, PoolTimeoutError)
"""Errors that only the database or its connection can cause."""

REASONS = {
    "disk is full": "its disk is full",
    "no space left": "its disk is full",
    "readonly": "it can only be read",
    "read-only": "it can only be read",
    "locked": "another process holds it locked",
    "unable to open": "its file can't be opened",
    "not a database": "its file is no database",
    "malformed": "its file is damaged",
    "no such table": "a table is missing",
    'relation "': "a table is missing",
    "connection": "it isn't reached",
}
"""Causes that people can fix, by the driver's message (SQLite's result codes, PostgreSQL's messages)."""


@dataclass
class LastWrite:
    """Why the last write transaction failed, "" when it didn't."""

    failure: str = ""


def last_write(engine: AsyncEngine) -> LastWrite:
    """Return the outcome of the engine's last write."""
    found: LastWrite = engine.get_execution_options()["last_write"]
    return found


def open_engine(database_url: str, audit_key: bytes | None = None) -> AsyncEngine:
    """Return an engine for `sqlite:///file` or `postgresql://…`; nothing is connected yet.

    The audit log is chained with the key; None leaves it unkeyed.

    Raises `BadSettings` for any other URL, and for PostgreSQL without the extra that brings its driver.
    """
    try:
        url = read_database_url(database_url)
    except ValueError as wrong:
        raise BadSettings((f"DATABASE_URL: {wrong}",)) from None
    opened = _open_sqlite(url) if url.get_backend_name() == "sqlite" else _open_postgres(url)
    return opened.execution_options(audit_key=audit_key, last_write=LastWrite())


def _open_postgres(url: URL) -> AsyncEngine:
    try:
        from bot.store.postgres import (
            BEGIN,
            connect_args,
        )  # psycopg is an extra: the plain install doesn't have it
    except ImportError:
        problem = "DATABASE_URL: PostgreSQL needs the extra: pip install 'image-bot[postgres]'"
        raise BadSettings((problem,)) from None
    engine = create_async_engine(
        url,
        pool_size=10,
        max_overflow=10,
        pool_timeout=BUSY_SECONDS,
        pool_pre_ping=True,
        connect_args=connect_args(url, PATIENCE),
        execution_options={"line": WriteQueue(WRITERS_AT_ONCE)},
    )
    _begin_with(engine, reads=BEGIN, writes=BEGIN)
    return engine


def _open_sqlite(url: URL) -> AsyncEngine:
    engine = create_async_engine(
        url,
        async_creator=connector(url.database or "", BUSY_SECONDS),
        pool_timeout=BUSY_SECONDS,
        pool_reset_on_return=None,  # every transaction below ends on its own
        execution_options={"line": WriteQueue()},
    )
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    # Writers take SQLite's lock at once, so that nobody reads what somebody else is about to change.
    _begin_with(engine, reads="BEGIN", writes="BEGIN IMMEDIATE")
    return engine


def _set_pragmas(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    """WAL lets readers read while one writes; FULL means that a commit is on disk, whatever dies next."""
    connection.isolation_level = None  # sqlite3's own: we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_with(engine: AsyncEngine, *, reads: str, writes: str) -> None:
    """Say how transactions begin; a statement that is one by itself begins none."""

    def begin(connection: Connection) -> None:
        """Begin one."""
        options = connection.get_execution_options()
        if not options.get("alone", False):
            connection.exec_driver_sql(reads if options.get("reads", False) else writes)

    event.listen(engine.sync_engine, "begin", begin)


def is_sqlite(engine: AsyncEngine) -> bool:
    """Tell which of the two databases this is."""
    return engine.dialect.name == "sqlite"


def clock_of(engine: AsyncEngine) -> ColumnElement[float]:
    """Return the database's own time in epoch seconds, as an expression: leases use no other clock."""
    if is_sqlite(engine):
        return literal_column("((julianday('now') - 2440587.5) * 86400.0)")
    return literal_column("extract(epoch from clock_timestamp())::float8")


@asynccontextmanager
async def transaction(
    engine: AsyncEngine, *, reads: bool = False, seconds: float | None = PATIENCE
) -> AsyncIterator[AsyncConnection]:
    """Open one transaction; what its body raises passes through as it is.

    `seconds` limits the whole transaction; None is for what may take long, such as an export.

    Raises:
        IntegrityError: a rule of the schema was broken.
        StoreOutcomeUnknown: the commit may or may not have been done.
        StoreUnavailable: the database failed before that, or didn't answer in time.
    """
    committing = False
    limit = asyncio.timeout(seconds)
    try:
        async with limit, _turn(engine, reads=reads), engine.connect() as connection:
            if reads:
                await connection.execution_options(reads=True)
            async with connection.begin():
                yield connection
                committing = not reads
    except (IntegrityError, DataError):
        raise
    except DATABASE_FAILED as error:
        raise _failure(engine, error, reads=reads, committing=committing) from error
    except TimeoutError as late:
        if not limit.expired():
            raise
        raise _failure(engine, late, reads=reads, committing=committing) from late
    if not reads:
        last_write(engine).failure = ""


async def fetch(
    engine: AsyncEngine,
    query: Executable,
    parameters: Mapping[str, Any] | None = None,
    *,
    seconds: float = PATIENCE,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return a query's rows; it is a transaction by itself, so nothing is said before and after it.

    Raises `StoreUnavailable`.
    """
    try:
        async with asyncio.timeout(seconds), _turn(engine, reads=True), engine.connect() as connection:
            await connection.execution_options(alone=True)
            return (await connection.execute(query, parameters)).all()
    except DataError:
        raise
    except (*DATABASE_FAILED, TimeoutError) as error:
        raise _failure(engine, error, reads=True, committing=False) from error


def _failure(engine: AsyncEngine, error: Exception, *, reads: bool, committing: bool) -> StoreUnavailable:
    said = str(error.orig).partition("\n")[0][:200] if isinstance(error, DBAPIError) else ""
    reason = next((told for words, told in REASONS.items() if words in said.lower()), _unknown(error))
    if not reads:
        last_write(engine).failure = reason
    return (StoreOutcomeUnknown if committing else StoreUnavailable)(reason, _located(engine, said))


def _unknown(error: Exception) -> str:
    late = isinstance(error, TimeoutError | PoolTimeoutError)
    return "no answer in time" if late else "it fails, and the log has its own words (database_down)"


def _located(engine: AsyncEngine, said: str) -> str:
    """Return what the driver says, with SQLite's file, which it doesn't name; its words hold no password."""
    if not (said and is_sqlite(engine)):
        return said
    file = Path(engine.url.database or "")
    return _unopened(file) if "unable to open" in said else f"{file}: {said}"


def _unopened(file: Path) -> str:
    """Say why a file can't be opened, as SQLite doesn't."""
    if file.is_dir():
        return f"{file} is a directory, not a file"
    if not file.absolute().parent.is_dir():
        return f"there is no directory {file.parent}"
    return f"{file} can't be opened: the bot's user has to be able to write it, and in its directory"


def _turn(engine: AsyncEngine, *, reads: bool) -> AbstractAsyncContextManager[object]:
    """Return the turn to write, if this process's writers wait in line."""
    write_queue: WriteQueue | None = engine.get_execution_options().get("line")
    return nullcontext() if write_queue is None else write_queue.turn(reads=reads)
