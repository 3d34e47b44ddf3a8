"""Refusals and their entries in the audit log: each one at first, then how many more of its kind."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from bot.allowlist.authorizer import grants
from bot.domain.request import Person, Request
from bot.service.outcomes import Denied, Refused
from bot.store.requests import Store

Refusal = TypeVar("Refusal", Denied, Refused, Denied | Refused)
Kind = tuple[str, str]
"""Who was refused, and what for: the action and why not, but not on which request."""

WRITTEN_WHOLE = 10
"""Refusals of a kind that get an entry each within `INTERVAL`; of more, only the number is written."""
INTERVAL = 600.0
ROUND_SECONDS = 60.0


@dataclass
class Repetition:
    """How often somebody was refused the same thing since a moment (epoch seconds)."""

    since: float
    facts: Mapping[str, object]
    whole: int = 0
    counted: int = 0


class Refusals:
    """Records who was refused what. Trying a thousand times doesn't fill the log."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._repetitions: dict[Kind, Repetition] = {}

    async def record(self, person: Person, action: str, request: Request | None, refusal: Refusal) -> Refusal:
        """Put into the audit log who was refused what, and by which statements; a denial names its action."""
        facts = _facts(action, refusal)
        kind = (person.user_id, repr(sorted(facts.items())))
        now = self.store.clock()
        repetition = self._repetitions.setdefault(kind, Repetition(now, facts))
        if repetition.whole >= WRITTEN_WHOLE and now < repetition.since + INTERVAL:
            repetition.counted += 1
            return refusal
        if now >= repetition.since + INTERVAL:
            await self.write_counts()
            repetition = self._repetitions[kind] = Repetition(now, facts)
        repetition.whole += 1
        details = {**facts, **_object(refusal), "channel": person.channel_id}
        async with self.store.begin() as transaction:
            await transaction.record("refused", person.user_id, request.id if request else None, details)
        return refusal

    async def run(self) -> None:
        """Write the numbers whose interval is over, until the process ends: then all of them."""
        try:
            while True:
                await asyncio.sleep(ROUND_SECONDS)
                await self.write_counts()
        finally:
            await self.write_counts(all_of_them=True)

    async def write_counts(self, *, all_of_them: bool = False) -> None:
        """Write how often people were refused beyond what has an entry of its own."""
        now = self.store.clock()
        over = {
            kind: each
            for kind, each in self._repetitions.items()
            if all_of_them or now >= each.since + INTERVAL
        }
        counted = {kind: each.counted for kind, each in over.items() if each.counted}
        if counted:
            async with self.store.begin() as transaction:
                for kind, times in counted.items():
                    details = {**over[kind].facts, "times": times, "since": over[kind].since}
                    await transaction.record("refused_again", kind[0], None, details)
        for kind, each in over.items():
            each.counted -= counted.get(kind, 0)
            if not each.counted and self._repetitions.get(kind) is each:
                del self._repetitions[kind]


def _facts(action: str, refusal: Denied | Refused) -> dict[str, object]:
    if isinstance(refusal, Denied):
        return {"action": refusal.action, **grants(refusal.explanation.decision)}
    return {"action": action, "why": refusal.why.value}


def _object(refusal: Denied | Refused) -> dict[str, object]:
    """Return what it was about: a resource, or the person who would have been the delegate."""
    if isinstance(refusal, Denied):
        return {"resource": refusal.resource} if refusal.target else {}
    return {"to": refusal.details["to"]} if "to" in refusal.details else {}
