"""Answers about lent approvals."""

from bot.outcomes import Delegated, Lending
from bot.records import Delegation
from handlers.mrkdwn import Markup, join
from handlers.views.blocks import Post, section
from handlers.views.names import Names
from handlers.words import Words


def changed(outcome: Delegated, words: Words, names: Names) -> Post:
    """My approvals are lent, or taken back."""
    return _post(_sentence("lent-now" if outcome.until else "lent-no-more", outcome, words, names))


def told(outcome: Delegated, words: Words, names: Names) -> Post:
    """The same, for whom they are or were lent to."""
    return _post(_sentence("borrowed-now" if outcome.until else "borrowed-no-more", outcome, words, names))


def shown(outcome: Lending, words: Words, names: Names) -> Post:
    """The delegations in force."""
    return _post(join(lines(outcome, words, names)) or words("lent-none"))


def lines(outcome: Lending, words: Words, names: Names) -> tuple[Markup, ...]:
    """One line for each delegation."""
    lent = (_sentence("lent", outcome.lent, words, names),) if outcome.lent else ()
    return (*lent, *(_sentence("borrowed", each, words, names) for each in outcome.borrowed))


def _sentence(key: str, about: Delegated | Delegation, words: Words, names: Names) -> Markup:
    return words(
        key,
        delegator=names.person(about.delegator),
        delegate=names.person(about.delegate),
        until=words.date(about.until or 0.0),
    )


def _post(text: Markup) -> Post:
    return Post(text, (section(text),))
