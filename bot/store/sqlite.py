"""SQLite connections: a statement goes to the connection's thread and comes back with its rows in one hop.

aiosqlite makes one hop each to open a cursor, execute, fetch and close it, and a hop to a thread and back is
most of what a statement on a local file costs. The thread, and everything else, is aiosqlite's.
"""

import asyncio
import os
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import aiosqlite

Rows = list[Any]
Done = tuple[Any, int, int | None, Rows]


class Cursor:
    """What SQLAlchemy's asyncio adapter needs from a cursor; rows are there once a statement has run."""

    arraysize = 1

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._rows: Rows = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> Self:
        """Run one statement and fetch all its rows; a BEGIN goes along with the next statement."""
        if operation.startswith("BEGIN"):
            self._connection.begin = operation
            return self
        return self._done(await self._connection.hop(_execute, operation, parameters))

    async def executemany(self, operation: str, parameters: Sequence[Sequence[Any]]) -> Self:
        """Run one statement for each set of parameters."""
        return self._done(await self._connection.hop(_execute_many, operation, parameters))

    async def fetchall(self) -> Rows:
        """Return the rows."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Do nothing: the statement's cursor is already closed."""

    def _done(self, done: Done) -> Self:
        self.description, self.rowcount, self.lastrowid, self._rows = done
        return self


class Connection(aiosqlite.Connection):
    """aiosqlite's connection with cursors of our own."""

    begin = ""  # said, but not sent yet
    begun = False  # on its way, and not yet ended

    def cursor(self) -> Cursor:  # type: ignore[override]  # SQLAlchemy's adapter is the only one who asks
        """Open a cursor, without a hop."""
        return Cursor(self)

    async def hop(self, work: Callable[..., Done], *arguments: object) -> Done:
        """Do some work in the connection's thread."""
        begin, self.begin = self.begin, ""
        self.begun = self.begun or bool(begin)
        done: Done = await self._execute(_begun, begin, work, self._conn, *arguments)  # type: ignore[no-untyped-call]  # aiosqlite's
        return done

    async def commit(self) -> None:
        """Commit, if anything was begun."""
        self.begin = ""
        if self.begun:
            await super().commit()
            self.begun = False

    async def rollback(self) -> None:
        """Roll back, if anything was begun."""
        self.begin = ""
        if self.begun:
            await super().rollback()
            self.begun = False


def connector(path: str, seconds: float) -> Callable[[], Awaitable[Connection]]:
    """Return a function that opens the file; a writer waits `seconds` for one in another process."""

    async def connect() -> Connection:
        """Open one; its thread ends with it."""
        _keep_private(path)
        opened: list[sqlite3.Connection] = []

        def opening() -> sqlite3.Connection:
            """Open it in its thread; anybody may close it."""
            opened.append(sqlite3.connect(path, timeout=seconds, check_same_thread=False))
            return opened[0]

        connection = Connection(opening, iter_chunk_size=64)
        connection._thread.daemon = True  # noqa: SLF001  # as SQLAlchemy does: no open connection holds up the end
        try:
            await connection
        except (sqlite3.Error, asyncio.CancelledError):
            connection._thread.join()  # noqa: SLF001  # it is ending; outlived by it, a loop leaves it to end in a trace
            for each in opened:  # opened, and then nobody waited for it any longer
                each.close()
            raise
        return connection

    return connect


def _keep_private(path: str) -> None:
    """Let nobody else read the database; SQLite gives its side files the same mode.

    An existing file is never opened here: closing it would end the locks that other connections hold on it.
    """
    with suppress(OSError):  # if it can't be opened, SQLite will say why
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            for file in map(Path, (path, f"{path}-wal", f"{path}-shm")):
                if file.is_file():  # a folder or a device, named by mistake, isn't ours
                    file.chmod(0o600)


def _begun(begin: str, work: Callable[..., Done], connection: sqlite3.Connection, *arguments: object) -> Done:
    if begin:
        connection.execute(begin)
    return work(connection, *arguments)


def _execute(connection: sqlite3.Connection, operation: str, parameters: Sequence[Any]) -> Done:
    return _taken(connection.execute(operation, parameters))


def _execute_many(
    connection: sqlite3.Connection, operation: str, parameters: Sequence[Sequence[Any]]
) -> Done:
    return _taken(connection.executemany(operation, parameters))


def _taken(cursor: sqlite3.Cursor) -> Done:
    rows = cursor.fetchall() if cursor.description else []
    return cursor.description, cursor.rowcount, cursor.lastrowid, rows
