"""The engine's own account of a decision: which statement decided, and why the others did not."""

from collections.abc import Iterator

from bot.policy import Answer, Clause, Explanation, StatementRef, Verdict
from handlers.mrkdwn import Markup, code, join
from handlers.words import Words

SHOWN = 8
VALUES_SHOWN = 5


def verdict(explanation: Explanation, words: Words) -> Markup:
    """In one sentence: what was decided, and by which statement."""
    decision = explanation.decision
    deciding = join((statement(ref, words) for ref in decision.deciding[:SHOWN]), ", ")
    match decision.verdict:
        case Verdict.ALLOW:
            return words("account-allowed", statements=deciding)
        case Verdict.EXPLICIT_DENY:
            return words("account-denied", statements=deciding)
        case Verdict.IMPLICIT_DENY:
            return words("account-silent")


def nearest(explanation: Explanation, words: Words) -> Markup:
    """The statements that came nearest to matching, and what each lacked."""
    missed = [answer for answer in explanation.statements if not answer.matched]
    close = sorted(missed, key=lambda answer: len(answer.misses))[:SHOWN]
    return join(_missed(answer, words) for answer in close)


def statement(ref: StatementRef, words: Words) -> Markup:
    """A statement by its policy and its place in it, counted as in the file."""
    return words("account-statement", policy=code(ref.policy), index=ref.index, effect=ref.effect.value)


def _missed(answer: Answer, words: Words) -> Markup:
    lacks = join((_lack(miss, words) for miss in answer.misses), "; ")
    return words("account-missed", statement=statement(answer.ref, words), lacks=lacks)


def _lack(miss: Clause, words: Words) -> Markup:
    return words(
        f"account-lack-{miss.part.value}",
        key=code(miss.key or ""),
        operator=code(miss.operator or ""),
        negated="yes" if miss.negated else "no",
        wanted=join(_values(miss.wanted), " "),
        actual=join(_values(miss.actual), " ") if miss.actual else "",
    )


def _values(values: tuple[str, ...]) -> Iterator[Markup]:
    yield from (code(value) for value in values[:VALUES_SHOWN])
    if len(values) > VALUES_SHOWN:
        yield Markup("…")
