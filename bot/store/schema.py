"""The database's schema: brought up to date by alembic, over the connection of the engine that uses it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.engine import transaction


def config() -> Config:
    """Return alembic's configuration: the migrations beside this file."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return made


async def upgrade(engine: AsyncEngine) -> None:
    """Bring the schema up to date; nothing to do is fine."""
    async with transaction(engine) as connection:
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
