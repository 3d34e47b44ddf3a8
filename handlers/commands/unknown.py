"""A first word that isn't a sub-command: what was probably meant. Pure."""

from collections.abc import Sequence

from bot.domain.image import InstanceType
from bot.domain.text import identifier
from handlers.commands.grammar import nearest
from handlers.draft import Mistake


def unknown(word: str, subcommands: Sequence[str]) -> Mistake:
    """Return what's wrong with the word."""
    if InstanceType.told_by(identifier(word)):
        return Mistake("create-missing", word)
    return Mistake("subcommand-unknown", word, nearest(word, subcommands), ", ".join(subcommands))
