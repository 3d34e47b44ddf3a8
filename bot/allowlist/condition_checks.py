"""Conditions without effect: keys that aren't sent, operators and values that can't match them."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import datetime

from bot.allowlist.contradictions import contradictions
from bot.allowlist.doubt import Doubt
from bot.allowlist.places import Tree, locate
from bot.allowlist.value_checks import is_tag_key, value_doubts
from bot.domain.text import one_line
from bot.domain.vocabulary import KEYS, REQUEST_TAG, TAG, ConditionKey, Kind, condition_key
from bot.policy import Condition, Effect, Finding
from bot.policy.conditions import Comparison
from bot.policy.findings import SourceLocation, meant, shown

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
    if doubt := key_doubt(comparison.key, sent):
        yield replace(doubt, problem=f"{doubt.problem}: {_outcome(comparison, effect)}").at(location)
    elif key is None:
        return
    elif key.kind not in _kinds(comparison.operator):
        problem = f"{key.name} is a {key.kind}, and {comparison.operator} compares no such value"
        yield location.warning(problem, "operator-kind", _SUITED[key.kind])
    elif comparison.operator.startswith("String"):
        yield from (doubt.at(location) for doubt in value_doubts(comparison, key))


def key_doubt(name: str, sent: Collection[ConditionKey], when: str = "with these actions") -> Doubt | None:
    """Return why a condition key isn't among those that are sent; None when it is."""
    key = condition_key(name)
    if key is None or (key is REQUEST_TAG and not is_tag_key(name)):
        return Doubt(
            f"the bot never sends the condition key {shown(name)}", "key-never-sent", _key_meant(name)
        )
    if key not in sent:
        return Doubt(f"{key.name} is not sent {when}", "key-not-for-action")
    return None


def block_findings(
    condition: Condition,
    effect: Effect,
    sent: Collection[ConditionKey],
    location_of: Callable[[Comparison], SourceLocation],
    now: datetime,
) -> Iterator[Finding]:
    """Yield everything about a Condition block; what is sound alone is looked at together."""
    alone = [
        finding
        for comparison in condition.comparisons
        for finding in condition_findings(comparison, effect, sent, location_of(comparison))
    ]
    yield from alone
    for comparison, problem in contradictions(condition, effect, now) if not alone else ():
        yield location_of(comparison).warning(problem, "condition-impossible")


def location_in(tree: Tree, at: tuple[str | int, ...], comparison: Comparison) -> SourceLocation:
    """Return the place of a comparison in the block that stands at a place of the file."""
    return locate(tree, *at, comparison.operator, comparison.key)


def _kinds(operator: str) -> tuple[Kind, ...]:
    return next(kinds for prefix, kinds in _READS.items() if operator.startswith(prefix))


def _outcome(comparison: Comparison, effect: Effect) -> str:
    """Return what a missing key makes of a comparison (contract: it never allows)."""
    return "this always holds" if comparison.holds({}, effect) else "this never holds"


def _key_meant(name: str) -> str | None:
    if condition_key(name) is REQUEST_TAG:
        tag = TAG + one_line(name[len(TAG) :])
        return tag if is_tag_key(tag) else None
    return meant(name, [key.name for key in KEYS.values()])
