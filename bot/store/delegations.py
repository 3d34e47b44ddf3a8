"""Who lends their approvals to whom, until when: at most one delegation a person."""

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import Delegation
from bot.store.tables import delegations


async def put(connection: AsyncConnection, delegator: str, delegate: str, until: float) -> None:
    """Keep a delegation (until epoch seconds) in place of any earlier one of the same delegator."""
    await remove(connection, delegator)
    row = {"delegator": delegator, "delegate": delegate, "until": until}
    await connection.execute(insert(delegations).values(row))


async def remove(connection: AsyncConnection, delegator: str) -> None:
    """Forget a delegation, if there is one."""
    await connection.execute(delete(delegations).where(delegations.c.delegator == delegator))


async def in_force(connection: AsyncConnection, now: float) -> tuple[Delegation, ...]:
    """Return every delegation that has not run out."""
    query = select(delegations).where(delegations.c.until > now).order_by(delegations.c.delegator)
    rows = (await connection.execute(query)).all()
    return tuple(Delegation(row.delegator, row.delegate, row.until) for row in rows)
