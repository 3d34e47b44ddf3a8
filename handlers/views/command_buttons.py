"""Buttons that run a command as if their reader had typed it: the command is the button's value."""

from handlers.views.blocks import BUTTON_VALUE, Block, button

RUN, TURN = "command_run", "command_turn"
"""One command is answered below its button, the other replaces the message that has the button."""


def fits(command: str) -> bool:
    """Whether a button can hold the command."""
    return len(command) <= BUTTON_VALUE


def run(label: str, command: str, number: int = 0) -> Block:
    """Return a button that is answered below it; each button in a row has its own number."""
    return button(f"{RUN}:{number}", label, command)


def turn(label: str, command: str, number: int = 0) -> Block:
    """Return a button whose answer replaces the message it's in."""
    return button(f"{TURN}:{number}", label, command)
