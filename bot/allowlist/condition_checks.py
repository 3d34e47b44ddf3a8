"""What a condition says in vain: keys that are not sent, operators and values that cannot fit them."""

import re
from collections.abc import Collection, Iterator

from bot.domain.vocabulary import KEYS, ConditionKey, Kind, condition_key
from bot.policy import Effect, Finding
from bot.policy.conditions import Comparison
from bot.policy.findings import SourceLocation, meant, shown
from bot.policy.patterns import Pattern

_READS = {
    "Bool": (Kind.BOOLEAN,),
    "Date": (Kind.DATE,),
    "String": (Kind.TEXT, Kind.BOOLEAN),
    "Numeric": (),
    "IpAddress": (),
    "NotIpAddress": (),
}
"""The kinds of values that an operator that begins like this can compare."""
_SUITED = {Kind.TEXT: "StringEquals", Kind.BOOLEAN: "Bool", Kind.DATE: "DateLessThan"}


def condition_findings(
    comparison: Comparison, effect: Effect, sent: Collection[ConditionKey], location: SourceLocation
) -> Iterator[Finding]:
    """Yield why a comparison always comes out the same; `sent` are the keys of its actions."""
    key = condition_key(comparison.key)
    if key is None:
        problem = (
            f"the bot never sends the condition key {shown(comparison.key)}: {_outcome(comparison, effect)}"
        )
        yield location.warning(problem, "key-never-sent", _key_meant(comparison.key))
    elif key not in sent:
        problem = f"{key.name} is not sent with these actions: {_outcome(comparison, effect)}"
        yield location.warning(problem, "key-not-for-action")
    elif key.kind not in _kinds(comparison.operator):
        problem = f"{key.name} is a {key.kind}, and {comparison.operator} compares no such value"
        yield location.warning(problem, "operator-kind", _SUITED[key.kind])
    elif comparison.operator.startswith("String"):
        for value in comparison.wanted:
            yield from _value(comparison, key, value, location)


def _kinds(operator: str) -> tuple[Kind, ...]:
    return next(kinds for prefix, kinds in _READS.items() if operator.startswith(prefix))


def _outcome(comparison: Comparison, effect: Effect) -> str:
    """Return what a missing key makes of a comparison (contract: it never allows)."""
    return "this always holds" if comparison.holds({}, effect) else "this never holds"


def _key_meant(name: str) -> str | None:
    return meant(name, [key.name for key in KEYS.values()])


def _value(
    comparison: Comparison, key: ConditionKey, value: str, location: SourceLocation
) -> Iterator[Finding]:
    """Yield why no value of the key ever fits this one."""
    is_pattern = "Like" in comparison.operator
    if not is_pattern and ("*" in value or "?" in value):
        operator = "StringNotLike" if comparison.negated else "StringLike"
        problem = (
            f"{comparison.operator} takes {shown(value)} letter by letter: * and ? are no wildcards in it"
        )
        yield location.warning(problem, "wildcard-without-like", operator)
    elif key.values and not _is_one(value, key.values, comparison.operator):
        hint = meant(value, key.values)
        code = "value-case" if hint and hint.casefold() == value.casefold() else "value-unknown"
        problem = f"{key.name} is never {shown(value)}, only {' or '.join(key.values)}"
        yield location.warning(problem, code, hint)
    elif key.shape and not is_pattern and not re.fullmatch(key.shape, value, re.ASCII):
        hint = value.upper() if re.fullmatch(key.shape, value.upper(), re.ASCII) else None
        problem = f"{key.name} is never {shown(value)}, but like {key.example}"
        yield location.warning(problem, "value-case" if hint else "value-unknown", hint)


def _is_one(value: str, known: tuple[str, ...], operator: str) -> bool:
    if "Like" in operator:
        return any(Pattern(value).matches(each) for each in known)
    if operator.endswith("IgnoreCase"):
        return value.casefold() in {each.casefold() for each in known}
    return value in known
