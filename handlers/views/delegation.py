"""Answers about lent approvals."""

from bot.domain.request import Delegation
from bot.service.outcomes import Delegated, Lending
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, join
from handlers.people.names import Names
from handlers.views.blocks import Post, section


def changed(outcome: Delegated, words: Localizer, names: Names) -> Post:
    """My approvals are lent, or taken back."""
    return _post(_sentence("lent-now" if outcome.until else "lent-no-more", outcome, words, names))


def told(outcome: Delegated, words: Localizer, names: Names) -> Post:
    """The same, for whom they are or were lent to."""
    return _post(_sentence("borrowed-now" if outcome.until else "borrowed-no-more", outcome, words, names))


def shown(outcome: Lending, words: Localizer, names: Names) -> Post:
    """The delegations in force."""
    return _post(join(lines(outcome, words, names)) or words("lent-none"))


def lines(outcome: Lending, words: Localizer, names: Names) -> tuple[Markup, ...]:
    """One line for each delegation."""
    lent = (_sentence("lent", outcome.lent, words, names),) if outcome.lent else ()
    return (*lent, *(_sentence("borrowed", each, words, names) for each in outcome.borrowed))


def _sentence(key: str, about: Delegated | Delegation, words: Localizer, names: Names) -> Markup:
    return words(
        key,
        delegator=names.person(about.delegator),
        delegate=names.person(about.delegate),
        until=words.date(about.until or 0.0),
    )


def _post(text: Markup) -> Post:
    return Post(text, (section(text),))
