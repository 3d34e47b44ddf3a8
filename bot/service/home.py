"""What App Home shows: what's waiting for a person, their requests, their images, what they can do."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot.allowlist.authorizer import Authorizer
from bot.allowlist.principal import Principal
from bot.domain.approvals import can_fill
from bot.domain.lifecycle import ENDS, Status
from bot.domain.preferences import Preferences
from bot.domain.request import Person, Request
from bot.domain.vocabulary import APPROVE
from bot.errors import DirectoryDown
from bot.service.outcomes import Refused, RightsHeld
from bot.store import preferences
from bot.store.engine import transaction
from bot.store.requests import Store

PAGE = 8
"""Requests per part and page: a Home holds a hundred blocks."""
READ, MOST_READ = 100, 500
"""Waiting requests that are read at a time, and in all, to find those that wait for a person."""
SLICE = 0.01
NO_CHOICE = Preferences()
OPEN = tuple(status for status in Status if status not in ENDS)


@dataclass(frozen=True)
class Part:
    """A page of requests; `offset` is how many come before it, `more` whether others follow."""

    requests: tuple[Request, ...] = ()
    offset: int = 0
    more: bool = False


@dataclass(frozen=True)
class HomeContents:
    """Everything on one person's Home; `rights` is None while Slack can't say who they are."""

    waiting: Part = Part()
    mine: Part = Part()
    made: Part = Part()
    rights: RightsHeld | None = None
    choices: Preferences = NO_CHOICE


@dataclass(frozen=True)
class HomeService:
    """Reads what a Home shows, by the rules in force."""

    store: Store
    rights: Authorizer
    whoami: Callable[[Person], Awaitable[RightsHeld | Refused]]

    async def of(self, person: Person, waiting: int = 0, mine: int = 0) -> HomeContents:
        """Return a person's Home, its parts starting at the given offsets."""
        own = await self.store.find(
            team_id=person.team_id, requester=person.user_id, statuses=OPEN, limit=PAGE + 1, offset=mine
        )
        made = await self.store.find(
            team_id=person.team_id, requester=person.user_id, statuses=(Status.AVAILABLE,), limit=PAGE + 1
        )
        rights = await self.whoami(person)
        held = rights if isinstance(rights, RightsHeld) else None
        waits = await self._waiting(person, waiting) if held else Part()
        choices = await self.choices(person)
        return HomeContents(waits, _part(own, mine), _part(made, 0), held, choices)

    async def choices(self, person: Person) -> Preferences:
        """Return a person's notification preferences."""
        async with transaction(self.store.engine, reads=True) as connection:
            chosen = await preferences.of(connection, person.team_id, [person.user_id])
        return chosen.get(person.user_id, NO_CHOICE)

    async def choose(self, person: Person, chosen: Preferences) -> None:
        """Save a person's preferences, with the time zone of their quiet hours."""
        try:
            zone = (await self.rights.directory.profile(person.user_id)).tz
        except DirectoryDown:
            zone = (await self.choices(person)).zone
        chosen = replace(chosen, zone=zone)
        async with self.store.begin() as writing:
            if await writing.is_first(person):
                await preferences.put(writing.connection, person.team_id, person.user_id, chosen)

    async def _waiting(self, person: Person, offset: int) -> Part:
        """Return the requests that this person can approve or reject, newest first."""
        in_force = await self.store.delegations(person.team_id)
        from_others = [each.delegator for each in in_force if each.delegate == person.user_id]
        try:
            everybody = await self.rights.principals([person, *(Person(each, "") for each in from_others)])
        except DirectoryDown:
            return Part()
        able = [each for each in everybody if each.may_somewhere(APPROVE)]
        found: list[Request] = []
        if not able:
            return Part()
        async for request in self._pending(person.team_id):
            if _waits_for(person, able, request):
                found.append(request)
            if len(found) > offset + PAGE:
                break
        return _part(found[offset:], offset)

    async def _pending(self, team_id: str) -> AsyncIterator[Request]:
        """Yield the waiting requests, giving other tasks a turn."""
        resumed = time.perf_counter()
        for start in range(0, MOST_READ, READ):
            page = await self.store.find(
                team_id=team_id, statuses=(Status.PENDING,), limit=READ, offset=start
            )
            for request in page:
                if time.perf_counter() - resumed > SLICE:
                    await asyncio.sleep(0)
                    resumed = time.perf_counter()
                yield request
            if len(page) < READ:
                return


def _waits_for(person: Person, able: Sequence[Principal], request: Request) -> bool:
    """Tell whether a review by this person, as themselves or for a delegator, would help."""
    if person.user_id == request.requester or request.break_glass:
        return False
    return any(_helps(each, request) for each in able)


def _helps(principal: Principal, request: Request) -> bool:
    if principal.outsider(request.rule) or not principal.may_review(request):
        return False
    approvals, user_id = request.approvals, principal.person.user_id
    return can_fill(request.rule, approvals, user_id, principal.memberships, escalated=request.escalated)


def _part(found: Sequence[Request], offset: int) -> Part:
    return Part(tuple(found[:PAGE]), offset, more=len(found) > PAGE)
