"""`image-bot db`: the schema, and which database the commands mean."""

import asyncio
import os

import typer

from bot.environment import UnusableValue, read_environment
from bot.settings import BadSettings, Settings
from bot.store import schema
from bot.store.audit_key import read_audit_key
from bot.store.engine import open_engine

app = typer.Typer(help="The database.", no_args_is_help=True)


def database_url() -> str:
    """Return DATABASE_URL or its default; these commands need no other setting."""
    return _given("DATABASE_URL") or str(Settings.model_fields["database_url"].default)


def audit_key() -> bytes | None:
    """Return the key of the audit chain, None when this installation has none."""
    return read_audit_key(database_url(), _given("AUDIT_KEY"))


def _given(name: str) -> str | None:
    value = read_environment(os.environ, frozenset({name})).get(name)
    if isinstance(value, UnusableValue):
        raise BadSettings((f"{name}: {value}",))
    return value


@app.callback()
def _several() -> None:
    """Keep `db upgrade` two words."""


@app.command()
def upgrade() -> None:
    """Bring the schema up to date."""
    asyncio.run(_upgrade())
    typer.echo("the database is up to date")


async def _upgrade() -> None:
    engine = open_engine(database_url())
    try:
        await schema.upgrade(engine)
    finally:
        await engine.dispose()
