"""Where a request's messages are in Slack: from the card's place to the request, and back."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.message import REQUEST, Kind
from bot.ports import Posted
from bot.store.engine import transaction
from bot.store.outbox import rate_key
from bot.store.tables import messages, rate_limits


async def card_of(engine: AsyncEngine, request_id: str) -> Posted | None:
    """Return where a request's card is; None before it was posted."""
    card = (messages.c.subject_id == request_id, messages.c.kind == Kind.CARD.value)
    query = select(messages.c.posted_in, messages.c.ts).where(
        messages.c.subject_kind == REQUEST, *card, messages.c.ts.is_not(None)
    )
    async with transaction(engine, reads=True) as connection:
        row = (await connection.execute(query)).first()
    return None if row is None else Posted(row.posted_in, row.ts)


async def request_at(engine: AsyncEngine, place: Posted) -> str | None:
    """Return the ID of the request that a message is about: its card, or an entry of its thread."""
    there = (messages.c.posted_in == place.channel, messages.c.ts == place.ts)
    query = select(messages.c.subject_id).where(*there, messages.c.subject_kind == REQUEST)
    async with transaction(engine, reads=True) as connection:
        return await connection.scalar(query.limit(1))


async def refusal_of(connection: AsyncConnection, team_id: str, channel: str) -> str:
    """Return Slack's error code for the last post to a channel; "" when it was accepted."""
    query = select(rate_limits.c.refused).where(rate_limits.c.key == rate_key(team_id, channel))
    return await connection.scalar(query) or ""
