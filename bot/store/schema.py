"""The database's schema: brought up to date by alembic, over the connection of the engine that uses it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.engine import is_sqlite, transaction

UPGRADING = 1_795_300
"""The number of the lock that is held while the schema changes; any will do that nobody else uses."""


def config() -> Config:
    """Return alembic's configuration: the migrations beside this file."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return made


async def upgrade(engine: AsyncEngine) -> None:
    """Bring the schema up to date, however long that takes; nothing to do is fine.

    Several may try at once: SQLite lets one write, PostgreSQL has a lock for it.
    """
    async with transaction(engine, seconds=None) as connection:
        if not is_sqlite(engine):
            await connection.execute(text("SET LOCAL statement_timeout = 0"))
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({UPGRADING})"))
        await connection.run_sync(_upgrade)


async def is_current(engine: AsyncEngine) -> bool:
    """Tell whether every migration has been applied."""
    async with transaction(engine, reads=True) as connection:
        return (
            await connection.run_sync(_revision) == ScriptDirectory.from_config(config()).get_current_head()
        )


def _upgrade(connection: Connection) -> None:
    made = config()
    made.attributes["connection"] = connection
    command.upgrade(made, "head")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
