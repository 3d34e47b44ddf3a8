"""The daily digest: what waits for those who want to hear of it once a day."""

import asyncio

from cachetools import TTLCache

from bot.domain.approvals import DAY
from bot.domain.changes import NewMessage
from bot.domain.message import DIGEST, Kind, Priority, Subject, Told
from bot.domain.preferences import DIGEST_FROM, Preferences
from bot.domain.request import BOT, Person
from bot.service.home import HomeService
from bot.store import outbox, preferences
from bot.store.engine import transaction
from bot.store.requests import Store

LOOK_SECONDS = 300.0
SHOWN = 5
"""Requests that a digest names; App Home has all."""


class Digests:
    """Puts one digest per person and day into the outbox: the day is in its key, so there's only one."""

    def __init__(self, store: Store, home: HomeService) -> None:
        self._store = store
        self._home = home
        self._told: TTLCache[str, bool] = TTLCache(
            10_000, DAY
        )  # those are in the outbox; saves looking again

    async def run(self) -> None:
        """Keep looking for digests that are due."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Write every digest that is due now."""
        async with transaction(self._store.engine, reads=True) as connection:
            people = await preferences.daily(connection)
        for team_id, user_id, chosen in people:
            day = chosen.digest_day(self._store.clock())
            key = f"{DIGEST}:{team_id}:{user_id}:{day}"
            if day and key not in self._told and await self._tell(Person(user_id, team_id), chosen, key):
                self._told[key] = True

    async def _tell(self, person: Person, chosen: Preferences, key: str) -> bool:
        """Write one digest; False when there isn't enough to tell yet."""
        waiting = (await self._home.of(person)).waiting
        if len(waiting.requests) < DIGEST_FROM:
            return False
        now = self._store.clock()
        lines = [
            {"id": each.id, "name": each.title, "requester": each.requester}
            for each in waiting.requests[:SHOWN]
        ]
        details = {"count": len(waiting.requests), "more": waiting.more, "requests": lines}
        message = NewMessage(Kind.DIGEST, person.user_id, Priority.BOT)
        told, subject = Told(DIGEST, now, BOT, None, details), Subject(DIGEST, person.user_id)
        row = outbox.NewRow(person.team_id, message, subject, key, told, not_before=chosen.not_before(now))
        async with self._store.begin() as writing:
            await outbox.put(writing.connection, row)
        return True
