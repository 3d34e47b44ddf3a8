"""Slack's answers, remembered for a short while, and its failures too.

An answer is used for `FRESH` seconds, so a revoked permission is gone within a minute, or for `STALE` seconds
while Slack doesn't answer. After that it's unknown, and the core denies.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Generic, TypeVar

from cachetools import TTLCache

from bot.errors import DirectoryDown
from handlers.transport.api_errors import UNREACHABLE, code_of, retry_after, status_of

FRESH = 50.0
STALE = 300.0
WAIT = 1.5
"""Seconds to wait for Slack before using what is known."""
SILENT = 5.0
"""Seconds for which a failure is remembered, so that nobody waits twice in one action."""
REMEMBERED = 20_000

Value = TypeVar("Value")


@dataclass(frozen=True)
class Failure:
    """Why there's no answer, and until when it's useless to ask again."""

    reason: str
    until: float


class Remembered(Generic[Value]):
    """Answers of one method of Slack's by key, asked for once at a time."""

    def __init__(self, ask: Callable[[str], Awaitable[Value]], clock: Callable[[], float]) -> None:
        self._ask = ask
        self._clock = clock
        self._answers: TTLCache[str, tuple[float, Value]] = TTLCache(REMEMBERED, STALE, clock)
        self._failures: TTLCache[str, Failure] = TTLCache(REMEMBERED, SILENT, clock)
        self._limited = Failure("", 0.0)  # a rate limit is the method's, whatever the key
        self._asking: dict[str, asyncio.Task[Value]] = {}

    async def get(self, key: str) -> Value:
        """Return the answer. Raises `DirectoryDown`."""
        known = self._answers.get(key)
        if known is not None and self._clock() - known[0] < FRESH:
            return known[1]
        failure = self._failure(key)
        if failure is None:
            try:
                async with asyncio.timeout(WAIT):
                    return await asyncio.shield(self._asked(key))
            except UNREACHABLE as error:
                failure = self._failed(key, error)
        if known is None or self._clock() - known[0] >= STALE:
            raise DirectoryDown(failure.reason)
        return known[1]

    def _failure(self, key: str) -> Failure | None:
        """Return the failure if it's too recent to ask again."""
        return self._limited if self._clock() < self._limited.until else self._failures.get(key)

    def _failed(self, key: str, error: Exception) -> Failure:
        if status_of(error) == HTTPStatus.TOO_MANY_REQUESTS:
            self._limited = Failure(code_of(error), self._clock() + retry_after(error))
            return self._limited
        self._failures[key] = Failure(code_of(error), self._clock() + SILENT)
        return self._failures[key]

    def _asked(self, key: str) -> asyncio.Task[Value]:
        """Return the question in progress; others who ask meanwhile wait for the same answer."""
        if key not in self._asking:
            task = asyncio.ensure_future(self._remember(key))
            self._asking[key] = task
            task.add_done_callback(lambda done: self._answered(key, done))
        return self._asking[key]

    async def _remember(self, key: str) -> Value:
        asked_at = self._clock()
        answer = await self._ask(key)
        self._answers[key] = (asked_at, answer)
        self._failures.pop(key, None)
        return answer

    def _answered(self, key: str, task: asyncio.Task[Value]) -> None:
        del self._asking[key]
        if not task.cancelled():
            task.exception()  # anybody still waiting gets it; nobody has to
