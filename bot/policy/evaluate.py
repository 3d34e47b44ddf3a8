"""From policies to a decision: an explicit Deny wins, then any Allow, and otherwise it's denied.

Source: Alibaba Cloud, RAM, "Policy evaluation process". `decide` is the hot path and looks at few statements;
`explain` looks at every one and says why it matched or not. Both rest on the same `Statement.matches`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import nsmallest

from bot.policy.conditions import Comparison, Effect, Facts, facts_of
from bot.policy.policies import INDEXED_FROM, Policy
from bot.policy.statements import AccessRequest, Statement, StatementRef


class Verdict(StrEnum):
    """What the policies decide, in RAM's words."""

    ALLOW = "Allow"
    IMPLICIT_DENY = "ImplicitDeny"
    EXPLICIT_DENY = "ExplicitDeny"


class Part(StrEnum):
    """The parts of a statement that hold or don't."""

    ACTION = "action"
    RESOURCE = "resource"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict and the statements behind it, in document order; none for an implicit deny."""

    verdict: Verdict
    deciding: tuple[StatementRef, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether it's allowed."""
        return self.verdict is Verdict.ALLOW


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a statement, and what was asked. `negated`: NotAction or NotResource, or a `…Not…` operator.

    `actual` is what was asked; for a condition, the key's values, None if the request has no such key.
    `operator` and `key` are set for conditions only.
    """

    part: Part
    wanted: tuple[str, ...]
    actual: tuple[str, ...] | None
    negated: bool
    operator: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One statement's answer: it matched because of what it `held`, or its `misses` are what didn't hold."""

    ref: StatementRef
    misses: tuple[Clause, ...] = ()
    held: tuple[Clause, ...] = ()

    @property
    def matched(self) -> bool:
        """Whether the statement matched."""
        return not self.misses


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision with statements' answers, in document order: all of them, or those closest to matching."""

    decision: Decision
    statements: tuple[Answer, ...]


class PolicySet:
    """One principal's policies; their names differ. Each policy owns its index, which is shared.

    `indexed_from`: from how many statements on a policy is worth its index.
    """

    def __init__(self, policies: Sequence[Policy], *, indexed_from: int = INDEXED_FROM) -> None:
        self.policies = tuple(policies)
        self._place = {policy.name: place for place, policy in enumerate(self.policies)}
        self._indexed_from = indexed_from

    def decide(self, ask: AccessRequest) -> Decision:
        """Return just the decision, fast."""
        facts = facts_of(ask.context)
        action, resource = ask.action.lower(), ask.resource
        matched = {
            each.ref
            for policy in self.policies
            for each in policy.candidates(action, resource, facts, self._indexed_from)
            if each.matches(action, resource, facts)
        }
        return _decision(sorted(matched, key=lambda ref: (self._place[ref.policy], ref.index)))

    def explain(self, ask: AccessRequest, most: int | None = None) -> Explanation:
        """Return the same decision, with the answers of all statements or of the `most` closest ones."""
        facts = facts_of(ask.context)
        statements = [statement for policy in self.policies for statement in policy.statements]
        if most is not None:
            statements = _nearest(statements, ask, facts, most)
        answers = tuple(_answer(statement, ask, facts) for statement in statements)
        return Explanation(self.decide(ask), answers)


def _nearest(statements: Sequence[Statement], ask: AccessRequest, facts: Facts, most: int) -> list[Statement]:
    """Return those with the fewest parts that don't hold, this action's first, in document order."""
    action = ask.action.lower()

    def misses(place: int) -> tuple[bool, int]:
        statement = statements[place]
        parts = statement.condition.comparisons
        missed = sum(not part.holds(facts, statement.ref.effect) for part in parts)
        return not statement.concerns_action(action), missed + (not statement.concerns_resource(ask.resource))

    return [statements[place] for place in sorted(nsmallest(most, range(len(statements)), misses))]


def _decision(matched: Sequence[StatementRef]) -> Decision:
    denies = tuple(ref for ref in matched if ref.effect is Effect.DENY)
    if denies:
        return Decision(Verdict.EXPLICIT_DENY, denies)
    return Decision(Verdict.ALLOW, tuple(matched)) if matched else Decision(Verdict.IMPLICIT_DENY)


def _answer(statement: Statement, ask: AccessRequest, facts: Facts) -> Answer:
    holding = list(_clauses(statement, ask, facts))
    misses = tuple(clause for clause, holds in holding if not holds)
    return Answer(statement.ref, misses, () if misses else tuple(clause for clause, _ in holding))


def _clauses(statement: Statement, ask: AccessRequest, facts: Facts) -> Iterator[tuple[Clause, bool]]:
    """Yield every part of the statement, and whether it holds."""
    actions, resources = statement.actions, statement.resources
    yield (
        Clause(Part.ACTION, actions.written, (ask.action,), actions.negated),
        statement.concerns_action(ask.action.lower()),
    )
    yield (
        Clause(Part.RESOURCE, resources.written, (ask.resource,), resources.negated),
        statement.concerns_resource(ask.resource),
    )
    for comparison in statement.condition.comparisons:
        yield _clause(comparison, facts), comparison.holds(facts, statement.ref.effect)


def _clause(comparison: Comparison, facts: Facts) -> Clause:
    return Clause(
        Part.CONDITION,
        comparison.wanted,
        facts.get(comparison.folded),
        comparison.negated,
        comparison.operator,
        comparison.key,
    )
