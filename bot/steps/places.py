"""Slots at the cloud: the operator sets how many images are made at once."""

import secrets

from bot.domain.request import Request
from bot.settings import Settings
from bot.store.requests import Store

CONTENDED_SECONDS = 1.0
"""Seconds to avoid a slot that another worker has just taken."""


class Places:
    """Finds a slot for a request; when two see the same free slot, the database gives it to one of them."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store = store
        self.at_once = settings.images_at_once

    async def free(self, request: Request) -> int | None:
        """Return the request's own slot, else any free one; None if there is none, or another request holds
        its instance.
        """
        slots, instance_busy = await self.store.occupied(request)
        if instance_busy:
            return None
        if request.attempt.slot is not None:
            return request.attempt.slot
        free = [slot for slot in range(self.at_once) if slot not in slots]
        return secrets.choice(free) if free and len(slots) < self.at_once else None
