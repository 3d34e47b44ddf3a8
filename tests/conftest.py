"""Databases and the core on them; every test that takes `url` or `house` runs on SQLite and on PostgreSQL."""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.databases import Postgres, postgres, upgrade
from tests.house import House

# A machine's speed says nothing about the product.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgres]:
    """One real server for each process of the test run."""
    with postgres() as server:
        yield server


@pytest.fixture
def own_postgresql() -> Iterator[Postgres]:
    """A server that a test may mistreat."""
    with postgres() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_with_schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to copy: migrations are run once."""
    path = tmp_path_factory.mktemp("template") / "schema.db"
    asyncio.run(upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with the schema and nothing else in it."""
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgresql")
        return server.clean()
    return sqlite_copy(request, tmp_path)


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same, on SQLite only: for rules that have nothing to do with the database."""
    return sqlite_copy(request, tmp_path)


def sqlite_copy(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Copy the file with the schema."""
    template: Path = request.getfixturevalue("sqlite_with_schema")
    return f"sqlite:///{shutil.copy(template, tmp_path / 'bot.db')}"


@pytest.fixture
async def house(url: str) -> AsyncIterator[House]:
    """The core on either database."""
    house = House(url)
    yield house
    await house.aclose()


@pytest.fixture
async def houses(sqlite_url: str) -> AsyncIterator[Callable[..., House]]:
    """Create the core with other settings, or several times, on one SQLite file."""
    made: list[House] = []

    def make(**settings: Any) -> House:
        made.append(House(sqlite_url, **settings))
        return made[-1]

    yield make
    for house in made:
        await house.aclose()


@pytest.fixture
async def cabin(sqlite_url: str) -> AsyncIterator[House]:
    """The core on SQLite only."""
    house = House(sqlite_url)
    yield house
    await house.aclose()


@pytest.fixture
def far_from_utc() -> Iterator[None]:
    """A host in Shanghai."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Asia/Shanghai"
    time.tzset()
    yield
    os.environ.pop("TZ")
    os.environ |= {"TZ": before} if before is not None else {}
    time.tzset()
