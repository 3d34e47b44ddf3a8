"""A compiled statement: whom it concerns, and whether it matches what is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.policy.conditions import Condition, Effect, Facts
from bot.policy.patterns import Pattern


@dataclass(frozen=True, slots=True)
class StatementRef:
    """Names a statement: the policy, its index in the document (from 0) and what it does."""

    policy: str
    index: int
    effect: Effect


@dataclass(frozen=True, slots=True)
class Ask:
    """May this action be done on this resource? `context` maps condition keys to a value or several."""

    action: str
    resource: str
    context: Mapping[str, str | Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scope:
    """Action or NotAction, Resource or NotResource: its patterns, and the texts as they were written."""

    patterns: tuple[Pattern, ...]
    negated: bool = False
    written: tuple[str, ...] = ()

    def includes(self, text: str) -> bool:
        """Whether the text is in scope; actions are folded on both sides beforehand."""
        for pattern in self.patterns:
            if pattern.matches(text):
                return not self.negated
        return self.negated


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """Answers its effect when action, resource and condition all hold, and is silent otherwise."""

    ref: StatementRef
    actions: Scope
    resources: Scope
    condition: Condition

    def matches(self, action: str, resource: str, facts: Facts) -> bool:
        """Whether it speaks to this; `action` in lower case."""
        return (
            self.actions.includes(action)
            and self.resources.includes(resource)
            and self.condition.holds_in(facts, self.ref.effect)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A compiled document. `length` is its characters as compact JSON, which RAM limits to 6,144."""

    name: str
    statements: tuple[Statement, ...]
    length: int = 0
