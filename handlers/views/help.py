"""Help, drawn from the table of sub-commands."""

from collections.abc import Mapping, Sequence

from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, code, join
from handlers.views.blocks import Post, context, section

Row = tuple[str, str]
"""A sub-command's name, and what to type after it."""


def overview(groups: Mapping[str, Sequence[Row]], words: Localizer) -> Post:
    """Return a line to copy, then the sub-commands grouped by what they're for."""
    parts = [
        words("help-title"),
        *(join((words(f"help-group-{group}"), *_lines(rows, words))) for group, rows in groups.items()),
    ]
    return Post(join(parts), (*map(section, parts), *context(words("help-more"))))


def one(name: str, usage: str, flags: Sequence[str], words: Localizer) -> Post:
    """Explain one sub-command: how to type it, what it does, and its flags."""
    title = join((_written(name, usage), words(f"help-{name}")))
    lines = join(words(f"flag-{flag}") for flag in flags)
    return Post(join((title, lines)), tuple(section(part) for part in (title, lines) if part))


def _lines(rows: Sequence[Row], words: Localizer) -> list[Markup]:
    return [words("help-line", usage=_written(*row), does=words(f"does-{row[0]}")) for row in rows]


def _written(name: str, usage: str) -> Markup:
    return code(f"/image {name} {usage}")
