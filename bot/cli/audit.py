"""`image-bot audit`: the log out of the database, one request's story, and whether the log is whole."""

import asyncio
import csv
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Annotated

import typer
from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cli import audit_records, typed
from bot.cli.database import opened
from bot.store import audit, audit_check
from bot.store.audit_key import UNKEYED
from bot.store.engine import transaction
from bot.store.tables import audit as log

app = typer.Typer(help="The audit log.", no_args_is_help=True)


class Format(StrEnum):
    """How the log is written out."""

    JSONL = "jsonl"
    CSV = "csv"


Since = Annotated[
    float | None,
    typer.Option(parser=typed.moment, metavar="T", help="From this time on: ISO 8601, or 7d ago."),
]
Until = Annotated[float | None, typer.Option(parser=typed.moment, metavar="T", help="Before this time.")]
Expect = Annotated[
    audit.Head | None,
    typer.Option(parser=typed.head, metavar="SEQ:HASH", help="A head from an earlier log line or check."),
]


@app.command()
def export(
    form: Annotated[Format, typer.Option("--format", help="A JSON object a line, or CSV.")] = Format.JSONL,
    since: Since = None,
    until: Until = None,
    request: Annotated[
        str | None, typer.Option(parser=typed.request_id, metavar="REQUEST", help="Only this request.")
    ] = None,
    user: Annotated[
        str | None,
        typer.Option(
            parser=typed.actor,
            metavar="USER",
            help="Only what this person did, by Slack ID; also `bot` and `operator`.",
        ),
    ] = None,
) -> None:
    """Print the audit log, oldest first."""
    if since is not None and until is not None and since >= until:
        raise typer.BadParameter("--since is not before --until: nothing lies between them")
    conditions = [
        *([log.c.at >= since] if since is not None else []),
        *([log.c.at < until] if until is not None else []),
        *([log.c.request_id == request] if request is not None else []),
        *([log.c.actor == user] if user is not None else []),
    ]
    asyncio.run(_export(form, conditions))


@app.command()
def show(
    request: Annotated[
        str, typer.Argument(parser=typed.request_id, metavar="REQUEST", help="The request's ID.")
    ],
) -> None:
    """Tell one request's story: who asked, who let it through, by which rule and with which rights."""
    found = asyncio.run(_entries([log.c.request_id == request]))
    if not found:
        typer.echo(f"The audit log has nothing about {request}.", err=True)
        raise typer.Exit(1)
    typer.echo("\n".join(audit_records.story(request, found)))


@app.command()
def verify(expect: Expect = None) -> None:
    """Read every record, compare requests with them; exit 1 and name the first that is broken."""
    found, keyed = asyncio.run(_verify(expect))
    for problem in found.problems:
        typer.echo(f"The audit log is broken: {problem}", err=True)
    if not keyed:
        typer.echo(f"Note: {UNKEYED}.", err=True)
    if found.problems:
        raise typer.Exit(1)
    typer.echo(f"The audit log is whole: {found.read} records up to {found.head}")


async def _export(form: Format, conditions: list[ColumnElement[bool]]) -> None:
    table = csv.writer(sys.stdout)
    if form is Format.CSV:
        table.writerow(audit_records.COLUMNS)
    async with _connection() as connection:
        async for entry in audit.entries(connection, *conditions):
            if form is Format.CSV:
                table.writerow(audit_records.flat(entry))
            else:
                typer.echo(json.dumps(audit_records.record(entry), ensure_ascii=False))


async def _entries(conditions: list[ColumnElement[bool]]) -> list[audit.Entry]:
    async with _connection() as connection:
        return [entry async for entry in audit.entries(connection, *conditions)]


async def _verify(expect: audit.Head | None) -> tuple[audit_check.Check, bool]:
    async with _connection() as connection:
        return await audit_check.check(connection, expect), audit.key_of(connection) is not None


@asynccontextmanager
async def _connection() -> AsyncIterator[AsyncConnection]:
    async with opened() as engine, transaction(engine, reads=True, seconds=None) as connection:
        yield connection
