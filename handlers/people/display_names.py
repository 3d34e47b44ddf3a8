"""Looks up the names of people and groups in an answer; without an answer from Slack, the ID is shown."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from bot.errors import DirectoryDown
from bot.ports import Directory
from handlers.people.names import Names, NamesAsked

Drawing = TypeVar("Drawing")

NAME_SECONDS = 0.5
"""Seconds for looking up names before IDs are shown instead."""
MOST_NAMES = 60


class DisplayNames:
    """Names out of the directory."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    async def put_into(self, draw: Callable[[Names], Drawing]) -> Drawing:
        """Draw once to find out which names the view asks for, look them up, and draw again with them."""
        asked = NamesAsked()
        drawing = draw(asked)
        if not (asked.user_ids or asked.groups):
            return drawing
        people = tuple(asked.user_ids)[:MOST_NAMES]
        names, handles = await asyncio.gather(self._names(people), self._handles(asked.groups))
        return draw(Names(names, handles))

    async def _names(self, user_ids: Iterable[str]) -> Mapping[str, str]:
        found = await asyncio.gather(*map(self._name, user_ids))
        return {user_id: name for user_id, name in found if name}

    async def _name(self, user_id: str) -> tuple[str, str]:
        try:
            async with asyncio.timeout(NAME_SECONDS):
                return user_id, (await self._directory.profile(user_id)).name
        except (DirectoryDown, TimeoutError):
            return user_id, ""

    async def _handles(self, groups: Mapping[str, None]) -> Mapping[str, str]:
        if not groups:
            return {}
        try:
            async with asyncio.timeout(NAME_SECONDS):
                return (await self._directory.usergroups()).handles
        except (DirectoryDown, TimeoutError):
            return {}
