"""Lending one's approvals to somebody else for a while."""

from bot.domain.request import Person
from bot.errors import DirectoryDown
from bot.service.base import Base
from bot.service.outcomes import Delegated, Lending, RefusalReason, Refused
from bot.store import delegations

LONGEST = 90 * 86400.0


class Delegating(Base):
    """A delegate fills the delegator's place and no more: rights are the delegator's at every click."""

    async def delegate(self, person: Person, to: str, until: float) -> Delegated | Refused:
        """Lend my approvals to a person until then (epoch seconds), in place of any earlier delegation."""
        if to == person.user_id:
            return Refused(RefusalReason.YOURSELF)
        if not self.clock() < until < self.clock() + LONGEST:
            return Refused(RefusalReason.BAD_TIME)
        try:
            profile = await self.rights.directory.profile(to)
        except DirectoryDown:
            return Refused(RefusalReason.UNDECIDED)
        if profile.deactivated or profile.bot:
            return Refused(RefusalReason.OUTSIDER)
        async with self.store.begin() as transaction:
            await delegations.put(transaction.connection, person.team_id, person.user_id, to, until)
            await transaction.record("delegated", person.user_id, None, {"to": to, "until": until})
        return Delegated(person.user_id, to, until)

    async def lending(self, person: Person) -> Lending:
        """Return the delegations in force that the person has a part in."""
        in_force = await self.store.delegations(person.team_id)
        mine = [each for each in in_force if each.delegator == person.user_id]
        borrowed = tuple(each for each in in_force if each.delegate == person.user_id)
        return Lending(mine[0] if mine else None, borrowed)

    async def end_delegation(self, person: Person) -> Delegated | Refused:
        """Take my approvals back."""
        lent = (await self.lending(person)).lent
        if lent is None:
            return Refused(RefusalReason.NOT_LENT)
        async with self.store.begin() as transaction:
            await delegations.remove(transaction.connection, person.team_id, person.user_id)
            await transaction.record("delegation_ended", person.user_id, None, {"to": lent.delegate})
        return Delegated(person.user_id, lent.delegate, None)
