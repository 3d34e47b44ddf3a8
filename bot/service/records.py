"""What a person can ask about the past: a request's story, and the images that were made."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.allowlist.authorizer import Authorizer
from bot.domain.lifecycle import Status
from bot.domain.request import Person, Request
from bot.domain.vocabulary import READ
from bot.errors import DirectoryDown
from bot.service.guarded_requests import GuardedRequests
from bot.service.outcomes import Found, Refused, undecided
from bot.store import audit
from bot.store.engine import transaction
from bot.store.requests import Store
from bot.store.tables import audit as log

SHOWN = 10
MOST_READ = 500
"""Finished requests that are searched for images, newest first."""


@dataclass(frozen=True)
class Happened:
    """An entry of the audit log: when (epoch seconds), who, what."""

    at: float
    actor: str
    event: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """A request and what happened to it, in order."""

    request: Request
    happened: tuple[Happened, ...]


class Records:
    """Answers from what was recorded, limited to what the person may see."""

    def __init__(self, store: Store, rights: Authorizer, requests: GuardedRequests) -> None:
        self.store = store
        self.rights = rights
        self.requests = requests

    async def history(self, person: Person, request_id: str) -> Story | Refused:
        """Return a request's story out of the audit log."""
        request = await self.requests.visible(person, request_id)
        if isinstance(request, Refused):
            return request
        async with transaction(self.store.engine, reads=True) as connection:
            entries = [each async for each in audit.entries(connection, log.c.request_id == request.id)]
        return Story(
            request,
            tuple(Happened(each.at, each.actor, each.event, json.loads(each.details)) for each in entries),
        )

    async def images(self, person: Person, word: str) -> Found | Refused:
        """Find finished images that the person may know of, by a part of a name or an ID, newest first."""
        try:
            principal = await self.rights.principal(person)
        except DirectoryDown as down:
            return Refused(undecided(down))
        mine = None if principal.may_somewhere(READ) else person.user_id
        made = await self.store.find(
            team_id=person.team_id, requester=mine, statuses=(Status.AVAILABLE,), limit=MOST_READ
        )
        fitting = [
            each
            for each in made
            if _fits(each, word) and (each.requester == person.user_id or principal.may_read(each))
        ]
        return Found(tuple(fitting[:SHOWN]), more=len(fitting) > SHOWN)


def _fits(request: Request, word: str) -> bool:
    about = (request.image.image_name, request.attempt.image_id, request.image.instance_id, request.id)
    return any(word.casefold() in text.casefold() for text in about if text)
