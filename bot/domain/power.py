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
    """An instance that a request holds: no other request stops, images or starts it meanwhile.

    `since` is when the phase began, `due` the earliest time for another try to start it (epoch seconds).
    `owed`: it was running before, so it has to run again. `tries` counts calls to start it; `told`: people
    know that it doesn't start.
    """

    phase: PowerPhase
    since: float
    owed: bool
    due: float = 0.0
    tries: int = 0
    told: bool = False
