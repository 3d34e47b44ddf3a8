"""`image-bot db`: the schema, and which database the commands mean."""

import asyncio
import os

import typer

from bot.settings import Settings
from bot.store import schema
from bot.store.engine import open_engine

app = typer.Typer(help="The database.", no_args_is_help=True)


def database_url() -> str:
    """Return DATABASE_URL or its default; these commands need no other setting."""
    return os.environ.get("DATABASE_URL") or str(Settings.model_fields["database_url"].default)


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
