"""Where a request's messages are in Slack: from the card's place to the request, and back."""

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.message import REQUEST, Kind
from bot.ports import Posted
from bot.store.engine import fetch
from bot.store.outbox import rate_key
from bot.store.tables import messages, rate_limits

CARD_OF = select(messages.c.posted_in, messages.c.ts).where(
    messages.c.subject_kind == REQUEST,
    messages.c.subject_id == bindparam("request_id"),
    messages.c.kind == Kind.CARD.value,
    messages.c.ts.is_not(None),
)
REQUEST_AT = (
    select(messages.c.subject_id)
    .where(messages.c.posted_in == bindparam("channel"), messages.c.ts == bindparam("ts"))
    .where(messages.c.subject_kind == REQUEST)
    .limit(1)
)
REFUSAL_OF = select(rate_limits.c.refused).where(rate_limits.c.key == bindparam("key"))


async def card_of(engine: AsyncEngine, request_id: str) -> Posted | None:
    """Return where a request's card is; None before it was posted."""
    rows = await fetch(engine, CARD_OF, {"request_id": request_id})
    return Posted(rows[0].posted_in, rows[0].ts) if rows else None


async def request_at(engine: AsyncEngine, place: Posted) -> str | None:
    """Return the ID of the request that a message is about: its card, or an entry of its thread."""
    rows = await fetch(engine, REQUEST_AT, {"channel": place.channel, "ts": place.ts})
    return rows[0].subject_id if rows else None


async def refusal_of(connection: AsyncConnection, team_id: str, channel: str) -> str:
    """Return Slack's error code for the last post to a channel; "" when it was accepted."""
    return await connection.scalar(REFUSAL_OF, {"key": rate_key(team_id, channel)}) or ""
