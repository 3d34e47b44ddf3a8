"""A switch of the Faults tab."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.playground.stage import Stage

Throw = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Switch:
    """Something that goes wrong once it's turned on; `look` says what to look for."""

    label: str
    look: str
    throw: Throw
