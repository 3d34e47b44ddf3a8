"""Values that no request ever has: of another shape or case, of no enumeration, spelled as nobody sees."""

import re
from collections.abc import Iterator, Sequence

from bot.allowlist.doubt import Doubt
from bot.domain.image import NAME_LENGTH
from bot.domain.tags import MARK_TAG, TAG_LENGTH, is_reserved
from bot.domain.text import one_line
from bot.domain.vocabulary import IMAGE_NAME, TAG, ConditionKey, Kind
from bot.policy.conditions import Comparison
from bot.policy.findings import meant, shown
from bot.policy.patterns import Pattern
from bot.policy.values import moment


def value_doubts(comparison: Comparison, key: ConditionKey) -> Iterator[Doubt]:
    """Yield why no value of the key ever fits one of these."""
    for value in comparison.wanted:
        if "Like" not in comparison.operator and ("*" in value or "?" in value):
            operator = "StringNotLike" if comparison.negated else "StringLike"
            said = f"{comparison.operator} takes {shown(value)} letter by letter"
            yield Doubt(f"{said}: * and ? are no wildcards in it", "wildcard-without-like", operator)
        elif doubt := value_doubt(value, key, comparison.operator):
            yield doubt


def value_doubt(value: str, key: ConditionKey, operator: str = "StringEquals") -> Doubt | None:
    """Return why the key never has this value, as the operator compares it; None when it may."""
    if key.values:
        return _enumerated(value, key, operator)
    if key.kind is Kind.DATE:
        return None if moment(value) else _unlike(value, key, [])
    return _shaped(value, key, operator) if key.shape else _written(value, key)


def _enumerated(value: str, key: ConditionKey, operator: str) -> Doubt | None:
    if _is_one(value, key.values, operator):
        return None
    hint = meant(value, key.values)
    code = "value-case" if hint and hint.casefold() == value.casefold() else "value-unknown"
    return Doubt(f"{key.name} is never {shown(value)}, only {' or '.join(key.values)}", code, hint)


def _is_one(value: str, known: tuple[str, ...], operator: str) -> bool:
    if "Like" in operator:
        return any(Pattern(value).matches(each) for each in known)
    if operator.endswith("IgnoreCase"):
        return value.casefold() in {each.casefold() for each in known}
    return value in known


def _shaped(value: str, key: ConditionKey, operator: str) -> Doubt | None:
    fits = fits_shape if "Like" in operator else _is_shaped
    others = [each for each in (value.upper(), value.lower()) if fits(each, key)]
    if fits(value, key) or (operator.endswith("IgnoreCase") and others):
        return None
    return _unlike(value, key, others)


def _unlike(value: str, key: ConditionKey, others: Sequence[str]) -> Doubt:
    code = "value-case" if others else "value-unknown"
    problem = f"{key.name} is never {shown(value)}, but like {key.example}"
    return Doubt(problem, code, others[0] if others else None)


def fits_shape(pattern: str, key: ConditionKey) -> bool:
    """Whether some value of the key can match; a wildcard stands for what the key's example has."""
    letter = "A" if key.example.isupper() else "a"
    filled = re.sub("[*?]", letter, re.sub(r"^\?", key.example[0], re.sub(r"^\*", key.example[:2], pattern)))
    return _is_shaped(filled, key)


def _is_shaped(value: str, key: ConditionKey) -> bool:
    return bool(re.fullmatch(key.shape, value, re.ASCII))


def _written(value: str, key: ConditionKey) -> Doubt | None:
    """Return why no text of a person's is this: it is compared as people see it."""
    longest, seen = NAME_LENGTH if key is IMAGE_NAME else TAG_LENGTH, one_line(value)
    if not seen or len(seen) > longest:
        return Doubt(f"{key.name} has 1 to {longest} characters, never {len(seen)}", "value-unknown")
    if seen == value:
        return None
    never = f"{key.name} is never {shown(value)}"
    problem = f"{never}: no spaces around it or twice, and no characters that nobody sees"
    return Doubt(problem, "value-unseen", seen)


def is_tag_key(name: str) -> bool:
    """Whether a condition key can be sent for a tag of a person's: Alibaba Cloud and the bot keep some."""
    tag = name[len(TAG) :]
    return (
        tag == one_line(tag) != ""
        and len(tag) <= TAG_LENGTH
        and not is_reserved(tag)
        and tag.lower() != MARK_TAG
    )
