"""`image-bot audit`: the log out of the database, and whether it is whole."""

import asyncio
import csv
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, fields
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.cli.database import database_url
from bot.settings import BadSettings
from bot.store import audit, schema
from bot.store.engine import is_sqlite, open_engine, transaction

app = typer.Typer(help="The audit log.", no_args_is_help=True)

COLUMNS = tuple(column.name for column in fields(audit.Entry))


class Format(StrEnum):
    """How the log is written out."""

    JSONL = "jsonl"
    CSV = "csv"


Since = Annotated[
    datetime | None, typer.Option(help="Only entries from this time on (ISO 8601, UTC when no zone).")
]


@app.command()
def export(
    form: Annotated[Format, typer.Option("--format", help="A JSON object a line, or CSV.")] = Format.JSONL,
    since: Since = None,
) -> None:
    """Print the audit log, oldest first."""
    asyncio.run(_export(form, _epoch(since)))


@app.command()
def verify() -> None:
    """Recompute the chain of hashes; exit 1 and name the first broken record."""
    broken = asyncio.run(_verify())
    if broken is not None:
        typer.echo(f"the audit log is broken at record {broken}", err=True)
        raise typer.Exit(1)
    typer.echo("the audit log is whole")


async def _export(form: Format, since: float) -> None:
    table = csv.writer(sys.stdout)
    if form is Format.CSV:
        table.writerow(COLUMNS)
    async with _connection() as connection:
        async for entry in audit.entries(connection, since):
            record = asdict(entry)
            if form is Format.CSV:
                table.writerow(record.values())
            else:
                record["details"] = _details(entry.details)
                typer.echo(json.dumps(record, ensure_ascii=False))


def _details(written: str) -> object:
    """What was recorded; the bare text when somebody has spoiled it: an export shows what is there."""
    try:
        return json.loads(written)
    except ValueError:
        return written


async def _verify() -> int | None:
    async with _connection() as connection:
        return await audit.first_broken(connection)


@asynccontextmanager
async def _connection() -> AsyncIterator[AsyncConnection]:
    engine = open_engine(database_url())
    try:
        await _find_log(engine)
        async with transaction(engine, reads=True, seconds=None) as connection:
            yield connection
    finally:
        await engine.dispose()


async def _find_log(engine: AsyncEngine) -> None:
    """Look whether there is a log at all; opening a database that is not there would make an empty one."""
    if is_sqlite(engine):
        _find_file(engine.url.database or "")
    if not await schema.is_current(engine):
        raise BadSettings(("DATABASE_URL: its schema is not up to date; run `image-bot db upgrade` first",))


def _find_file(name: str) -> None:
    if not Path(name).is_file():
        raise BadSettings((f"DATABASE_URL: there is no database {name}",))


def _epoch(moment: datetime | None) -> float:
    if moment is None:
        return 0.0
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
