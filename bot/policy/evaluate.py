"""From policies to a decision: an explicit Deny wins, then any Allow, and silence denies.

Source: Alibaba Cloud, RAM, "Policy evaluation process". `decide` is the hot path and looks at few statements;
`explain` looks at every one and says why it matched or not. Both rest on the same `Statement.matches`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.policy.conditions import Comparison, Effect, Facts, facts_of
from bot.policy.index import Index
from bot.policy.statements import AccessRequest, Policy, Statement, StatementRef

INDEXED_FROM = 24
"""Fewer statements are evaluated one by one, which is quicker than looking them up."""


class Verdict(StrEnum):
    """What policies answer, in RAM's words."""

    ALLOW = "Allow"
    IMPLICIT_DENY = "ImplicitDeny"
    EXPLICIT_DENY = "ExplicitDeny"


class Part(StrEnum):
    """The parts of a statement that hold or do not."""

    ACTION = "action"
    RESOURCE = "resource"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict and the statements behind it, in document order; none behind an implicit deny."""

    verdict: Verdict
    deciding: tuple[StatementRef, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether it may be done."""
        return self.verdict is Verdict.ALLOW


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a statement, and what was asked. `negated`: NotAction or NotResource, or a `…Not…` operator.

    `actual` is what was asked; for a condition the values of the key, None when the request has no such key.
    `operator` and `key` are set for conditions only.
    """

    part: Part
    wanted: tuple[str, ...]
    actual: tuple[str, ...] | None
    negated: bool = False
    operator: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What one statement said: it matched, by what it `held`, or its `misses` are what did not hold."""

    ref: StatementRef
    misses: tuple[Clause, ...] = ()
    held: tuple[Clause, ...] = ()

    @property
    def matched(self) -> bool:
        """Whether the statement spoke."""
        return not self.misses


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision with the answer of every statement, in document order."""

    decision: Decision
    statements: tuple[Answer, ...]


class PolicySet:
    """Compiled policies of one principal. `indexed_from`: how many statements are worth an index."""

    def __init__(self, policies: Sequence[Policy], *, indexed_from: int = INDEXED_FROM) -> None:
        self.policies = tuple(policies)
        self._statements = tuple(statement for policy in policies for statement in policy.statements)
        self._order = {statement.ref: place for place, statement in enumerate(self._statements)}
        self._index = Index(self._statements) if len(self._statements) >= indexed_from else None

    def decide(self, ask: AccessRequest) -> Decision:
        """The decision alone, fast."""
        facts = facts_of(ask.context)
        action, resource = ask.action.lower(), ask.resource
        candidates: Iterable[Statement] = self._statements
        if self._index:
            candidates = self._index.candidates(action, resource, facts)
        matched = {each.ref for each in candidates if each.matches(action, resource, facts)}
        return _decision(sorted(matched, key=self._order.__getitem__))

    def explain(self, ask: AccessRequest) -> Explanation:
        """The same decision and what every statement had to do with it."""
        facts = facts_of(ask.context)
        answers = tuple(_answer(statement, ask, facts) for statement in self._statements)
        return Explanation(_decision([answer.ref for answer in answers if answer.matched]), answers)


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
    """Every part of the statement, and whether it holds."""
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
