"""Answers about delegations."""

from bot.domain.request import Delegation
from bot.service.outcomes import Delegated, Delegations
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, join
from handlers.people.names import Names
from handlers.views.blocks import Post, section


def changed(outcome: Delegated, words: Localizer, names: Names) -> Post:
    """Tell the delegator that their approvals are delegated, or no longer are."""
    return _post(_sentence("delegated-now" if outcome.until else "delegated-ended", outcome, words, names))


def told(outcome: Delegated, words: Localizer, names: Names) -> Post:
    """Tell the delegate the same."""
    return _post(_sentence("received-now" if outcome.until else "received-ended", outcome, words, names))


def shown(outcome: Delegations, words: Localizer, names: Names) -> Post:
    """Return the delegations in force."""
    return _post(join(lines(outcome, words, names)) or words("delegations-none"))


def lines(outcome: Delegations, words: Localizer, names: Names) -> tuple[Markup, ...]:
    """One line for each delegation."""
    given = (_sentence("delegated", outcome.given, words, names),) if outcome.given else ()
    return (*given, *(_sentence("received", each, words, names) for each in outcome.received))


def _sentence(key: str, about: Delegated | Delegation, words: Localizer, names: Names) -> Markup:
    return words(
        key,
        delegator=names.person(about.delegator),
        delegate=names.person(about.delegate),
        until=words.date(about.until or 0.0),
    )


def _post(text: Markup) -> Post:
    return Post(text, (section(text),))
