"""The engine's explanation of a decision: which statement decided, and why the others didn't."""

from collections.abc import Iterator

from bot.policy import Answer, Clause, Effect, Explanation, Part, StatementRef, Verdict
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, code, join

SHOWN = 8
VALUES_SHOWN = 5
ANYTHING = ("*",)


def verdict(explanation: Explanation, words: Localizer) -> Markup:
    """Say in one sentence what was decided, and by which statement."""
    decision = explanation.decision
    deciding = words.listed(statement(ref, words) for ref in decision.deciding[:SHOWN])
    match decision.verdict:
        case Verdict.ALLOW:
            return words("account-allowed", statements=deciding)
        case Verdict.EXPLICIT_DENY:
            return words("account-denied", statements=deciding)
        case Verdict.IMPLICIT_DENY:
            return words("account-silent")


def nearest(explanation: Explanation, words: Localizer, most: int = SHOWN) -> Markup:
    """Return the statements that came closest to allowing it, and what each lacked."""
    allows = (answer for answer in explanation.statements if answer.ref.effect is Effect.ALLOW)
    missed = [answer for answer in allows if not answer.matched]
    return join(_missed(answer, words) for answer in sorted(missed, key=_distance)[:most])


def grounds(explanation: Explanation, words: Localizer) -> Markup:
    """Say why each deciding statement matched: what a request must be, or must not be."""
    deciding = set(explanation.decision.deciding)
    spoke = [answer for answer in explanation.statements if answer.ref in deciding]
    return join(_spoke(answer, words) for answer in spoke[:SHOWN])


def statement(ref: StatementRef, words: Localizer) -> Markup:
    """Return a statement's name: its policy and its place there, counted as in the file."""
    return words("account-statement", policy=code(ref.policy), index=ref.index, effect=ref.effect.value)


def _distance(answer: Answer) -> tuple[bool, int]:
    """How far a statement is from matching: one about another action is the farthest."""
    return any(clause.part is Part.ACTION for clause in answer.misses), len(answer.misses)


def _missed(answer: Answer, words: Localizer) -> Markup:
    lacks = words.clauses(_clause("lack", clause, words) for clause in answer.misses)
    return words("account-missed", statement=statement(answer.ref, words), lacks=lacks)


def _spoke(answer: Answer, words: Localizer) -> Markup:
    telling = [clause for clause in answer.held if clause.wanted != ANYTHING]
    held = words.clauses(_clause("held", clause, words) for clause in telling)
    return words("account-spoke", statement=statement(answer.ref, words), held=held)


def _clause(prefix: str, clause: Clause, words: Localizer) -> Markup:
    return words(
        f"account-{prefix}-{clause.part.value}",
        key=code(clause.key or ""),
        operator=code(clause.operator or ""),
        negated="yes" if clause.negated else "no",
        wanted=join(_values(clause.wanted), " "),
        actual=join(_values(clause.actual), " ") if clause.actual else "",
    )


def _values(values: tuple[str, ...]) -> Iterator[Markup]:
    yield from (code(value) for value in values[:VALUES_SHOWN])
    if len(values) > VALUES_SHOWN:
        yield Markup("…")
