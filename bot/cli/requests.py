"""`image-bot requests`: the requests from the operator's shell, whether the bot runs or not."""

import asyncio
import getpass
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Annotated, NoReturn

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.cli import audit_records, request_records, typed
from bot.cli.database import opened
from bot.domain.actions import Action, actions_for
from bot.domain.lifecycle import Status
from bot.domain.request import OPERATOR, End, Request
from bot.domain.text import visible
from bot.service.ending import cancelled
from bot.store import audit
from bot.store.database_clock import DatabaseClock
from bot.store.engine import transaction
from bot.store.requests import Store
from bot.store.tables import audit as log

FINDINGS = 1
app = typer.Typer(help="The requests.", no_args_is_help=True)
RequestId = Annotated[
    str, typer.Argument(parser=typed.request_id, metavar="REQUEST", help="The request's ID.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_requests(
    status: Annotated[list[Status] | None, typer.Option(help="Only of this status; may be repeated.")] = None,
    user: Annotated[
        str | None,
        typer.Option(parser=typed.user_id, metavar="USER", help="Only of this person, by Slack ID."),
    ] = None,
    limit: Annotated[
        int, typer.Option(parser=typed.whole(1, 10_000), metavar="N", help="So many at most, up to 10,000.")
    ] = 50,
    as_json: AsJson = False,
) -> None:
    """List requests, newest first."""
    found = asyncio.run(_find(status or (), user, limit))
    if as_json:
        _print_json([request_records.record(each) for each in found])
    else:
        typer.echo("\n".join(request_records.table(found)) if found else "There are no such requests.")


@app.command()
def show(request: RequestId, as_json: AsJson = False) -> None:
    """Show one request and its history."""
    found, entries = asyncio.run(_look_up(request))
    if found is None and not entries:
        _missing(request)
    if as_json:
        history = [audit_records.record(entry) for entry in entries]
        _print_json({**(request_records.record(found) if found else {"id": request}), "history": history})
        return
    facts = [*request_records.lines(found), ""] if found else []
    typer.echo("\n".join([*facts, *audit_records.story(request, entries)]))


@app.command()
def cancel(
    request: RequestId,
    reason: Annotated[str, typer.Option(help="Why; people read it under the card.")] = "",
    as_json: AsJson = False,
) -> None:
    """Cancel a request; the audit log says that an operator did it, and the running bot tells people."""
    done = asyncio.run(_cancel(request, visible(reason)))
    if done is None:
        _missing(request)
    before, after = done
    if as_json:
        _print_json(request_records.record(after or before))
    elif after is not None:
        typer.echo(f"{request} is cancelled")
    if after is None:
        typer.echo(f"{request} is {before.status} and can't be cancelled.", err=True)
        raise typer.Exit(FINDINGS)


async def _find(statuses: Sequence[Status], requester: str | None, limit: int) -> tuple[Request, ...]:
    async with opened() as engine:
        return await _store(engine).find(requester=requester, statuses=statuses, limit=limit)


async def _look_up(request_id: str) -> tuple[Request | None, list[audit.Entry]]:
    async with opened() as engine:
        found = await _store(engine).get(request_id)
        async with transaction(engine, reads=True, seconds=None) as connection:
            about = log.c.request_id == request_id
            return found, [entry async for entry in audit.entries(connection, about)]


async def _cancel(request_id: str, reason: str) -> tuple[Request, Request | None] | None:
    """Return the request as it was and as it is, None where nothing was written."""
    async with opened() as engine:
        clock = DatabaseClock()
        await clock.measure(engine)
        async with Store(engine, clock, lambda: None).begin() as transaction:
            request = await transaction.get(request_id)
            if request is None:
                return None
            if Action.CANCEL not in actions_for(request, clock()):
                return request, None
            change = cancelled(request, End(clock(), OPERATOR, reason))
            details = {**change.details, "account": _account()}
            return request, await transaction.write(request, replace(change, details=details))


def _store(engine: AsyncEngine) -> Store:
    return Store(engine, DatabaseClock(), lambda: None)


def _account() -> str:
    """Return whose shell it is, as far as the system tells."""
    with suppress(OSError, KeyError):
        return getpass.getuser()
    return ""


def _missing(request_id: str) -> NoReturn:
    typer.echo(f"There is no request {request_id}.", err=True)
    raise typer.Exit(FINDINGS)


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))
