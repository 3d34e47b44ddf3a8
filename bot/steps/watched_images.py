"""One call to the cloud answers for every watched image, no matter whose turn it is."""

import asyncio
from collections.abc import Callable, Mapping

from bot.errors import CloudError
from bot.ports import Cloud, CloudImage
from bot.steps.asking import asked

FORGET_SECONDS = 120.0
"""An image that nobody has asked about for this long is no longer watched."""

Look = Mapping[str, CloudImage] | CloudError


class WatchedImages:
    """Asks about all watched images at once; the answer serves everybody who asks soon afterwards.

    Args:
        cloud: where they're made; up to a hundred in progress take one call.
        clock: seconds.
        fresh_seconds: how old an answer may be.
    """

    def __init__(self, cloud: Cloud, clock: Callable[[], float], fresh_seconds: float) -> None:
        self._cloud = cloud
        self._clock = clock
        self._fresh_seconds = fresh_seconds
        self._wanted: dict[str, float] = {}  # image ID to when it was last asked about
        self._asked_at = float("-inf")
        self._answered: frozenset[str] = frozenset()
        self._look: asyncio.Task[Look] | None = None

    async def get(self, image_id: str) -> CloudImage | CloudError | None:
        """Return an image, None when it isn't listed (yet), or why the cloud doesn't say."""
        now = self._clock()
        self._wanted[image_id] = now
        fresh = 0.0 <= now - self._asked_at < self._fresh_seconds  # the clock may be set back
        if self._look is None or not fresh or image_id not in self._answered:
            self._look = self._ask(now)
        found = await asyncio.shield(self._look)
        return found if isinstance(found, CloudError) else found.get(image_id)

    def over(self, image_id: str) -> None:
        """Stop asking about an image."""
        self._wanted.pop(image_id, None)

    def _ask(self, now: float) -> asyncio.Task[Look]:
        self._wanted = {id_: at for id_, at in self._wanted.items() if abs(now - at) < FORGET_SECONDS}
        self._asked_at, self._answered = now, frozenset(self._wanted)
        return asyncio.create_task(asked(self._cloud.images_by_id(self._answered), "all that are watched"))
