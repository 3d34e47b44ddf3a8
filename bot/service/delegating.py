"""Lending one's approvals to somebody else for a while."""

from bot.errors import DirectoryDown
from bot.outcomes import Delegated, Lending, Refused, Why
from bot.records import Person
from bot.service.base import Base
from bot.store import delegations
from bot.store.transaction import Transaction

LONGEST = 90 * 86400.0


class Delegating(Base):
    """A delegate fills the delegator's place and no more: rights are the delegator's at every click."""

    async def delegate(self, person: Person, to: str, until: float) -> Delegated | Refused:
        """Lend my approvals to a person until then (epoch seconds), in place of any earlier delegation."""
        if to == person.user_id:
            return Refused(Why.YOURSELF)
        if not self.clock() < until < self.clock() + LONGEST:
            return Refused(Why.BAD_TIME)
        try:
            profile = await self.rights.directory.profile(to)
        except DirectoryDown:
            return Refused(Why.UNDECIDED)
        if profile.deactivated or profile.bot:
            return Refused(Why.OUTSIDER)
        async with self.store.begin() as transaction:
            await delegations.put(transaction.connection, person.user_id, to, until)
            await transaction.record("delegated", person.user_id, None, {"to": to, "until": until})
        return Delegated(person.user_id, to, until)

    async def lending(self, person: Person) -> Lending:
        """Return the delegations in force that the person has a part in."""
        async with self.store.begin() as transaction:
            return await self._lending(transaction, person)

    async def _lending(self, transaction: Transaction, person: Person) -> Lending:
        in_force = await delegations.in_force(transaction.connection, self.clock())
        mine = [each for each in in_force if each.delegator == person.user_id]
        borrowed = tuple(each for each in in_force if each.delegate == person.user_id)
        return Lending(mine[0] if mine else None, borrowed)

    async def end_delegation(self, person: Person) -> Delegated | Refused:
        """Take my approvals back."""
        async with self.store.begin() as transaction:
            lent = (await self._lending(transaction, person)).lent
            if lent is None:
                return Refused(Why.NOT_LENT)
            to = lent.delegate
            await delegations.remove(transaction.connection, person.user_id)
            await transaction.record("delegation_ended", person.user_id, None, {"to": to})
        return Delegated(person.user_id, to, None)
