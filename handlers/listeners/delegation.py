"""`/image delegate`: approvals lent, shown and taken back."""

from datetime import time

from bot.domain.request import Person
from bot.service.outcomes import Delegated, Refused
from handlers.commands.commands import Delegate, EndDelegation, Lend, ShowDelegation
from handlers.draft import Mistake
from handlers.i18n import Localizer
from handlers.listeners.context import ListenerContext, refusal_view
from handlers.transport.payloads import Address
from handlers.views import answers
from handlers.views import delegation as lending
from handlers.views.blocks import Post

END_OF_DAY = time(23, 59, 59)
"""A delegation until Friday lasts over Friday."""


class Delegations:
    """Answers the subcommand; whom approvals are lent to, or taken back from, is told directly."""

    def __init__(self, context: ListenerContext) -> None:
        self._context = context
        self._service = context.service

    async def answer(self, wish: Lend, person: Person, words: Localizer) -> Post:
        """Do what is wished, and say what came of it."""
        match wish:
            case Delegate(to, until):
                moment = await self._context.moment(until, person.user_id, otherwise=END_OF_DAY)
                if isinstance(moment, Mistake):
                    return answers.mistaken((moment,), (), None, words)
                return await self._changed(await self._service.delegate(person, to, moment), words)
            case EndDelegation():
                return await self._changed(await self._service.end_delegation(person), words)
            case ShowDelegation():
                in_force = await self._service.lending(person)
                return lending.shown(in_force, words, await self._context.names(in_force))

    async def _changed(self, outcome: Delegated | Refused, words: Localizer) -> Post:
        if isinstance(outcome, Refused):
            return refusal_view(outcome, words)
        names = await self._context.names(outcome)
        theirs = await self._context.words(outcome.delegate)
        self._context.reply(Address(outcome.delegate), lending.told(outcome, theirs, names))
        return lending.changed(outcome, words, names)
