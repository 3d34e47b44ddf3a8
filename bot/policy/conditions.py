"""RAM's condition operators, compiled.

The operators are the complete published list (Alibaba Cloud, RAM, "Policy elements", Condition). A
comparison has three outcomes: it holds, it doesn't, or it can't be decided, because the key is missing
from the request or its value isn't a number, date, address or boolean where one is needed. An undecided
comparison never allows: it doesn't hold, except for a negated operator in a Deny.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from operator import eq, ge, gt, le, lt
from typing import Any, TypeVar

from bot.policy.patterns import Pattern
from bot.policy.values import Network, address, boolean, moment, network, number

T = TypeVar("T")
Facts = Mapping[str, tuple[str, ...]]
"""A request's context: folded key -> values, at least one each."""
Compare = Callable[[str], bool | None]
"""Does this value of the request match one of the wanted ones? None: it can't be told."""


class Effect(StrEnum):
    """What a statement does when it matches."""

    ALLOW = "Allow"
    DENY = "Deny"


class UnreadableValueError(ValueError):
    """A wanted value that the operator can't compare with anything."""

    def __init__(self, value: str, needed: str) -> None:
        self.value, self.needed = value, needed


def facts_of(context: Mapping[str, str | Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Return the context as conditions read it: lower-case keys, every value a tuple, empty ones left out.

    Keys that differ only in case are one key with the values of both, so a second spelling hides nothing.
    """
    facts: dict[str, tuple[str, ...]] = {}
    for key, value in context.items():
        values = (value,) if isinstance(value, str) else tuple(value)
        if values:
            folded = key.lower()
            facts[folded] = facts[folded] + values if folded in facts else values
    return facts


@dataclass(frozen=True, slots=True)
class Operator:
    """How an operator compares; a negated one holds when its positive twin doesn't."""

    compile: Callable[[Sequence[str]], Compare]
    negated: bool = False


def _equals(wanted: Sequence[str]) -> Compare:
    known = frozenset(wanted)
    return lambda value: value in known


def _equals_ignoring_case(wanted: Sequence[str]) -> Compare:
    folded = frozenset(value.casefold() for value in wanted)
    return lambda value: value.casefold() in folded


def _like(wanted: Sequence[str]) -> Compare:
    patterns = [Pattern(value) for value in wanted]
    return lambda value: any(pattern.matches(value) for pattern in patterns)


def _compared(
    needed: str, read: Callable[[str], T | None], compare: Callable[[Any, Any], bool]
) -> Callable[[Sequence[str]], Compare]:
    def compile_values(wanted: Sequence[str]) -> Compare:
        limits = _read_all(wanted, read, needed)

        def fits(value: str) -> bool | None:
            given = read(value)
            return None if given is None else any(compare(given, limit) for limit in limits)

        return fits

    return compile_values


def _within(wanted: Sequence[str]) -> Compare:
    networks: list[Network] = _read_all(wanted, network, "an IP address or CIDR block")

    def fits(value: str) -> bool | None:
        given = address(value)
        return None if given is None else any(given in block for block in networks)

    return fits


def _read_all(wanted: Sequence[str], read: Callable[[str], T | None], needed: str) -> list[T]:
    values = []
    for text in wanted:
        value = read(text)
        if value is None:
            raise UnreadableValueError(text, needed)
        values.append(value)
    return values


def _ordered(prefix: str, needed: str, read: Callable[[str], T | None]) -> dict[str, Operator]:
    equal = _compared(needed, read, eq)
    return {
        f"{prefix}Equals": Operator(equal),
        f"{prefix}NotEquals": Operator(equal, negated=True),
        f"{prefix}LessThan": Operator(_compared(needed, read, lt)),
        f"{prefix}LessThanEquals": Operator(_compared(needed, read, le)),
        f"{prefix}GreaterThan": Operator(_compared(needed, read, gt)),
        f"{prefix}GreaterThanEquals": Operator(_compared(needed, read, ge)),
    }


OPERATORS: Mapping[str, Operator] = {
    "StringEquals": Operator(_equals),
    "StringNotEquals": Operator(_equals, negated=True),
    "StringEqualsIgnoreCase": Operator(_equals_ignoring_case),
    "StringNotEqualsIgnoreCase": Operator(_equals_ignoring_case, negated=True),
    "StringLike": Operator(_like),
    "StringNotLike": Operator(_like, negated=True),
    **_ordered("Numeric", "a number", number),
    **_ordered("Date", "an ISO 8601 date", moment),
    "Bool": Operator(_compared("a boolean", boolean, eq)),
    "IpAddress": Operator(_within),
    "NotIpAddress": Operator(_within, negated=True),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One key under one operator. Raises UnreadableValueError for a wanted value that can't be compared."""

    operator: str
    key: str
    wanted: tuple[str, ...]
    folded: str = field(init=False, repr=False, compare=False)
    negated: bool = field(init=False, repr=False, compare=False)
    _fits: Compare = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        operator = OPERATORS[self.operator]
        object.__setattr__(self, "folded", self.key.lower())
        object.__setattr__(self, "negated", operator.negated)
        object.__setattr__(self, "_fits", operator.compile(self.wanted))

    def holds(self, facts: Facts, effect: Effect) -> bool:
        """Whether it lets a statement of this effect match."""
        fitted = self._fitted(facts)
        if fitted is None:
            return self.negated and effect is Effect.DENY
        return fitted is not self.negated

    def _fitted(self, facts: Facts) -> bool | None:
        """Return whether any value matches; None if none does but one couldn't be read."""
        outcome: bool | None = False
        for value in facts.get(self.folded, (None,)):
            fits = None if value is None else self._fits(value)
            if fits:
                return True
            if fits is None:
                outcome = None
        return outcome


@dataclass(frozen=True, slots=True)
class Condition:
    """A Condition block: every comparison must hold. Without any, it always holds."""

    comparisons: tuple[Comparison, ...] = ()

    def holds(self, context: Mapping[str, str | Sequence[str]], effect: Effect = Effect.ALLOW) -> bool:
        """Whether it holds for the caller's context (keys in any case)."""
        return self.holds_in(facts_of(context), effect)

    def holds_in(self, facts: Facts, effect: Effect) -> bool:
        """Return the same for facts that `facts_of` has read."""
        return all(comparison.holds(facts, effect) for comparison in self.comparisons)
