"""Notices to the admin channel: through the outbox, so several processes send one only once and no error
loses it.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from bot.domain.message import Subject, Told
from bot.domain.request import BOT
from bot.store import outbox
from bot.store.requests import Store


class AdminNotices:
    """Tells the admin channel whenever the state of something differs from the last one announced."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def tell(
        self,
        channel: str | None,
        subject: Subject,
        event: str,
        details: Mapping[str, Any],
        *,
        only_after_another: bool = False,
    ) -> bool:
        """Announce a state, which is the event with its details; False when it's the one announced last.

        The sentence is `admin-<event>`, with the details in it. `only_after_another` is for good news, which
        is needed only after bad news.
        """
        if not channel:
            return False
        state = f"{event}:{hashlib.sha256(json.dumps(details, sort_keys=True).encode()).hexdigest()[:16]}"
        told = Told(event, self._store.clock(), BOT, None, details)
        async with self._store.begin() as transaction:
            return await outbox.put_admin(
                transaction.connection, channel, subject, state, told, only_after_another=only_after_another
            )
