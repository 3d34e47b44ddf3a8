"""A small language for shapes of JSON: each spec checks one value and reports in Slack's words."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.playground.slack.wire import JsonObject


class Report:
    """The hints from one check, as Slack gives them in ``response_metadata.messages``."""

    def __init__(self) -> None:
        self.hints: list[str] = []

    def add(self, at: str, message: str) -> None:
        """Add a problem with the value at the JSON pointer ``at``."""
        self.hints.append(f"{message} [json-pointer:{at}]")


class Spec(Protocol):
    """What a value has to be."""

    def check(self, value: object, at: str, report: Report) -> None:
        """Report everything that's wrong with ``value``, found at the pointer ``at``."""
        ...


Rule = Callable[[JsonObject, str, Report], None]
"""A rule for several fields of one object."""


@dataclass(frozen=True, slots=True)
class String:
    """A string of ``at_least`` to ``at_most`` characters, one of ``choices``, or matching ``pattern``."""

    at_most: int | None = None
    at_least: int = 1
    choices: frozenset[str] | None = None
    pattern: str | None = None

    def check(self, value: object, at: str, report: Report) -> None:
        """See ``Spec``."""
        if not isinstance(value, str):
            report.add(at, "must provide a string")
        elif len(value) < self.at_least:
            report.add(at, f"must be more than {self.at_least - 1} characters")
        elif self.at_most is not None and len(value) > self.at_most:
            report.add(at, f"must be less than {self.at_most + 1} characters")
        elif self.choices is not None and value not in self.choices:
            report.add(at, "must be a valid enum value")
        elif self.pattern is not None and not re.fullmatch(self.pattern, value):
            report.add(at, "must match the required format")


def choice(*allowed: str) -> String:
    """Return a string that is one of a few."""
    return String(choices=frozenset(allowed))


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def check(self, value: object, at: str, report: Report) -> None:
        """See ``Spec``."""
        if not isinstance(value, bool):
            report.add(at, "must provide a boolean")


@dataclass(frozen=True, slots=True)
class Whole:
    """An integer from ``at_least`` to ``at_most``."""

    at_least: int = 0
    at_most: int | None = None

    def check(self, value: object, at: str, report: Report) -> None:
        """See ``Spec``."""
        if not isinstance(value, int) or isinstance(value, bool):
            report.add(at, "must provide an integer")
        elif value < self.at_least:
            report.add(at, f"must be greater than or equal to {self.at_least}")
        elif self.at_most is not None and value > self.at_most:
            report.add(at, f"must be less than or equal to {self.at_most}")


@dataclass(frozen=True, slots=True)
class Number:
    """An integer or a fraction."""

    def check(self, value: object, at: str, report: Report) -> None:
        """See ``Spec``."""
        if not isinstance(value, int | float) or isinstance(value, bool):
            report.add(at, "must provide a number")


@dataclass(frozen=True, slots=True)
class Anything:
    """An object whose content isn't checked here."""

    def check(self, value: object, at: str, report: Report) -> None:
        """See ``Spec``."""
        if not isinstance(value, dict):
            report.add(at, "must provide an object")


@dataclass(frozen=True, slots=True)
class Many:
    """An array of ``at_least`` to ``at_most`` items."""

    item: Spec
    at_most: int | None = None
    at_least: int = 1

    def check(self, value: object, at: str, report: Report) -> None:
        """See ``Spec``."""
        if not isinstance(value, list):
            report.add(at, "must provide an array")
            return
        if len(value) < self.at_least:
            report.add(at, f"no fewer than {self.at_least} items allowed")
        if self.at_most is not None and len(value) > self.at_most:
            report.add(at, f"no more than {self.at_most} items allowed")
            return
        for index, item in enumerate(value):
            self.item.check(item, f"{at}/{index}", report)


@dataclass(frozen=True, slots=True)
class Shape:
    """An object with these fields and no others; ``rules`` are checked once the fields are right."""

    required: Mapping[str, Spec]
    optional: Mapping[str, Spec]
    rules: tuple[Rule, ...] = ()

    def check(self, value: object, at: str, report: Report) -> None:
        """See ``Spec``."""
        if not isinstance(value, dict):
            report.add(at, "must provide an object")
            return
        before = len(report.hints)
        fields = {**self.required, **self.optional}
        for name in self.required:
            if value.get(name) is None:
                report.add(at, f"missing required field: {name}")
        for name, content in value.items():
            if name not in fields:
                report.add(at, f"invalid additional property: {name}")
            elif content is not None:
                fields[name].check(content, f"{at}/{name}", report)
        if len(report.hints) == before:
            for rule in self.rules:
                rule(value, at, report)


@dataclass(frozen=True, slots=True)
class ByType:
    """An object whose ``type`` decides its shape; types outside ``allowed`` are refused."""

    shapes: Mapping[str, Shape]
    allowed: frozenset[str]

    def check(self, value: object, at: str, report: Report) -> None:
        """See ``Spec``."""
        if not isinstance(value, dict):
            report.add(at, "must provide an object")
            return
        kind = value.get("type")
        if not isinstance(kind, str) or kind not in self.allowed:
            report.add(f"{at}/type", f"unsupported type: {kind}" if kind else "missing required field: type")
            return
        self.shapes[kind].check(value, at, report)


def only(shapes: Mapping[str, Shape], *allowed: str) -> ByType:
    """Return only the given types from a table of shapes."""
    return ByType(shapes, frozenset(allowed))


def shape(kind: str, required: Mapping[str, Spec], optional: Mapping[str, Spec], *rules: Rule) -> Shape:
    """Return a shape with its ``type``."""
    return Shape({"type": choice(kind), **required}, optional, rules)


def exactly_one(*names: str) -> Rule:
    """Require exactly one of these fields."""

    def rule(value: JsonObject, at: str, report: Report) -> None:
        given = [name for name in names if value.get(name) is not None]
        if not given:
            report.add(at, f"missing required field: {names[0]}")
        elif len(given) > 1:
            report.add(at, f"invalid additional property: {given[1]}")

    return rule


def at_least_one(*names: str) -> Rule:
    """Require one or more of these fields."""

    def rule(value: JsonObject, at: str, report: Report) -> None:
        if all(value.get(name) is None for name in names):
            report.add(at, f"missing required field: {names[0]}")

    return rule


def not_above(low: str, high: str) -> Rule:
    """Require that one field's number isn't above another's."""

    def rule(value: JsonObject, at: str, report: Report) -> None:
        if low in value and high in value and float(value[low]) > float(value[high]):
            report.add(f"{at}/{low}", f"must be less than or equal to {high}")

    return rule


def repeated(values: Iterable[object]) -> list[int]:
    """Return the positions of values that came before."""
    seen: set[object] = set()
    again = []
    for index, value in enumerate(values):
        if value is not None and value in seen:
            again.append(index)
        seen.add(value)
    return again
