"""Delegating approvals to somebody else for a while."""

from dataclasses import replace

from bot.allowlist.authorizer import Authorizer
from bot.allowlist.principal import Principal
from bot.domain.approvals import DAY, DEFAULT_RULE
from bot.domain.request import Person
from bot.domain.vocabulary import APPROVE
from bot.errors import DirectoryDown
from bot.service.outcomes import Delegated, Delegations, RefusalReason, Refused, undecided
from bot.service.refusals import Refusals
from bot.store import audit, delegations
from bot.store.requests import Store

LONGEST = 90 * DAY
MOST_A_DAY = 5
"""How often a person can delegate in a day: each time somebody gets a direct message."""


class Delegating:
    """A delegate approves only as the delegator: the delegator's permissions count at every click."""

    def __init__(self, store: Store, rights: Authorizer, refusals: Refusals) -> None:
        self.store = store
        self.rights = rights
        self.refusals = refusals
        self.clock = store.clock

    async def delegate(self, person: Person, to: str, until: float) -> Delegated | Refused:
        """Let somebody approve for the person until then (epoch seconds), replacing any earlier
        delegation.
        """
        if to == person.user_id:
            return Refused(RefusalReason.YOURSELF)
        if not self.clock() < until < self.clock() + LONGEST:
            return Refused(RefusalReason.BAD_END)
        refusal = await self._refusal(person, to)
        outcome = Refused(refusal) if refusal else await self._put(person, to, until)
        if isinstance(outcome, Refused) and outcome.why is not RefusalReason.REPEATED:
            await self.refusals.record(person, APPROVE, None, replace(outcome, details={"to": to}))
        return outcome

    async def _refusal(self, person: Person, to: str) -> RefusalReason | None:
        """Return why the person may not delegate to somebody, as far as anybody can tell now."""
        try:
            delegator, delegate = await self.rights.principals([person, Person(to, "")])
        except DirectoryDown as down:
            return undecided(down)
        return self._may_not_delegate(delegator, delegate)

    def _may_not_delegate(self, delegator: Principal, delegate: Principal) -> RefusalReason | None:
        """Return why not: nothing to delegate, or a delegate whom no rule lets approve; None when it's
        fine.
        """
        if not delegator.may_somewhere(APPROVE):
            return RefusalReason.NOTHING_TO_DELEGATE
        rules = (DEFAULT_RULE, *delegator.snapshot.allowlist.rules)
        return RefusalReason.OUTSIDER if all(map(delegate.outsider, rules)) else None

    async def _put(self, person: Person, to: str, until: float) -> Delegated | Refused:
        """Save the delegation, unless the person has delegated too often today."""
        async with self.store.begin() as transaction:
            if not await transaction.is_first(person):
                return Refused(RefusalReason.REPEATED)
            lately = await audit.count(
                transaction.connection, person.user_id, "delegated", self.clock() - DAY
            )
            if lately >= MOST_A_DAY:
                return Refused(RefusalReason.TOO_OFTEN)
            await delegations.put(transaction.connection, person.team_id, person.user_id, to, until)
            await transaction.record("delegated", person.user_id, None, {"to": to, "until": until})
        return Delegated(person.user_id, to, until)

    async def delegations(self, person: Person) -> Delegations:
        """Return the delegations in force from and to the person."""
        in_force = await self.store.delegations(person.team_id)
        mine = [each for each in in_force if each.delegator == person.user_id]
        received = tuple(each for each in in_force if each.delegate == person.user_id)
        return Delegations(mine[0] if mine else None, received)

    async def end_delegation(self, person: Person) -> Delegated | Refused:
        """End the person's delegation."""
        given = (await self.delegations(person)).given
        if given is None:
            return Refused(RefusalReason.NOT_DELEGATED)
        async with self.store.begin() as transaction:
            if not await transaction.is_first(person):
                return Refused(RefusalReason.REPEATED)
            await delegations.remove(transaction.connection, person.team_id, person.user_id)
            await transaction.record("delegation_ended", person.user_id, None, {"to": given.delegate})
        return Delegated(person.user_id, given.delegate, None)
