"""Places at the cloud: as many images are made at once as the operator allows."""

import secrets

from bot.domain.request import Request
from bot.settings import Settings
from bot.store.requests import Store

CONTENDED_SECONDS = 1.0
"""How long to leave a place alone that another worker has just taken."""


class Places:
    """Finds a place for a request; the database lets one of two who see the same one free have it."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store = store
        self.at_once = settings.images_at_once

    async def free(self, request: Request) -> int | None:
        """Return the request's own slot, else any free one; None while there is none, or its instance
        is another's.
        """
        slots, instance_busy = await self.store.occupied(request)
        if instance_busy:
            return None
        if request.attempt.slot is not None:
            return request.attempt.slot
        free = [slot for slot in range(self.at_once) if slot not in slots]
        return secrets.choice(free) if free and len(slots) < self.at_once else None
