"""The reader's language: their own for what only they see, the default one for channels."""

import asyncio

from bot.errors import DirectoryDown
from bot.ports import Directory
from handlers.i18n import Localizer, Translations

LOCALE_SECONDS = 0.5
"""How long a person's language may be looked up before they are answered in the default one."""


class Locales:
    """The catalog, and what Slack says about its readers."""

    def __init__(self, translations: Translations, directory: Directory) -> None:
        self._catalog = translations
        self._directory = directory

    def everybody(self) -> Localizer:
        """Return the language of channels."""
        return self._catalog.for_locale(self._catalog.default_locale)

    async def words(self, user_id: str) -> Localizer:
        """Return the person's language; Slack isn't asked when there is only one."""
        if len(self._catalog.locales) == 1:
            return self.everybody()
        try:
            async with asyncio.timeout(LOCALE_SECONDS):
                return self._catalog.for_locale((await self._directory.profile(user_id)).locale)
        except (DirectoryDown, TimeoutError):
            return self.everybody()
