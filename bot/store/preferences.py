"""Which direct messages people want: one row per person, none for those who never chose."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.preferences import Preferences, Waiting, quiet_hours
from bot.store.engine import fetch
from bot.store.tables import preferences

CHOSEN = select(preferences).where(
    preferences.c.team_id == bindparam("team_id"),
    preferences.c.user_id.in_(bindparam("user_ids", expanding=True)),
)
TOLD_OF_EACH = select(preferences.c.user_id).where(
    preferences.c.waiting == Waiting.EACH.value, preferences.c.team_id == bindparam("team_id")
)


async def put(connection: AsyncConnection, team_id: str, user_id: str, chosen: Preferences) -> None:
    """Save a person's choices; they replace earlier ones."""
    mine = (preferences.c.team_id == team_id, preferences.c.user_id == user_id)
    await connection.execute(delete(preferences).where(*mine))
    row = {
        "team_id": team_id,
        "user_id": user_id,
        "decided": chosen.decided,
        "done": chosen.done,
        "waiting": chosen.waiting.value,
        "quiet": "-".join(f"{each:%H:%M}" for each in chosen.quiet or ()),
        "zone": chosen.zone,
    }
    await connection.execute(insert(preferences).values(row))


async def of(connection: AsyncConnection, team_id: str, user_ids: Iterable[str]) -> dict[str, Preferences]:
    """Return the choices of those who have chosen."""
    rows = await connection.execute(CHOSEN, {"team_id": team_id, "user_ids": list(user_ids)})
    return {row.user_id: _read(row) for row in rows}


async def told_of_each(engine: AsyncEngine, team_id: str) -> frozenset[str]:
    """Return the user IDs of those who want a message about each request that waits for them."""
    rows = await fetch(engine, TOLD_OF_EACH, {"team_id": team_id})
    return frozenset(row.user_id for row in rows)


async def daily(connection: AsyncConnection) -> list[tuple[str, str, Preferences]]:
    """Return everybody who wants a digest: workspace, user ID, choices."""
    rows = await connection.execute(select(preferences).where(preferences.c.waiting == Waiting.DAILY.value))
    return [(row.team_id, row.user_id, _read(row)) for row in rows]


def _read(row: Row[Any]) -> Preferences:
    return Preferences(
        decided=row.decided,
        done=row.done,
        waiting=Waiting(row.waiting),
        quiet=quiet_hours(row.quiet),
        zone=row.zone,
    )
