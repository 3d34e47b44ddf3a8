"""A compiled statement, and whether it matches a request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.policy.conditions import Condition, Effect, Facts
from bot.policy.patterns import Pattern
from bot.policy.resources import AccountPattern


@dataclass(frozen=True, slots=True)
class StatementRef:
    """Identifies a statement: the policy, its index in the document (from 0) and its effect."""

    policy: str
    index: int
    effect: Effect


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """May this action be done on this resource? `context` maps condition keys to one value or several."""

    action: str
    resource: str
    context: Mapping[str, str | Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scope:
    """Action or NotAction, Resource or NotResource: its patterns, and the texts as written.

    `accounts` are the resource patterns that name an account.
    """

    patterns: tuple[Pattern, ...]
    negated: bool = False
    written: tuple[str, ...] = ()
    accounts: tuple[AccountPattern, ...] = ()

    def includes(self, text: str) -> bool | None:
        """Whether the text is in scope; actions are lower case on both sides.

        None: it depends on the account, which isn't known.
        """
        for pattern in self.patterns:
            if pattern.matches(text):
                return not self.negated
        return self._includes_by_account(text) if self.accounts else self.negated

    def _includes_by_account(self, text: str) -> bool | None:
        fits = {account.fits(text) for account in self.accounts}
        if True in fits:
            return not self.negated
        return None if None in fits else self.negated


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """Has its effect when action, resource and condition all hold, and none otherwise."""

    ref: StatementRef
    actions: Scope
    resources: Scope
    condition: Condition

    def matches(self, action: str, resource: str, facts: Facts) -> bool:
        """Whether it matches; `action` in lower case."""
        return (
            self.concerns_action(action)
            and self.concerns_resource(resource)
            and self.condition.holds_in(facts, self.ref.effect)
        )

    def concerns_action(self, action: str) -> bool:
        """Whether it's about this action, in lower case."""
        return bool(self.actions.includes(action))

    def concerns_resource(self, resource: str) -> bool:
        """Whether it's about this resource; if that can't be told, it denies and never allows."""
        included = self.resources.includes(resource)
        return self.ref.effect is Effect.DENY if included is None else included
