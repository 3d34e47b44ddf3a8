"""What the bot does to an instance's power: stop it for its image, and start it again."""

from dataclasses import dataclass
from enum import StrEnum


class PowerPhase(StrEnum):
    """How far an instance that is stopped for its image has come."""

    STOPPING = "stopping"
    STOPPED = "stopped"
    STARTING = "starting"


@dataclass(frozen=True)
class Power:
    """An instance that a request holds: nobody else's request stops, images or starts it meanwhile.

    `since` is when the phase began, `due` before when a start isn't tried again (epoch seconds). `owed`: it
    ran before, so it has to run again. `tries` are calls that ask it to start; `told`: people know that it
    doesn't.
    """

    phase: PowerPhase
    since: float
    owed: bool
    due: float = 0.0
    tries: int = 0
    told: bool = False
