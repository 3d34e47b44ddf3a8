"""Who delegates their approvals to whom, until when: at most one delegation per person."""

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.request import Delegation
from bot.store.engine import fetch
from bot.store.tables import delegations

IN_FORCE = (
    select(delegations)
    .where(delegations.c.team_id == bindparam("team_id"), delegations.c.until > bindparam("now"))
    .order_by(delegations.c.delegator)
)


async def put(connection: AsyncConnection, team_id: str, delegator: str, delegate: str, until: float) -> None:
    """Save a delegation (until epoch seconds); it replaces any earlier one of the same delegator."""
    await remove(connection, team_id, delegator)
    row = {"team_id": team_id, "delegator": delegator, "delegate": delegate, "until": until}
    await connection.execute(insert(delegations).values(row))


async def remove(connection: AsyncConnection, team_id: str, delegator: str) -> None:
    """Remove a delegation, if there is one."""
    mine = (delegations.c.team_id == team_id, delegations.c.delegator == delegator)
    await connection.execute(delete(delegations).where(*mine))


async def in_force(engine: AsyncEngine, team_id: str, now: float) -> tuple[Delegation, ...]:
    """Return every delegation of a workspace that hasn't expired."""
    rows = await fetch(engine, IN_FORCE, {"team_id": team_id, "now": now})
    return tuple(Delegation(row.delegator, row.delegate, row.until) for row in rows)
