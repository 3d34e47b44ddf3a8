"""Finds the few statements of thousands that can match, by what their patterns must contain.

Every statement is filed once, in one drawer (action, resource or a condition key): the one where it shares
its place with the fewest others. What is asked is looked up in every drawer; a statement that is not found
cannot match, and one that is found is still evaluated. Statements that name nothing definite (`*`,
NotAction) always are.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from bot.policy.conditions import Facts
from bot.policy.patterns import Pattern
from bot.policy.statements import Scope, Statement

ACTION, RESOURCE = "\0action", "\0resource"
REMEMBERED_ACTIONS = 256
Clue = tuple[bool, str]
"""(whether it is the whole text, the text or a part that it must contain)"""


class Drawer:
    """Statements filed under the texts that they name, or under a part of them."""

    __slots__ = ("_lengths", "_parts", "_whole")

    def __init__(self) -> None:
        self._whole: dict[str, list[Statement]] = {}
        self._parts: dict[str, list[Statement]] = {}
        self._lengths: tuple[int, ...] = ()

    def file(self, clue: Clue, statement: Statement) -> None:
        """Puts a statement under a clue."""
        whole, text = clue
        (self._whole if whole else self._parts).setdefault(text, []).append(statement)
        if not whole and len(text) not in self._lengths:
            self._lengths += (len(text),)

    def find(self, text: str) -> list[Statement]:
        """Every statement whose clue `text` fits."""
        found = list(self._whole.get(text, ()))
        parts = self._parts
        for length in self._lengths:
            for start in range(len(text) - length + 1):
                part = text[start : start + length]
                if part in parts:
                    found += parts[part]
        return found


class Index:
    """The drawers and what fits none."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self._always: list[Statement] = []
        self._drawers: dict[str, Drawer] = {ACTION: Drawer(), RESOURCE: Drawer()}
        clues = [dict(_clues(statement)) for statement in statements]
        crowd = Counter((name, clue) for named in clues for name, found in named.items() for clue in found)
        for statement, named in zip(statements, clues, strict=True):
            self._file(statement, named, crowd)
        self._keys = tuple(name for name in self._drawers if name not in (ACTION, RESOURCE))
        self._by_action = lru_cache(REMEMBERED_ACTIONS)(self._drawers[ACTION].find)

    def candidates(self, action: str, resource: str, facts: Facts) -> Iterator[Statement]:
        """The statements worth evaluating, some perhaps twice."""
        yield from self._always
        yield from self._by_action(action)
        yield from self._drawers[RESOURCE].find(resource)
        for key in self._keys:
            for value in facts.get(key, ()):
                yield from self._drawers[key].find(value)

    def _file(
        self, statement: Statement, named: dict[str, set[Clue]], crowd: Counter[tuple[str, Clue]]
    ) -> None:
        if not named:
            self._always.append(statement)
            return
        rarest = min(named, key=lambda name: sum(crowd[name, clue] for clue in named[name]))
        drawer = self._drawers.setdefault(rarest, Drawer())
        for clue in named[rarest]:
            drawer.file(clue, statement)


def _clues(statement: Statement) -> Iterator[tuple[str, set[Clue]]]:
    """Where a statement could be filed, and under what: it matches only what fits one of the clues."""
    for name, scope in ((ACTION, statement.actions), (RESOURCE, statement.resources)):
        if found := _scope_clues(scope):
            yield name, found
    for comparison in statement.condition.comparisons:
        if comparison.operator == "StringEquals":
            yield comparison.folded, {(True, value) for value in comparison.wanted}
        elif comparison.operator == "StringLike" and (
            found := _pattern_clues(Pattern(value) for value in comparison.wanted)
        ):
            yield comparison.folded, found


def _scope_clues(scope: Scope) -> set[Clue]:
    return set() if scope.negated else _pattern_clues(scope.patterns)


def _pattern_clues(patterns: Iterable[Pattern]) -> set[Clue]:
    """Empty when one of the patterns names nothing definite."""
    clues: set[Clue] = set()
    for pattern in patterns:
        if pattern.exact:
            clues.add((True, pattern.text))
        elif pattern.clue:
            clues.add((False, pattern.clue))
        else:
            return set()
    return clues
