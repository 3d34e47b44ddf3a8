"""`/image delegate`: approvals lent, shown and taken back."""

from datetime import time

from bot.outcomes import Delegated, Refused
from bot.records import Person
from handlers.desk import Desk, no
from handlers.incoming import Address
from handlers.views import answers, lending
from handlers.views.blocks import Post
from handlers.wishes import Delegate, EndDelegation, Lend, Mistake, ShowDelegation
from handlers.words import Words

END_OF_DAY = time(23, 59, 59)
"""A delegation until Friday lasts over Friday."""


class Delegations:
    """Answers the subcommand; whom approvals are lent to, or taken back from, is told directly."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._service = desk.service

    async def answer(self, wish: Lend, person: Person, words: Words) -> Post:
        """Do what is wished, and say what came of it."""
        match wish:
            case Delegate(to, until):
                moment = await self._desk.moment(until, person.user_id, otherwise=END_OF_DAY)
                if isinstance(moment, Mistake):
                    return answers.mistaken((moment,), (), None, words)
                return await self._changed(await self._service.delegate(person, to, moment), words)
            case EndDelegation():
                return await self._changed(await self._service.end_delegation(person), words)
            case ShowDelegation():
                in_force = await self._service.lending(person)
                return lending.shown(in_force, words, await self._desk.names(in_force))

    async def _changed(self, outcome: Delegated | Refused, words: Words) -> Post:
        if isinstance(outcome, Refused):
            return no(outcome, words)
        names = await self._desk.names(outcome)
        theirs = await self._desk.words(outcome.delegate)
        self._desk.reply(Address(outcome.delegate), lending.told(outcome, theirs, names))
        return lending.changed(outcome, words, names)
