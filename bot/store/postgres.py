"""What PostgreSQL needs beside what it shares with SQLite: connections that let go when they are told to."""

import asyncio
from typing import Any

from psycopg import AsyncConnection, waiting
from psycopg.abc import RV, PQGen

SERVER_PATIENCE = "-c statement_timeout=10s -c idle_in_transaction_session_timeout=60s"
"""What the server itself ends when we could not: nobody waits for a process that has gone."""


class CancellableConnection(AsyncConnection[Any]):
    """A connection that is closed at once when its user is cancelled.

    psycopg would ask the server to cancel the query and wait up to ten seconds for it, which a server that is
    stopped or behind a dead network never does; the server rolls back when it finds the connection closed.
    """

    async def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:  # noqa: ASYNC109 - psycopg's signature
        """Run a step of the protocol; see psycopg's own."""
        try:
            return await waiting.wait_async(gen, self.pgconn.socket, interval=interval, timeout=timeout)
        except asyncio.CancelledError:
            self.pgconn.finish()
            raise


def connect_args(seconds: float) -> dict[str, Any]:
    """Return what the driver is given, for a server that answers within `seconds` or counts as down."""
    return {
        "async_creator_fn": CancellableConnection.connect,
        "connect_timeout": max(2, round(seconds)),  # libpq takes whole seconds, and at least two
        "options": SERVER_PATIENCE,
    }
