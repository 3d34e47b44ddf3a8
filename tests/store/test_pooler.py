"""Behind PgBouncer in transaction mode, where each transaction may meet another server connection."""

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from structlog.testing import capture_logs

from bot.store import notices, schema
from bot.store.engine import transaction
from tests.databases import Postgres
from tests.house import House
from tests.store.test_notices import Ear

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = pytest.mark.skipif(PGBOUNCER is None, reason="PgBouncer isn't here: apt-get install pgbouncer")

SETTINGS = """
[databases]
* = {server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = {size}
logfile = {folder}/log
pidfile = {folder}/pid
"""

SIZES = {"transaction": 5, "session": 40}
"""Connections to the server: in session mode each of ours keeps one for itself."""


@contextmanager
def pooler(url: str, mode: str) -> Iterator[str]:
    """Run PgBouncer before a database for a while; it listens on a port of its own."""
    with psycopg.connect(url) as direct:
        sockets, server_port, database = direct.info.host, direct.info.port, direct.info.dbname
    server = f"host={sockets} port={server_port} user=postgres"
    with socket.socket() as free, tempfile.TemporaryDirectory(prefix="pgb") as folder:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        settings = Path(folder, "pgbouncer.ini")
        settings.write_text(
            SETTINGS.format(server=server, port=port, mode=mode, size=SIZES[mode], folder=folder)
        )
        owner = Path(sockets).stat().st_uid  # it refuses to run as root, and the server's socket is private
        shutil.chown(folder, owner)
        running = subprocess.Popen([str(PGBOUNCER), "-q", str(settings)], user=owner)  # noqa: S603 - a program of the system
        try:
            _wait_for(port)
            yield f"postgresql://postgres:any@127.0.0.1:{port}/{database}"
        finally:
            running.terminate()
            running.wait()


def _wait_for(port: int) -> None:
    latest = time.monotonic() + 10
    while time.monotonic() < latest:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.02)
    raise TimeoutError("PgBouncer doesn't listen")


@pytest.fixture(params=["transaction", "session"])
def pooled(request: pytest.FixtureRequest, postgresql: Postgres) -> Iterator[str]:
    """The URL of a database behind a pooler, in each of the two modes that people run."""
    with pooler(postgresql.clean(), request.param) as url:
        yield url


async def test_the_main_job_is_done_by_several_processes_behind_a_pooler(pooled: str) -> None:
    """The same statements over and over on connections that change under them."""
    houses = [House(pooled) for _ in range(3)]
    await schema.upgrade(houses[0].engine)
    async with asyncio.TaskGroup() as group:
        for number in range(24):
            group.create_task(houses[number % 3].submit(instance=f"ws-0pooler{number:02}00001"))
    await asyncio.gather(*(house.step() for house in houses))

    assert len(await houses[0].store.find(limit=100)) == 24
    assert [entry.seq for entry in await houses[0].log()] == list(range(1, 49))
    for house in houses:
        await house.aclose()


async def test_limits_of_the_server_hold_for_a_transaction_and_no_longer(pooled: str) -> None:
    house = House(pooled)
    async with transaction(house.engine, reads=True) as connection:
        inside = (await connection.exec_driver_sql("SHOW statement_timeout")).scalar()
    async with await psycopg.AsyncConnection.connect(pooled, prepare_threshold=None) as other:
        outside = await (await other.execute("SHOW statement_timeout")).fetchone()

    assert (inside, outside) == ("10s", ("0",))
    await house.aclose()


async def heard(url: str) -> list[str]:
    """Listen until it is clear whether notices come; return what the log says of silence."""
    house, ear = House(url), Ear()
    with capture_logs() as lines:
        listening = asyncio.create_task(notices.listen(house.engine, ear))
        await ear.next()
        with suppress(TimeoutError):
            async with asyncio.timeout(notices.HEARING_SECONDS + 1.0):
                await ear.next()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    await house.aclose()
    return [line["why"] for line in lines if line["event"] == "notices_silent"]


async def test_a_pooler_that_delivers_no_notices_is_told_of_once_with_what_is_slower(
    postgresql: Postgres,
) -> None:
    with pooler(postgresql.clean(), "transaction") as url:
        assert await heard(url) == [notices.SILENT]


async def test_a_pooler_that_delivers_notices_is_not_complained_of(postgresql: Postgres) -> None:
    with pooler(postgresql.clean(), "session") as url:
        assert await heard(url) == []
