"""The stream of everything that happens, for pages that follow along and tests that wait."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from bot.playground.slack.wire import JsonObject

_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened: ``kind`` names it, ``details`` are JSON, ``number`` counts from 1."""

    number: int
    kind: str
    details: JsonObject = field(default_factory=dict)


class Changes:
    """An append-only feed. The last 10,000 changes can be read again."""

    def __init__(self) -> None:
        self._kept: deque[Change] = deque(maxlen=_KEPT)
        self._last = 0
        self._news = asyncio.Event()
        self._closed = False

    @property
    def last(self) -> int:
        """Number of the newest change, 0 before the first."""
        return self._last

    def record(self, kind: str, **details: object) -> None:
        """Add a change and wake anybody who's waiting."""
        self._last += 1
        self._kept.append(Change(self._last, kind, details))
        self._news.set()
        self._news = asyncio.Event()

    def close(self) -> None:
        """End every stream."""
        self._closed = True
        self.record("closed")

    def after(self, number: int) -> list[Change]:
        """Return the changes with a greater number, oldest first."""
        missed = self._last - number
        return list(self._kept)[-missed:] if missed > 0 else []

    async def until(self, holds: Callable[[], object], seconds: float) -> None:
        """Return once ``holds`` is true, checked after every change; ``TimeoutError`` after ``seconds``."""
        async with asyncio.timeout(seconds):
            while not holds():
                await self._news.wait()

    async def stream(self, after: int | None = None) -> AsyncIterator[Change]:
        """Yield every change numbered above ``after`` (default: from now on), until the feed closes."""
        seen = self._last if after is None else after
        while not self._closed or seen < self._last:
            news = self._news
            for change in self.after(seen):
                seen = change.number
                yield change
            if seen >= self._last and not self._closed:
                await news.wait()
