"""A compiled document, and how it finds the statements that can match."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from bot.policy.conditions import Facts
from bot.policy.index import Index
from bot.policy.statements import Statement

INDEXED_FROM = 24
"""Fewer statements are evaluated one by one, which is faster than looking them up."""


@dataclass(frozen=True, eq=False)
class Policy:
    """A compiled document. `length` is its characters as compact JSON, which RAM limits to 6,144."""

    name: str
    statements: tuple[Statement, ...]
    length: int = 0

    @cached_property
    def index(self) -> Index:
        """Its statements by what they name; built once for everybody who has the policy."""
        return Index(self.statements)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The condition keys that its statements read, in lower case."""
        read = (each.condition.comparisons for each in self.statements)
        return frozenset(comparison.folded for comparisons in read for comparison in comparisons)

    def prepare(self) -> None:
        """Build the index if it will be used, before anybody has to wait for it."""
        if len(self.statements) >= INDEXED_FROM:
            _ = self.index

    def candidates(self, action: str, resource: str, facts: Facts, indexed_from: int) -> Iterable[Statement]:
        """Return the statements worth evaluating, some perhaps twice; `action` in lower case."""
        if len(self.statements) < indexed_from:
            return self.statements
        return self.index.candidates(action, resource, facts)
