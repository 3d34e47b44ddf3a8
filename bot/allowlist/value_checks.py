"""Values that no request ever has: of another shape or case, of no enumeration, spelled as nobody sees."""

import re
from collections.abc import Iterator

from bot.domain.image import NAME_LENGTH
from bot.domain.tags import MARK_TAG, TAG_LENGTH, is_reserved
from bot.domain.text import one_line
from bot.domain.vocabulary import IMAGE_NAME, TAG, ConditionKey
from bot.policy import Finding
from bot.policy.conditions import Comparison
from bot.policy.findings import SourceLocation, meant, shown
from bot.policy.patterns import Pattern


def value_findings(comparison: Comparison, key: ConditionKey, location: SourceLocation) -> Iterator[Finding]:
    """Yield why no value of the key ever fits one of these."""
    for value in comparison.wanted:
        if "Like" not in comparison.operator and ("*" in value or "?" in value):
            operator = "StringNotLike" if comparison.negated else "StringLike"
            said = f"{comparison.operator} takes {shown(value)} letter by letter"
            yield location.warning(
                f"{said}: * and ? are no wildcards in it", "wildcard-without-like", operator
            )
        elif key.values:
            yield from _enumerated(value, key, comparison.operator, location)
        elif key.shape:
            yield from _shaped(value, key, comparison.operator, location)
        else:
            yield from _written(value, key, location)


def _enumerated(value: str, key: ConditionKey, operator: str, location: SourceLocation) -> Iterator[Finding]:
    if _is_one(value, key.values, operator):
        return
    hint = meant(value, key.values)
    code = "value-case" if hint and hint.casefold() == value.casefold() else "value-unknown"
    yield location.warning(f"{key.name} is never {shown(value)}, only {' or '.join(key.values)}", code, hint)


def _is_one(value: str, known: tuple[str, ...], operator: str) -> bool:
    if "Like" in operator:
        return any(Pattern(value).matches(each) for each in known)
    if operator.endswith("IgnoreCase"):
        return value.casefold() in {each.casefold() for each in known}
    return value in known


def _shaped(value: str, key: ConditionKey, operator: str, location: SourceLocation) -> Iterator[Finding]:
    others = [each for each in (value.upper(), value.lower()) if fits_shape(each, key)]
    if fits_shape(value, key) or (operator.endswith("IgnoreCase") and others):
        return
    code = "value-case" if others else "value-unknown"
    problem = f"{key.name} is never {shown(value)}, but like {key.example}"
    yield location.warning(problem, code, others[0] if others else None)


def fits_shape(pattern: str, key: ConditionKey) -> bool:
    """Whether some value of the key can match; a wildcard stands for what the key's example has."""
    letter = "A" if key.example.isupper() else "a"
    filled = re.sub("[*?]", letter, re.sub(r"^\?", key.example[0], re.sub(r"^\*", key.example[:2], pattern)))
    return bool(re.fullmatch(key.shape, filled, re.ASCII))


def _written(value: str, key: ConditionKey, location: SourceLocation) -> Iterator[Finding]:
    """Yield why no text of a person's is this: it is compared as people see it."""
    longest, seen = NAME_LENGTH if key is IMAGE_NAME else TAG_LENGTH, one_line(value)
    if not seen or len(seen) > longest:
        yield location.warning(
            f"{key.name} has 1 to {longest} characters, never {len(seen)}", "value-unknown"
        )
    elif seen != value:
        never = f"{key.name} is never {shown(value)}"
        problem = f"{never}: no spaces around it or twice, and no characters that nobody sees"
        yield location.warning(problem, "value-unseen", seen)


def is_tag_key(name: str) -> bool:
    """Whether a condition key can be sent for a tag of a person's: Alibaba Cloud and the bot keep some."""
    tag = name[len(TAG) :]
    return (
        tag == one_line(tag) != ""
        and len(tag) <= TAG_LENGTH
        and not is_reserved(tag)
        and tag.lower() != MARK_TAG
    )
