"""Somebody who types commands; the service is scripted, and there are no wires."""

# ruff: noqa: ARG002 - the fake answers without looking at who asks

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.request import Person, Submission
from bot.ports import Posted
from bot.service.instances import Instances
from handlers.commands import table
from handlers.commands.call import Call
from handlers.commands.datetimes import NoTime, moment
from handlers.commands.grammar import tokens_of
from handlers.draft import Draft, Mistake, Mistaken
from handlers.i18n import Localizer, Translations
from handlers.listeners.context import submission_of
from handlers.people.names import NAMELESS, Names
from handlers.transport.payloads import Address
from handlers.views import form
from handlers.views.blocks import Block, Post
from tests.fakes import NOW, ScriptedService
from tests.machines import nowhere

ALICE = Person("U0ALICE", "T0TEAM", "C0IMAGES")
WORDS = Translations.read().for_locale()


class Caller:
    """Alice, at the counter; implements `handlers.commands.call.Context`."""

    def __init__(self, outcome: Any = None, instances: Instances | None = None) -> None:
        self.service = ScriptedService(outcome)
        self.instances = instances or nowhere()
        self.told: list[tuple[Address, Post]] = []
        self.opened: list[Block] = []

    @property
    def asked(self) -> list[tuple[Any, ...]]:
        """What the service was asked."""
        return self.service.asked

    async def types(self, text: str) -> Post | None:
        """Return the answer to `/image` and the text."""
        tokens = tokens_of(text)
        read = () if isinstance(tokens, Mistaken) else tokens
        call = Call(self, ALICE, Address("U0ALICE"), "trigger", text, read, WORDS)
        return (
            call.mistaken(tokens)
            if isinstance(tokens, Mistaken)
            else await table.run(call)
            if tokens
            else None
        )

    def permalink(self, posted: Posted) -> str:
        """Where a message would be."""
        return f"https://example.slack.com/archives/{posted.channel}/p{posted.ts.replace('.', '')}"

    def clock(self) -> float:
        """Return the time."""
        return NOW

    async def words(self, user_id: str) -> Localizer:
        """Everybody reads English."""
        return WORDS

    async def named(self, draw: Callable[[Names], Post]) -> Post:
        """Nobody has a name."""
        return draw(NAMELESS)

    async def moment(self, text: str, user_id: str, *, otherwise: dt.time = dt.time()) -> float | Mistake:
        """Everybody is in UTC."""
        try:
            return moment(text, NOW, ZoneInfo("UTC"), otherwise=otherwise)
        except NoTime:
            return Mistake("time-unknown", text)

    async def submission(self, draft: Draft, key: str, person: Person) -> Submission | Mistaken:
        """Check the draft, except for its start."""
        read = submission_of(draft, key)
        return Mistaken((), draft, tuple(read)) if isinstance(read, list) else read

    async def are_unchecked(self, regions: Sequence[str]) -> bool:
        """Nobody can tell of any."""
        return bool(regions)

    def reply(self, to: Address, post: Post) -> None:
        """Keep what somebody is told."""
        self.told.append((to, post))

    def open_form(self, trigger_id: str, draft: Draft, person: Person, to: Address) -> None:
        """Keep the form that was opened."""
        self.opened.append(form.build(draft, WORDS))
