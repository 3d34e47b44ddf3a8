"""A switch of the Faults tab."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.playground.stage import Stage

Throw = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Switch:
    """Something that goes wrong once it is thrown; `look` says what to look for then."""

    label: str
    look: str
    throw: Throw
