"""The database's schema: brought up to date by alembic, over the connection of the engine that uses it.

Alembic takes 11 MB of memory and a seventh of a startup, so it's imported only if it's needed.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.settings import BadSettings
from bot.store.engine import is_sqlite, transaction

HEAD = "0001"
"""The newest migration."""
MIGRATIONS = Path(__file__).parent / "migrations"
NEWER = "DATABASE_URL: a newer image-bot made this database; run that version, or name another database"
UPGRADING = 1_795_300
"""The number of the lock held while the schema changes; any number that nobody else uses."""


async def upgrade(engine: AsyncEngine) -> str | None:
    """Bring the schema up to date, however long that takes, if there's anything to do.

    Return the migration that it was at, None for a new database. Raises `BadSettings` for one that a newer
    bot has made.

    Several may try at once: SQLite lets one write, PostgreSQL has a lock for it.
    """
    if await is_current(engine):
        return HEAD
    async with transaction(engine, seconds=None) as connection:
        if not is_sqlite(engine):
            await connection.execute(text("SET LOCAL statement_timeout = 0"))
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({UPGRADING})"))
        before = await connection.run_sync(_revision)
        await connection.run_sync(_upgrade)
    return before


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
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise BadSettings((NEWER,)) from None
