"""Looks up what the people and groups of an answer are called; whom Slack does not tell of stays an id."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping

from bot.domain.approvals import QuorumSlot, Rule
from bot.domain.request import Delegation, Request
from bot.errors import DirectoryDown
from bot.ports import Directory
from bot.service.outcomes import (
    Approvers,
    Considered,
    Delegated,
    Done,
    Explained,
    Lending,
    Reviewed,
    RightsHeld,
    Submitted,
)
from handlers.people.names import Names

NAME_SECONDS = 0.5
"""How long names may be looked up before ids have to do."""
MOST_NAMES = 60


class DisplayNames:
    """Names out of the directory."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    async def of(self, about: object) -> Names:
        """The names of everybody whom a request, or an outcome, speaks of."""
        people = tuple(dict.fromkeys(_people(about)))[:MOST_NAMES]
        names, handles = await asyncio.gather(self._names(people), self._handles(set(_groups(about))))
        return Names(names, handles)

    async def _names(self, user_ids: Iterable[str]) -> Mapping[str, str]:
        found = await asyncio.gather(*map(self._name, user_ids))
        return {user_id: name for user_id, name in found if name}

    async def _name(self, user_id: str) -> tuple[str, str]:
        try:
            async with asyncio.timeout(NAME_SECONDS):
                return user_id, (await self._directory.profile(user_id)).name
        except (DirectoryDown, TimeoutError):
            return user_id, ""

    async def _handles(self, groups: set[str]) -> Mapping[str, str]:
        if not groups:
            return {}
        try:
            async with asyncio.timeout(NAME_SECONDS):
                return (await self._directory.usergroups()).handles
        except (DirectoryDown, TimeoutError):
            return {}


def _people(about: object) -> Iterator[str]:
    match about:
        case Request():
            yield from (user for seat in _seats(about.rule) for user in sorted(seat.users))
            yield from (review.behalf_of for review in about.reviews if review.behalf_of)
        case Submitted() | Reviewed() | Done() | Considered():
            yield from _people(about.request)
        case Approvers():
            yield from (*about.candidates.user_ids, *(each.delegate for each in about.stand_ins))
            yield from _people(about.request)
        case Explained():
            yield from (*about.approvers.user_ids, *about.advice.people.user_ids)
        case RightsHeld():
            yield from _people(about.lending)
        case Lending():
            for delegation in (*about.borrowed, *([about.lent] if about.lent else ())):
                yield from _people(delegation)
        case Delegation() | Delegated():
            yield from (about.delegator, about.delegate)


def _groups(about: object) -> Iterator[str]:
    match about:
        case Request():
            yield from (group for seat in _seats(about.rule) for group in sorted(seat.usergroups))
        case Submitted() | Reviewed() | Done() | Considered() | Approvers():
            yield from _groups(about.request)
        case RightsHeld():
            yield from about.usergroups


def _seats(rule: Rule) -> Iterator[QuorumSlot]:
    yield from rule.quorum
    if rule.escalate:
        yield rule.escalate.to
