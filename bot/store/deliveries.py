"""Which deliveries of Slack's have been acted on: each is acted on once, in whichever process it arrives.

A submission isn't here: its key is in its row, so that a repetition is answered with the request.
"""

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.request import Person
from bot.store.tables import deliveries, insert_new

INSERT = insert_new(deliveries, deliveries.c.at)
KEPT_SECONDS = 86400.0
"""Far longer than a signature is valid, or Slack retries."""


async def is_first(connection: AsyncConnection, person: Person, now: float) -> bool:
    """Note a person's delivery in the transaction that acts on it; False if it was noted before.

    Without a delivery (the shell, the bot itself) it's always new.
    """
    if not person.delivery:
        return True
    row = {"team_id": person.team_id, "delivery": person.delivery, "at": now}
    return await connection.scalar(INSERT[connection.dialect.name], row) is not None


async def forget(connection: AsyncConnection, now: float) -> int:
    """Remove deliveries that can't be repeated; return how many there were."""
    old = delete(deliveries).where(deliveries.c.at < now - KEPT_SECONDS)
    return (await connection.execute(old)).rowcount
