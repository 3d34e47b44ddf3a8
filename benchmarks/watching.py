"""Calls to the cloud for images in progress, next to one call per image."""

import asyncio

from benchmarks.database import house
from benchmarks.table import Goal, Row
from bot.domain.lifecycle import Hands
from bot.store.requests import request_queues
from tests.house import lease
from tests.ports import IMAGES

ROUND = 30
"""Seconds: the longest interval between two looks at an image."""


def run(*, quick: bool = False) -> list[Row]:
    """Return the row: calls in a round. An image alone is one call."""
    sizes = (10, 50) if quick else (10, 50, 100)
    calls = tuple(asyncio.run(_calls_in_a_round(size)) for size in sizes)
    return [
        Row(
            name="watching images, ListImage calls in half a minute",
            sizes=sizes,
            ours=calls,
            unit="calls",
            reference_name="one an image",
            reference=tuple(float(size) for size in sizes),
            goal=Goal(text="≤ ⌈N/100⌉ a round", measured=calls[-1] / -(-sizes[-1] // 100), most=1.0),
            why="rounds begin at the same moments for all, and one listing by status answers for a hundred.",
        )
    ]


async def _calls_in_a_round(size: int) -> float:
    async with house(images_at_once=100) as made:
        for number in range(size):
            await made.approved(instance=f"ws-0bench{number:09}")
            await made.step()
        queue = request_queues(made.store, places=100)[Hands.WATCH]
        for second in range(5 * ROUND):
            if second == 4 * ROUND:
                made.cloud.calls.clear()
            made.clock.advance(1.0)
            while (request := await queue.claim(token := lease())) is not None:
                await made.steps.work(request, token)
                await queue.release(request.id, token)
        return float(made.cloud.calls.count(IMAGES))
