"""What a sub-command is, what it is called with, and what it may use."""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from bot.domain.request import Person, Submission
from bot.ports import Posted
from bot.service import Service
from bot.service.instances import Instances
from handlers.commands.grammar import request_in
from handlers.commands.tokenizer import Token
from handlers.draft import Draft, Mistake, Mistaken
from handlers.i18n import Localizer
from handlers.people.names import Names
from handlers.transport.payloads import Address
from handlers.views import answers
from handlers.views.blocks import Post


class Context(Protocol):
    """What every sub-command may use; `handlers.listeners.context.ListenerContext` is it."""

    @property
    def service(self) -> Service:
        """What a person can do."""

    @property
    def instances(self) -> Instances:
        """Machines by name and ID."""

    @property
    def clock(self) -> Callable[[], float]:
        """The time, in epoch seconds."""

    def permalink(self, posted: Posted) -> str:
        """Return a link to a message, "" while the workspace's address isn't known."""

    async def words(self, user_id: str) -> Localizer:
        """Return the person's language."""

    async def named(self, draw: Callable[[Names], Post]) -> Post:
        """Draw an answer with the names of the people and groups in it."""

    async def moment(self, text: str, user_id: str, *, otherwise: dt.time = ...) -> float | Mistake:
        """Return the moment (epoch seconds) that a person means, in the time zone of their Slack."""

    async def submission(self, draft: Draft, key: str, person: Person) -> Submission | Mistaken:
        """Return what a person typed in a command as a submission, or everything that's wrong with it."""

    async def are_unchecked(self, regions: Sequence[str]) -> bool:
        """Tell whether it's unknown right now if images can be copied to these regions."""

    def reply(self, to: Address, post: Post) -> None:
        """Tell a person, after the acknowledgement."""

    def open_form(self, trigger_id: str, draft: Draft, person: Person, to: Address) -> None:
        """Open the form filled with a draft, after the acknowledgement."""


class Group(StrEnum):
    """Where help lists a sub-command."""

    ASK = "ask"
    FOLLOW = "follow"
    APPROVE = "approve"


@dataclass(frozen=True)
class Subcommand:
    """A row of the table: its name, what to type after it, and the function that answers.

    Its sentences are `does-<name>` (a line in help) and `help-<name>` (all of it).
    """

    name: str
    usage: str
    group: Group
    run: "Callable[[Call], Awaitable[Post | None]]"
    flags: Sequence[str] = ()


@dataclass(frozen=True)
class Call:
    """One command: who typed it and where, its words, and what it takes to answer."""

    context: Context
    person: Person
    address: Address
    trigger_id: str
    text: str
    tokens: Sequence[Token]
    words: Localizer
    table: Mapping[str, Subcommand] = field(default_factory=dict)
    key: str = ""

    @property
    def delivery(self) -> str:
        """A key that stays the same when Slack delivers this again or its button is pressed twice."""
        return self.key or self.trigger_id

    @property
    def service(self) -> Service:
        """What a person can do."""
        return self.context.service

    async def request(self, subcommand: str, tokens: Sequence[Token] | None = None) -> str | Mistaken:
        """Return the ID of the request in the words, given as its ID or a link to its card or thread."""
        named = request_in(self.tokens if tokens is None else tokens, subcommand)
        if not isinstance(named, Posted):
            return named
        request_id = await self.service.questions.request_at(named)
        return request_id or Mistaken((Mistake("link-unknown", subcommand),))

    def mistaken(self, mistaken: Mistaken) -> Post:
        """Return every mistake, with a button to the form if the form can show everything that was typed."""
        fits = mistaken.draft is not None and mistaken.draft.fits_form
        return answers.mistaken(mistaken.mistakes, mistaken.problems, self.text if fits else None, self.words)
