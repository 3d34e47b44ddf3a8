"""Publishes App Home: when it is opened, and again when what it shows has changed.

It's drawn only for people who had it open lately, and sent only if it changed (views.publish is limited to
about a hundred a minute).
"""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from cachetools import TTLCache
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.request import Person
from bot.errors import StoreUnavailable
from bot.ports import Directory
from bot.service.home import HomeService
from handlers.i18n import Translations
from handlers.people.display_names import DisplayNames
from handlers.people.locales import Locales
from handlers.transport.api_errors import UNREACHABLE, code_of
from handlers.views import choices, home

log = structlog.get_logger(__name__)

OPEN_SECONDS = 3600.0
"""Seconds after opening for which a Home is kept up to date."""
MOST_OPEN = 200
PAUSE_SECONDS = 2.0
"""Seconds between two rounds: several changes count as one."""
STALE_SECONDS = 60.0
"""Seconds until a Home is redrawn without news: a revoked permission is gone by then."""


@dataclass
class _Shown:
    """A Home that somebody has open: whose, its offsets, and what it shows."""

    person: Person
    waiting: int = 0
    mine: int = 0
    digest: str = ""


class Homes:
    """The Homes that people have open."""

    def __init__(
        self, slack: AsyncWebClient, translations: Translations, directory: Directory, service: HomeService
    ) -> None:
        self._slack = slack
        self._locales = Locales(translations, directory)
        self._names = DisplayNames(directory)
        self._service = service
        self._open: TTLCache[tuple[str, str], _Shown] = TTLCache(MOST_OPEN, OPEN_SECONDS)
        self._changed = asyncio.Event()

    async def show(self, person: Person, waiting: int = 0, mine: int = 0) -> None:
        """Publish a person's Home, as it is now."""
        shown = _Shown(person, waiting, mine)
        self._open[person.team_id, person.user_id] = shown
        await self._publish(shown)

    async def choose(self, person: Person, state: Mapping[str, Any]) -> None:
        """Save the choices on a person's Home, and show them."""
        chosen = choices.read(state, await self._service.choices(person))
        await self._service.choose(person, chosen)
        shown = self._open.get((person.team_id, person.user_id)) or _Shown(person)
        await self._publish(shown)

    def wake(self) -> None:
        """Look soon: something was written."""
        self._changed.set()

    async def run(self) -> None:
        """Keep what people have open up to date, forever."""
        while True:
            try:
                async with asyncio.timeout(STALE_SECONDS):
                    await self._changed.wait()
            except TimeoutError:
                pass
            self._changed.clear()
            for shown in list(self._open.values()):
                await self._publish(shown)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _publish(self, shown: _Shown) -> None:
        """Draw a Home and send it, unless it already shows that."""
        try:
            contents = await self._service.of(shown.person, shown.waiting, shown.mine)
            words = await self._locales.words(shown.person.user_id)
            view = await self._names.put_into(lambda names: home.home(contents, words, names))
            digest = hashlib.sha256(json.dumps(view).encode()).hexdigest()
            if digest != shown.digest:
                await self._slack.views_publish(user_id=shown.person.user_id, view=view)
                shown.digest = digest
        except StoreUnavailable as error:
            log.warning("home_not_read", user=shown.person.user_id, reason=error.reason)
        except UNREACHABLE as error:
            log.info("home_not_shown", user=shown.person.user_id, reason=code_of(error))
