"""What only PostgreSQL needs: connections that close when told to."""

import asyncio
from typing import Any

from psycopg import AsyncConnection, waiting
from psycopg.abc import RV, PQGen
from sqlalchemy.engine import URL

BEGIN = "BEGIN; SET LOCAL statement_timeout = '10s'; SET LOCAL idle_in_transaction_session_timeout = '60s'"
"""How a transaction begins, in one message, with limits after which the server itself ends what we couldn't,
so nobody waits for a dead process.

Set in each transaction: a pooler refuses `options` at connect, and would pass on a session's settings.
"""


class CancellableConnection(AsyncConnection[Any]):
    """A connection that is closed immediately when its user is cancelled.

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


def connect_args(url: URL, seconds: float) -> dict[str, Any]:
    """Return the driver's arguments, for a server that answers within `seconds` or counts as down.

    Anything in the URL itself (`options`, `sslmode`, …) goes to the driver unchanged.
    """
    given: dict[str, Any] = {
        "async_creator_fn": CancellableConnection.connect,
        "autocommit": True,  # we say BEGIN ourselves; psycopg would in a message of its own
        "prepare_threshold": None,  # behind a pooler, the next statement meets another server's names
    }
    if "connect_timeout" not in url.query:
        given["connect_timeout"] = max(2, round(seconds))  # libpq takes whole seconds, and at least two
    return given
