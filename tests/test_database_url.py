"""DATABASE_URL: what can't be used is one clear line, exit 2, and never shows what is secret."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.database_url import NO_FILE, NO_PARAMETERS, UNKNOWN, UNQUOTED, passwords_of, read_database_url
from bot.store.engine import open_engine, transaction
from tests.databases import Postgres
from tests.house import House

WRONG = {
    "": UNKNOWN,
    "sqlite": UNKNOWN,
    "mysql://bot:hunter2@h/d": UNKNOWN,
    "postgresql://bot:hunter2@h:port/d": UNKNOWN,
    "postgresql://bot:hunter2@[::1/d": UNKNOWN,
    "sqlite+pysqlite:///x.db": UNKNOWN,
    ":memory:": NO_FILE,
    "sqlite://": NO_FILE,
    "sqlite:///": NO_FILE,
    "sqlite://x": NO_FILE,
    "sqlite://x/y.db": NO_FILE,
    "sqlite:///:memory:": NO_FILE,
    "sqlite:////": NO_FILE,
    "sqlite:///folder/": NO_FILE,
    "SQLITE:///x.db": UNKNOWN,
    "sqlite:/x.db": UNKNOWN,
    "jdbc:postgresql://h/d": UNKNOWN,
    "postgresql+asyncpg://bot:hunter2@h/d": UNKNOWN,
    "postgresql://bot:hunter2@h:5432,h2:5433/d": UNKNOWN,
    "sqlite:///file::memory:": NO_FILE,
    "sqlite:///x.db?mode=ro": NO_PARAMETERS,
    "postgresql://bot:hunter2@secret@h/d": UNQUOTED,
    "postgresql://bot:hunter2@[secret]@h/d": UNQUOTED,
}


@pytest.mark.parametrize(("url", "sentence"), WRONG.items())
def test_a_url_that_cannot_be_used_is_one_line_without_its_secrets(url: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        read_database_url(url)
    assert "hunter2" not in sentence
    assert "secret" not in sentence


@pytest.mark.parametrize("url", ["sqlite://", "sqlite://x", ":memory:", "sqlite:///:memory:", "mysql://h"])
@pytest.mark.parametrize("command", [["db", "upgrade"], ["audit", "verify"]])
def test_the_command_line_says_so_and_exits_2(url: str, command: list[str], tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-m", "bot", *command],
        env={"PATH": os.environ["PATH"], "DATABASE_URL": url},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [f"DATABASE_URL: {WRONG.get(url, UNKNOWN)}"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "password", ["pa[ss", "pa]ss", "[pass]", "pa/ss", "pa?ss", "pa#ss", "pa%40ss", "pa:ss"]
)
def test_a_password_with_any_other_sign_is_read(password: str) -> None:
    url = f"postgresql://bot:{password}@host:5432/images"

    assert read_database_url(url).host == "host"
    assert read_database_url(url).database == "images"
    assert passwords_of(url) == (password.replace("%40", "@"),)


@pytest.mark.parametrize("url", ["", "no url", "postgresql://[", "http://[x"])
def test_what_is_no_url_has_no_password(url: str) -> None:
    assert passwords_of(url) == ()


def test_passwords_among_the_parameters_are_passwords() -> None:
    url = "postgresql://bot@h/d?password=hunter22&sslkey=k&sslpassword=hunter%2033"

    assert passwords_of(url) == ("hunter22", "hunter 33")


async def test_what_the_url_says_itself_goes_to_the_server(postgresql: Postgres) -> None:
    url = postgresql.clean() + "&options=-c%20work_mem%3D7MB&application_name=images&connect_timeout=5"
    house = House(url)
    async with transaction(house.engine, reads=True) as connection:
        shown = [
            (await connection.exec_driver_sql(f"SHOW {name}")).scalar()
            for name in ("work_mem", "application_name")
        ]
    await house.submit()

    assert shown == ["7MB", "images"]
    await house.aclose()


async def test_tls_that_the_url_asks_for_is_asked_of_the_server() -> None:
    """Nobody listens there, and nothing is sent in the clear: the driver reads the certificate first."""
    engine = open_engine("postgresql://bot@127.0.0.1:9/d?sslmode=verify-full&sslrootcert=/no/such/file")
    _, given = engine.dialect.create_connect_args(engine.url)

    assert given["sslmode"] == "verify-full"
    assert given["sslrootcert"] == "/no/such/file"
    await engine.dispose()
