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


async def remove(connection: AsyncConnection, delegator: str) -> str | None:
    """Forget a delegation; return whom it was to, None when there was none."""
    gone = delete(delegations).where(delegations.c.delegator == delegator).returning(delegations.c.delegate)
    return (await connection.execute(gone)).scalar_one_or_none()


async def delegators(connection: AsyncConnection, delegate: str, now: float) -> tuple[str, ...]:
    """Return who lends their approvals to this person now."""
    mine = (delegations.c.delegate == delegate, delegations.c.until > now)
    lent = select(delegations.c.delegator).where(*mine)
    return tuple((await connection.execute(lent.order_by(delegations.c.delegator))).scalars())


async def in_force(connection: AsyncConnection, now: float) -> tuple[Delegation, ...]:
    """Return every delegation that has not run out."""
    query = select(delegations).where(delegations.c.until > now).order_by(delegations.c.delegator)
    rows = (await connection.execute(query)).all()
    return tuple(Delegation(row.delegator, row.delegate, row.until) for row in rows)
