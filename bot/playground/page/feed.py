"""News for a window: what has changed since the last time, as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping

from aiohttp import web

Regions = Mapping[str, Mapping[str, str]]
TOGETHER = 0.03
"""Seconds for which changes are gathered: what happens together is shown together."""
ALIVE = 15.0


class Pulse:
    """Wakes everybody who is waiting whenever anything happens."""

    def __init__(self) -> None:
        self._beat = asyncio.Event()

    def beat(self) -> None:
        """Wake everybody: something happened."""
        self._beat.set()
        self._beat = asyncio.Event()

    async def next(self) -> None:
        """Wait for the next beat."""
        await self._beat.wait()

    async def follow(self, changes: AsyncIterator[object]) -> None:
        """Beat with every change, forever."""
        async for _ in changes:
            self.beat()


def news(before: Regions, after: Regions) -> dict[str, dict[str, object]]:
    """Return, for each region that changed, the order of its keys and the HTML of those that changed.

    A region that isn't in `before` has changed, even if it's empty now.
    """
    return {
        region: {
            "order": list(items),
            "items": {key: html for key, html in items.items() if before.get(region, {}).get(key) != html},
        }
        for region, items in after.items()
        if region not in before or list(items.items()) != list(before[region].items())
    }


async def feed(request: web.Request, draw: Callable[[], Regions], pulse: Pulse) -> web.StreamResponse:
    """Tell a window about every change until it's closed; first everything, as it may have missed some."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    told: Regions = {}
    waiting = asyncio.ensure_future(pulse.next())
    try:
        while True:
            now = draw()
            changed = news(told, now)
            told = now
            await response.write(f"data: {json.dumps(changed)}\n\n".encode() if changed else b": alive\n\n")
            await asyncio.wait((waiting,), timeout=ALIVE)
            waiting.cancel()
            waiting = asyncio.ensure_future(pulse.next())
            await asyncio.sleep(TOGETHER)
    except ConnectionResetError:
        return response
    finally:
        waiting.cancel()
