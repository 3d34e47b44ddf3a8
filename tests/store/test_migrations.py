"""The database's schema: what migrations make is what the tables say, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, delete, text, update
from sqlalchemy.exc import SQLAlchemyError

from bot.store import schema
from bot.store.engine import open_engine, transaction
from bot.store.tables import audit, audit_checkpoints, metadata
from tests.databases import upgrade
from tests.house import House


def differences(connection: Connection) -> list[object]:
    """What alembic would have to change."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


async def test_the_migrations_make_the_tables_as_the_code_knows_them(house: House) -> None:
    async with transaction(house.engine, reads=True) as connection:
        assert await connection.run_sync(differences) == []


async def test_an_upgraded_database_is_current_and_upgrading_again_is_fine(url: str) -> None:
    await upgrade(url)
    engine = open_engine(url)
    assert await schema.is_current(engine)
    await engine.dispose()


def test_the_newest_migration_is_the_one_that_the_code_waits_for() -> None:
    assert ScriptDirectory(str(schema.MIGRATIONS)).get_current_head() == schema.HEAD


async def test_an_empty_database_is_not_current(tmp_path: object) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/empty.db")
    assert not await schema.is_current(engine)
    await engine.dispose()


@pytest.mark.parametrize("statement", [update(audit).values(actor="U0MALLORY"), delete(audit)])
async def test_the_database_refuses_to_change_the_audit_log(house: House, statement: object) -> None:
    await house.submit()
    before = await house.log()
    with pytest.raises(SQLAlchemyError, match="only grows"):
        async with house.engine.begin() as connection:
            await connection.execute(statement)  # type: ignore[call-overload]  # either of two statements
    assert await house.log() == before


async def test_sqlite_writes_ahead_and_every_commit_is_on_disk(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    async with transaction(engine, reads=True) as connection:
        assert await connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert await connection.scalar(text("PRAGMA synchronous")) == 2  # FULL
    await engine.dispose()


async def test_only_entries_up_to_a_checkpoint_can_be_removed(house: House) -> None:
    await house.submit()
    await house.submit(instance="ws-0second0000001")
    checkpoint = {"seq": 1, "at": 0.0, "hash": "h", "signature": "s"}
    async with house.engine.begin() as connection:
        await connection.execute(audit_checkpoints.insert().values(checkpoint))
        await connection.execute(delete(audit).where(audit.c.seq <= 1))
    with pytest.raises(SQLAlchemyError, match="only grows"):
        async with house.engine.begin() as connection:
            await connection.execute(delete(audit))

    assert [entry.seq for entry in await house.log()] == [2]
