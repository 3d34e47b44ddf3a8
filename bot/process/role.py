"""What a process of the bot is for."""

from enum import StrEnum


class Role(StrEnum):
    """What a process does: Slack's traffic, the work behind it, or both."""

    ALL = "all"
    LISTENER = "listener"
    WORKER = "worker"

    @property
    def listens(self) -> bool:
        """Whether Slack's traffic comes in here."""
        return self is not Role.WORKER

    @property
    def works(self) -> bool:
        """Whether requests are worked on here."""
        return self is not Role.LISTENER
