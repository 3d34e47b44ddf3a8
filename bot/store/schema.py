"""The database's schema: brought up to date by alembic, over the connection of the engine that uses it.

Alembic takes 11 MB of memory and a seventh of a startup, so it's imported only if it's needed.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.engine import is_sqlite, transaction

HEAD = "0001"
"""The newest migration."""
MIGRATIONS = Path(__file__).parent / "migrations"
UPGRADING = 1_795_300
"""The number of the lock held while the schema changes; any number that nobody else uses."""


async def upgrade(engine: AsyncEngine) -> None:
    """Bring the schema up to date, however long that takes, if there's anything to do.

    Several may try at once: SQLite lets one write, PostgreSQL has a lock for it.
    """
    if await is_current(engine):
        return
    async with transaction(engine, seconds=None) as connection:
        if not is_sqlite(engine):
            await connection.execute(text("SET LOCAL statement_timeout = 0"))
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({UPGRADING})"))
        await connection.run_sync(_upgrade)


async def is_current(engine: AsyncEngine) -> bool:
    """Tell whether every migration has been applied."""
    async with transaction(engine, reads=True) as connection:
        return await connection.run_sync(_revision) == HEAD


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
