"""Connections to SQLite and PostgreSQL that behave alike: transactions, locks and the time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Connection, event, literal_column
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.elements import ColumnElement

from bot.errors import StoreUnavailable

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
BUSY_SECONDS = 2.0
"""How long a writer waits for another one on SQLite: less than the three seconds that a person waits."""


def open_engine(database_url: str) -> AsyncEngine:
    """Return an engine for `sqlite:///file` or `postgresql://…`; nothing is connected yet."""
    url = make_url(database_url)
    url = url.set(drivername=DRIVERS.get(url.drivername, url.drivername))
    if url.get_backend_name() != "sqlite":
        return create_async_engine(
            url, pool_size=10, max_overflow=10, pool_timeout=BUSY_SECONDS, pool_pre_ping=True
        )
    engine = create_async_engine(url, connect_args={"timeout": BUSY_SECONDS}, pool_timeout=BUSY_SECONDS)
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def _set_pragmas(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    """WAL lets readers read while one writes; FULL means that a commit is on disk, whatever dies next."""
    connection.isolation_level = None  # sqlite3's own: we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    """Take SQLite's one write lock at once, so that nobody reads what another is about to change."""
    reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def clock_of(engine: AsyncEngine) -> ColumnElement[float]:
    """Return the database's own time in epoch seconds, as an expression: leases know no other."""
    if engine.dialect.name == "sqlite":
        return literal_column("((julianday('now') - 2440587.5) * 86400.0)")
    return literal_column("extract(epoch from clock_timestamp())::float8")


@asynccontextmanager
async def transaction(engine: AsyncEngine, *, reads: bool = False) -> AsyncIterator[AsyncConnection]:
    """Open one transaction; raise `StoreUnavailable`, or IntegrityError for a rule that was broken."""
    try:
        async with engine.connect() as connection:
            await connection.execution_options(reads=reads)
            async with connection.begin():
                yield connection
    except IntegrityError:
        raise
    except (DBAPIError, SQLAlchemyError, OSError) as error:
        raise StoreUnavailable(type(error).__name__) from error
