"""Readiness says why nothing can be written; files are private; deadlines go by the database's clock."""

import sqlite3
import stat
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from structlog.testing import capture_logs

from bot.errors import StoreUnavailable
from bot.store.database_clock import DatabaseClock
from bot.store.database_health import DatabaseHealth
from bot.store.engine import last_write, open_engine, transaction
from bot.store.tables import audit_head
from tests.databases import Postgres, upgrade
from tests.house import House


def health(house: House) -> DatabaseHealth:
    """The health of a house's database."""
    return DatabaseHealth(house.engine, DatabaseClock())


async def test_a_database_that_can_be_written_is_healthy_and_left_as_it_was(house: House) -> None:
    await house.submit()
    one = health(house)
    assert one.failure
    await one.beat()
    assert one.failure == ""
    async with transaction(house.engine, reads=True) as connection:
        assert (
            await connection.execute(select(audit_head.c.seq, func.count()).group_by(audit_head.c.seq))
        ).all() == [(1, 1)]


async def test_a_database_whose_tables_are_gone_is_unhealthy_until_they_are_back(
    cabin: House, sqlite_url: str
) -> None:
    one = health(cabin)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("ALTER TABLE audit_head RENAME TO gone")
    await one.beat()
    assert one.failure == "a table is missing"
    other.execute("ALTER TABLE gone RENAME TO audit_head")
    await one.beat()
    assert one.failure == ""
    other.close()


async def test_a_locked_file_can_be_read_and_is_unhealthy(cabin: House, sqlite_url: str) -> None:
    """And the log says so once, and when it's over."""
    one = health(cabin)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    with capture_logs() as lines:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(2):
            await one.beat()
            assert one.failure == "another process holds it locked"
        other.rollback()
        for _ in range(2):
            await one.beat()
            assert one.failure == ""
    assert [line["event"] for line in lines] == ["database_down", "database_back"]
    assert lines[0]["reason"] == "another process holds it locked"
    other.close()


async def test_a_server_that_takes_no_writes_is_unhealthy(postgresql: Postgres) -> None:
    """As after a failover, when the old address leads to a standby."""
    house = House(postgresql.clean() + "&options=-c%20default_transaction_read_only%3Don")
    one = health(house)
    await one.beat()
    assert one.failure == "it can only be read"
    assert await house.store.find() == ()
    await house.aclose()


async def test_a_server_that_nobody_runs_is_unhealthy() -> None:
    engine = open_engine("postgresql://postgres@127.0.0.1:1/postgres")
    one = DatabaseHealth(engine, DatabaseClock())
    await one.beat()
    assert one.failure == "it isn't reached"
    await engine.dispose()


async def limit_pages(house: House, pages: int) -> None:
    """Say how large the file of the one connection may grow, as a disk does."""
    async with transaction(house.engine, reads=True) as connection:
        await connection.execute(text(f"PRAGMA max_page_count = {pages}"))


async def test_a_full_disk_is_named_until_a_write_gets_through(cabin: House) -> None:
    one = health(cabin)
    await limit_pages(cabin, 1)
    with pytest.raises(StoreUnavailable):
        await grown(cabin)
    assert last_write(cabin.engine).failure == "its disk is full"
    await limit_pages(cabin, 1_000_000)
    await one.beat()
    assert (one.failure, last_write(cabin.engine).failure) == ("", "")


async def grown(house: House) -> None:
    """Write more than is free."""
    async with transaction(house.engine) as connection:
        await connection.execute(
            text("INSERT INTO rate_limits (team_id, key, free_at) VALUES ('T', hex(zeroblob(100000)), 0)")
        )


def modes(folder: Path) -> dict[str, int]:
    """Return who may do what with each file."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def test_files_of_sqlite_are_private_also_those_that_were_not(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path}/bot.db", tmp_path / "bot.db"
    await upgrade(url)
    file.chmod(0o644)
    house = House(url)
    await house.submit()

    assert modes(tmp_path) == {"bot.db": 0o600, "bot.db-wal": 0o600, "bot.db-shm": 0o600}
    await house.aclose()


@pytest.mark.parametrize("name", ["", "folder"])
async def test_a_folder_that_a_url_names_by_mistake_stays_as_it_is(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)

    with pytest.raises(StoreUnavailable):
        await upgrade(f"sqlite:///{folder}")

    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


async def test_a_host_two_hours_ahead_has_the_servers_time(postgresql: Postgres) -> None:
    house = House(postgresql.clean())
    clock = DatabaseClock(lambda: time.time() + 7200.0)
    await DatabaseHealth(house.engine, clock).beat()

    assert abs(clock() - time.time()) < 1.0
    assert abs(clock.offset + 7200.0) < 1.0
    await house.aclose()


class Hands:
    """Two clocks of a host: the one on the wall, which somebody sets, and the steady one."""

    def __init__(self) -> None:
        self.wall, self.since_boot = 1_795_300_000.0, 50.0

    def passes(self, seconds: float) -> None:
        """Let time pass by both."""
        self.wall, self.since_boot = self.wall + seconds, self.since_boot + seconds

    def clock(self) -> DatabaseClock:
        """Return a clock of the bot's on this host."""
        return DatabaseClock(lambda: self.wall, lambda: self.since_boot)


@pytest.mark.parametrize("jump", [7200.0, -7200.0])
def test_a_host_whose_clock_is_set_ends_nothing_before_the_database_is_asked(jump: float) -> None:
    """A request expires at once when the time leaps, and none comes back."""
    host = Hands()
    clock = host.clock()
    before = clock()
    host.wall += jump
    host.passes(1.0)

    assert clock() - before == 1.0


async def test_the_time_of_a_host_that_is_set_stays_the_servers(postgresql: Postgres) -> None:
    """Whichever way, and however often."""
    house, host = House(postgresql.clean()), Hands()
    clock = host.clock()
    await clock.measure(house.engine)
    for jump in (7200.0, -9000.0):
        host.wall += jump
        await clock.measure(house.engine)
        assert abs(clock() - time.time()) < 1.0
        assert abs(clock.offset - (time.time() - host.wall)) < 1.0
    await house.aclose()


async def test_a_host_that_sqlite_is_on_sets_the_time_and_is_told_of(cabin: House) -> None:
    """There is no other clock to go by: the one that was wrong may be the one before."""
    host = Hands()
    clock = host.clock()
    host.wall += 7200.0
    with capture_logs() as logs:
        await DatabaseHealth(cabin.engine, clock).beat()

    assert clock() == host.wall
    assert logs == [{"event": "clock_set", "by_seconds": 7200.0, "log_level": "warning"}]


async def test_a_clock_that_is_right_does_not_jitter(house: House) -> None:
    clock = DatabaseClock()
    for _ in range(5):
        await clock.measure(house.engine)
    assert clock.offset == 0.0
