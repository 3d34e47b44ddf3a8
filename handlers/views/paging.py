"""Long lists, a page at a time: the buttons run the same command for the previous or next page."""

from collections.abc import Sequence
from typing import TypeVar

from handlers.i18n import Localizer
from handlers.views import command_buttons
from handlers.views.blocks import Block, actions

Item = TypeVar("Item")


def page_of(items: Sequence[Item], page: int, size: int) -> tuple[int, Sequence[Item]]:
    """Return a page (from 1) and its number; the last page if there are fewer."""
    page = max(1, min(page, -(-len(items) // size)))
    return page, items[(page - 1) * size : page * size]


def turning(subcommand: str, about: str, page: int, more: bool, words: Localizer) -> list[Block]:
    """Return buttons for the previous and the next page, if they exist."""
    turns = [(page - 1, "button-previous", page > 1), (page + 1, "button-next", more)]
    commands = [
        (f"{subcommand} --page {number} {about}".strip(), label) for number, label, there in turns if there
    ]
    return actions(
        [
            command_buttons.turn(words.plain(label), command, number)
            for number, (command, label) in enumerate(commands)
            if command_buttons.fits(command)
        ]
    )
