"""An index of instances: found by name or ID from memory, refreshed in the background.

People type names, a keystroke at a time, and Slack waits three seconds: only the very first search waits for
Alibaba Cloud. While it's away the last listing answers, with its age.
"""

import asyncio
import time
import unicodedata
from collections.abc import Awaitable, Callable, Iterable, Mapping

import structlog
from rapidfuzz import fuzz, process

from bot.alibaba.refreshing import Refreshing
from bot.ports import FoundInstances, Instance, InstanceListing

log = structlog.get_logger(__name__)

FRESH_SECONDS = 60.0
RETRY_SECONDS = 15.0
"""Seconds until a failed listing is tried again."""
_SIMILAR = 60.0


class InstanceIndex:
    """Implements `bot.ports.InstanceIndex`.

    Args:
        list_instances: `Cloud.instances`; asked by one task at a time, however many wait.
        clock: seconds, for how old a listing is.
    """

    def __init__(
        self,
        list_instances: Callable[[], Awaitable[InstanceListing]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._list = list_instances
        self._clock = clock
        self._parts: dict[str, tuple[tuple[Instance, ...], float]] = {}
        self._failures: Mapping[str, str] = {}
        self._entries = Entries(())
        self._refreshing = Refreshing(self._refresh, clock)

    async def search(self, text: str = "") -> FoundInstances:
        """Return those that match, best first; all by name if nothing was typed."""
        await self._refreshing.ready()
        oldest = min((at for _, at in self._parts.values()), default=None)
        age = None if oldest is None else self._clock() - oldest
        return FoundInstances(self._entries.search(text), age, self._failures)

    async def get(self, instance_id: str) -> Instance | None:
        """One by its ID, in any case."""
        await self._refreshing.ready()
        return self._entries.get(instance_id)

    async def nearest(self, text: str, most: int = 3) -> tuple[Instance, ...]:
        """Return those whose name or ID is most like the text."""
        await self._refreshing.ready()
        return self._entries.nearest(text, most)

    async def aclose(self) -> None:
        """End a listing under way."""
        await self._refreshing.aclose()

    async def _refresh(self) -> float:
        """List them again; return when to do so next."""
        try:
            listing = await self._list()
            self._parts |= {name: (rows, self._clock()) for name, rows in listing.parts.items()}
            everything = [row for rows, _ in self._parts.values() for row in rows]
            self._entries = await asyncio.to_thread(Entries, everything)
            self._failures = listing.failures
        except Exception:  # whatever a listing breaks on must not end the search
            log.exception("instances_not_listed")
            self._failures = {"instances": "InternalError"}
        return RETRY_SECONDS if self._failures else FRESH_SECONDS


class Entries:
    """Instances ready to be searched. With ten thousand, building it takes a thread; searching is quick."""

    def __init__(self, instances: Iterable[Instance]) -> None:
        # An instance that moves from one page to the next while they are read is listed twice.
        self._by_id = {folded(it.instance_id): it for it in instances}
        keys = sorted((folded(it.name), instance_id) for instance_id, it in self._by_id.items())
        self._names = [name for name, _ in keys]
        self._ids = [instance_id for _, instance_id in keys]
        self._texts = [f"{name}\n{instance_id}" for name, instance_id in keys]
        self._instances = tuple(self._by_id[instance_id] for instance_id in self._ids)

    def get(self, instance_id: str) -> Instance | None:
        """One by its ID, in any case."""
        return self._by_id.get(folded(instance_id))

    def search(self, text: str) -> tuple[Instance, ...]:
        """Return all whose name and ID contain every word of the text: exact IDs first, then names,
        beginnings, the rest.
        """
        wanted = folded(text)
        words = wanted.split()
        if not words:
            return self._instances
        found: Iterable[int] = range(len(self._texts))
        for word in words:
            found = [row for row in found if word in self._texts[row]]
        names, ids = self._names, self._ids
        begins = [row for row in found if names[row].startswith(wanted) or ids[row].startswith(wanted)]
        exact = [row for row in begins if ids[row] == wanted] + [
            row for row in begins if names[row] == wanted
        ]
        best_first = dict.fromkeys([*exact, *begins, *found])
        return tuple(self._instances[row] for row in best_first)

    def nearest(self, text: str, most: int) -> tuple[Instance, ...]:
        """Return those with the most similar name or ID, best first."""
        best: dict[int, float] = {}
        for choices in (self._names, self._ids):
            for _, score, row in process.extract(
                folded(text), choices, scorer=fuzz.ratio, limit=most, score_cutoff=_SIMILAR
            ):
                best[row] = max(score, best.get(row, 0.0))
        rows = sorted(best, key=lambda row: -best[row])[:most]
        return tuple(self._instances[row] for row in rows)


def folded(text: str) -> str:
    """Return the text without case, width, accents and white space around it: ` Büro` and `buro` are the
    same.
    """
    if text.isascii():
        return " ".join(text.casefold().split())
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())
