"""Buttons that run a command, as if their reader had typed it: the command stands in their value."""

from handlers.views.blocks import BUTTON_VALUE, Block, button

RUN, TURN = "command_run", "command_turn"
"""A command that is answered below its button, and one that is answered in its message's place."""


def fits(command: str) -> bool:
    """Whether a button can hold the command."""
    return len(command) <= BUTTON_VALUE


def run(label: str, command: str, number: int = 0) -> Block:
    """Return a button that is answered below; each in a row has a number of its own."""
    return button(f"{RUN}:{number}", label, command)


def turn(label: str, command: str, number: int = 0) -> Block:
    """Return a button whose answer takes the place of the message that it's in."""
    return button(f"{TURN}:{number}", label, command)
