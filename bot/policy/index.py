"""Finds the few statements among thousands that can match, by what their patterns must contain.

Every statement is filed once, in one drawer (action, resource or a condition key), under one clue for each
of its patterns there: wherever it shares the clue with the fewest others. A request is looked up in every
drawer. A statement that isn't found can't match, and one that is found is still evaluated. Statements that
name nothing definite (`*`, NotAction) are always evaluated.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.policy.conditions import Facts
from bot.policy.patterns import Pattern
from bot.policy.statements import Scope, Statement

ACTION, RESOURCE = "\0action", "\0resource"
REMEMBERED_ACTIONS = 256
Literal = tuple[bool, str]
"""(whether it's the whole text, the text or the part that it must contain)"""
Choices = list[tuple[Literal, ...]]
"""The clues of each pattern or value: a text that matches one has all of its clues."""

Frequency = Counter[tuple[str, Literal]]
"""How many statements could be filed under each clue of each drawer."""


class Bucket:
    """Statements filed under the texts they name, or under a part of them."""

    __slots__ = ("_lengths", "_parts", "_whole")

    def __init__(self) -> None:
        self._whole: dict[str, list[Statement]] = {}
        self._parts: dict[str, list[Statement]] = {}
        self._lengths: tuple[int, ...] = ()

    def file(self, clue: Literal, statement: Statement) -> None:
        """Put a statement under a clue."""
        whole, text = clue
        (self._whole if whole else self._parts).setdefault(text, []).append(statement)
        if not whole and len(text) not in self._lengths:
            self._lengths += (len(text),)

    def find(self, text: str) -> list[Statement]:
        """Yield every statement whose clue `text` fits."""
        found = list(self._whole.get(text, ()))
        parts = self._parts
        for length in self._lengths:
            for start in range(len(text) - length + 1):
                part = text[start : start + length]
                if part in parts:
                    found += parts[part]
        return found


class Index:
    """The drawers, and the statements that fit none."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self._always: list[Statement] = []
        self._drawers: dict[str, Bucket] = {ACTION: Bucket(), RESOURCE: Bucket()}
        choices = [dict(_choices(statement)) for statement in statements]
        crowd = Counter(
            (name, clue)
            for named in choices
            for name, each in named.items()
            for clues in each
            for clue in clues
        )
        for statement, named in zip(statements, choices, strict=True):
            self._file(statement, named, crowd)
        self._keys = tuple(name for name in self._drawers if name not in (ACTION, RESOURCE))
        self._by_action = lru_cache(REMEMBERED_ACTIONS)(self._drawers[ACTION].find)

    def candidates(self, action: str, resource: str, facts: Facts) -> Iterator[Statement]:
        """Return the statements worth evaluating, some perhaps twice."""
        yield from self._always
        yield from self._by_action(action)
        yield from self._drawers[RESOURCE].find(resource)
        for key in self._keys:
            for value in facts.get(key, ()):
                yield from self._drawers[key].find(value)

    def _file(self, statement: Statement, named: dict[str, Choices], crowd: Frequency) -> None:
        rarest = {name: {_rarest(name, clues, crowd) for clues in choices} for name, choices in named.items()}
        if not rarest:
            self._always.append(statement)
            return
        name = min(rarest, key=lambda name: sum(crowd[name, clue] for clue in rarest[name]))
        drawer = self._drawers.setdefault(name, Bucket())
        for clue in rarest[name]:
            drawer.file(clue, statement)


def _rarest(name: str, clues: tuple[Literal, ...], crowd: Frequency) -> Literal:
    return min(clues, key=lambda clue: crowd[name, clue])


def _choices(statement: Statement) -> Iterator[tuple[str, Choices]]:
    """Yield where a statement could be filed, and under what; not where a pattern leaves it open."""
    for name, scope in ((ACTION, statement.actions), (RESOURCE, statement.resources)):
        if found := _scope_choices(scope):
            yield name, found
    for comparison in statement.condition.comparisons:
        if comparison.operator == "StringEquals":
            yield comparison.folded, [((True, value),) for value in comparison.wanted]
        elif comparison.operator == "StringLike":
            scope = Scope(tuple(Pattern(value) for value in comparison.wanted))
            if found := _scope_choices(scope):
                yield comparison.folded, found


def _scope_choices(scope: Scope) -> Choices:
    """Return the clues; none for an open scope: "everything but", or a pattern without definite text."""
    if scope.negated:
        return []
    loosened = (account.anywhere for account in scope.accounts)
    choices = [_pattern_choices(pattern) for pattern in (*scope.patterns, *loosened)]
    return choices if all(choices) else []


def _pattern_choices(pattern: Pattern) -> tuple[Literal, ...]:
    if pattern.exact:
        return ((True, pattern.text),)
    return tuple((False, clue) for clue in pattern.clues)
