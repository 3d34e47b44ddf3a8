"""`image-bot db`: the schema, and which database the commands mean."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.database_url import read_database_url
from bot.settings import BadSettings, read_setting
from bot.store import schema
from bot.store.audit_key import read_audit_key
from bot.store.engine import is_sqlite, open_engine

OUTDATED = "DATABASE_URL: its schema is not up to date; run `image-bot db upgrade` first"
app = typer.Typer(help="The database.", no_args_is_help=True)


def database_url() -> str:
    """Return DATABASE_URL or its default; these commands need no other setting."""
    url = read_setting("DATABASE_URL")
    try:
        read_database_url(url)
    except ValueError as wrong:
        raise BadSettings((f"DATABASE_URL: {wrong}",)) from None
    return url


def audit_key() -> bytes | None:
    """Return the key of the audit chain, None when this installation has none."""
    return read_audit_key(database_url(), read_setting("AUDIT_KEY"))


@asynccontextmanager
async def opened() -> AsyncIterator[AsyncEngine]:
    """Open an existing database that is up to date; just opening SQLite's would create an empty one."""
    engine = open_engine(database_url(), audit_key())
    try:
        if is_sqlite(engine):
            _find_file(engine.url.database or "")
        if not await schema.is_current(engine):
            raise BadSettings((OUTDATED,))
        yield engine
    finally:
        await engine.dispose()


def _find_file(name: str) -> None:
    if Path(name).is_dir():
        raise BadSettings((f"DATABASE_URL: {name} is a directory, not a file",))
    if not Path(name).is_file():
        raise BadSettings((f"DATABASE_URL: there is no database {name}; `image-bot db upgrade` makes it",))


@app.callback()
def _several() -> None:
    """Keep `db upgrade` two words."""


@app.command()
def upgrade() -> None:
    """Create the database, or bring its schema up to date."""
    typer.echo(asyncio.run(_upgrade()))


async def _upgrade() -> str:
    engine = open_engine(database_url())
    try:
        before = await schema.upgrade(engine)
    finally:
        await engine.dispose()
    name = engine.url.database
    if before is None:
        return f"the database {name} is created"
    return f"the database {name} is {'' if before == schema.HEAD else 'now '}up to date"
