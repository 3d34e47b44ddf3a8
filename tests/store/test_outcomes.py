"""What a failed transaction may say: nothing was done, nobody knows, or what its body raised."""

import asyncio
import time

import psycopg
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DataError

from bot.domain.image import CreateImage
from bot.domain.request import Submission
from bot.errors import StoreOutcomeUnknown, StoreUnavailable
from bot.service.outcomes import Submitted
from bot.store.engine import PATIENCE, fetch, transaction
from tests.databases import Postgres
from tests.house import ALICE, INSTANCE, House, person

SLOW_COMMITS = """
CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN PERFORM pg_sleep({seconds}); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON requests DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION slow();
"""
"""Rows that are checked when they are committed, which takes a while."""


@pytest.mark.parametrize(
    "error", [OSError("no space"), TimeoutError(), BrokenPipeError(), ValueError(), KeyError()]
)
@pytest.mark.parametrize("reads", [True, False])
async def test_what_the_body_raises_passes_through(house: House, error: Exception, reads: bool) -> None:
    """A file, a socket or a time limit of the caller's own says nothing about the database."""
    with pytest.raises(type(error)) as raised:
        async with transaction(house.engine, reads=reads):
            raise error
    assert raised.value is error


async def test_a_time_limit_around_a_transaction_is_its_owners(house: House) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01), transaction(house.engine):
            await asyncio.Event().wait()


async def test_a_value_that_no_column_takes_is_no_failure_of_the_database(postgresql: Postgres) -> None:
    house = House(postgresql.clean())
    with pytest.raises(DataError):
        async with transaction(house.engine) as connection:
            await connection.execute(
                text(
                    "INSERT INTO rate_limits (team_id, key, free_at) "
                    "VALUES ('T', 'k', cast('x' || :x AS float))"
                ),
                {"x": 1},
            )
    await house.aclose()


async def test_a_query_by_itself_says_what_a_transaction_would(postgresql: Postgres) -> None:
    house = House(postgresql.clean())
    with pytest.raises(DataError):
        await fetch(house.engine, text("SELECT cast('x' || :x AS float)"), {"x": 1})
    with pytest.raises(StoreUnavailable):
        await fetch(house.engine, text("SELECT pg_sleep(5)"), seconds=0.05)
    assert [tuple(row) for row in await fetch(house.engine, text("SELECT 1"))] == [(1,)]
    await house.aclose()


async def test_a_query_by_itself_is_all_that_is_said(house: House) -> None:
    said: list[str] = []
    event.listen(house.engine.sync_engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    await fetch(house.engine, text("SELECT 1"))
    assert said == ["SELECT 1"]


async def late(house: House) -> None:
    """Write for longer than there is time."""
    async with transaction(house.engine, seconds=0.05) as connection:
        await connection.execute(text("INSERT INTO rate_limits (team_id, key, free_at) VALUES ('T', 'k', 0)"))
        await asyncio.Event().wait()


async def test_what_is_late_before_it_commits_is_not_done(house: House) -> None:
    with pytest.raises(StoreUnavailable) as down:
        await late(house)
    assert not isinstance(down.value, StoreOutcomeUnknown)
    async with transaction(house.engine, reads=True) as connection:
        assert (await connection.execute(text("SELECT * FROM rate_limits"))).all() == []


async def held_up(house: House) -> None:
    """Write, with a disk that is busy for as long as the commit may take."""
    async with transaction(house.engine, seconds=0.2) as connection:
        await connection.execute(text("INSERT INTO rate_limits (team_id, key, free_at) VALUES ('T', 'k', 0)"))
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        busy = asyncio.create_task(driver.hop(_sleeps))
        await asyncio.sleep(0)
    await busy


def _sleeps(*_: object) -> tuple[None, int, None, list[object]]:
    time.sleep(0.5)
    return None, -1, None, []


async def test_a_commit_that_outlasts_its_time_on_sqlite_is_unknown_and_may_be_there(cabin: House) -> None:
    with pytest.raises(StoreOutcomeUnknown):
        await held_up(cabin)
    async with transaction(cabin.engine, reads=True) as connection:
        assert len((await connection.execute(text("SELECT * FROM rate_limits"))).all()) == 1


async def submitted(house: House) -> Submitted:
    """Ask for an image, as one delivery that may come again."""
    outcome = await house.service.submit(
        person(ALICE), Submission(CreateImage(instance_id=INSTANCE), key="k")
    )
    assert isinstance(outcome, Submitted)
    return outcome


async def test_a_request_whose_commit_is_late_is_never_told_as_not_made(
    postgresql: Postgres,
) -> None:
    """The next delivery of the same command finds it."""
    url = postgresql.fresh()
    with psycopg.connect(url) as admin:
        admin.execute(SLOW_COMMITS.replace("{seconds}", str(PATIENCE + 1.0)))
    house = House(url)
    begun = time.monotonic()
    with pytest.raises(StoreOutcomeUnknown):
        await submitted(house)
    assert time.monotonic() - begun < 3.0
    while not await house.store.find():  # each look is a way to the server and back
        pass
    again = await submitted(house)

    assert again.again
    assert [each.id for each in await house.store.find()] == [again.request.id]
    await house.aclose()


async def test_a_disk_that_is_full_is_named(cabin: House) -> None:
    with pytest.raises(StoreUnavailable, match="full"):
        await filled(cabin)


async def filled(house: House) -> None:
    """Write more than the file may hold."""
    async with transaction(house.engine) as connection:
        pages = await connection.scalar(text("PRAGMA page_count"))
        await connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        await connection.execute(
            text("INSERT INTO rate_limits (team_id, key, free_at) VALUES ('T', hex(zeroblob(100000)), 0)")
        )
