"""Comparisons of one key that no value fits together: a Condition that never holds, or holds no more."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from bot.domain.vocabulary import ConditionKey, Kind, condition_key
from bot.policy import Condition, Effect
from bot.policy.conditions import Comparison

SOMETHING_ELSE = "something else"
A_SECOND = timedelta(seconds=1)


def contradictions(condition: Condition, effect: Effect, now: datetime) -> Iterator[tuple[Comparison, str]]:
    """Yield the last comparison of each key that nothing fits from `now` on, and what is wrong."""
    by_key: dict[str, list[Comparison]] = {}
    for comparison in condition.comparisons:
        by_key.setdefault(comparison.folded, []).append(comparison)
    for comparisons in by_key.values():
        key = condition_key(comparisons[0].key)
        contexts = _contexts(key, comparisons, now) if key else []
        together = Condition(tuple(comparisons))
        if contexts and not any(together.holds(context, effect) for context in contexts):
            is_date = key is not None and key.kind is Kind.DATE
            yield comparisons[-1], "holds no more" if is_date else "never holds: no value fits all of it"


def _contexts(key: ConditionKey, comparisons: Sequence[Comparison], now: datetime) -> list[dict[str, str]]:
    """Return enough of what can be sent to tell; [] where that can't be listed."""
    wanted = [value for each in comparisons for value in each.wanted]
    name = comparisons[0].key
    if key.values:
        return [{name: value} for value in key.values]
    if key.kind is Kind.DATE:
        return [{name: each.isoformat()} for each in _moments(wanted, now)]
    if any("Like" in each.operator for each in comparisons):
        return []
    return [{}, *({name: value} for value in (*wanted, SOMETHING_ELSE))]


def _moments(wanted: Sequence[str], now: datetime) -> list[datetime]:
    """Return now, and the moments around each that is asked for, if they are still to come."""
    read = [datetime.fromisoformat(text) for text in wanted]
    named = [each if each.tzinfo else each.replace(tzinfo=UTC) for each in read]
    around = [each + step for each in named for step in (-A_SECOND, timedelta(), A_SECOND)]
    return [now, *(each for each in around if each > now)]
