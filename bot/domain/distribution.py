"""Copies of a finished image in other regions."""

from dataclasses import dataclass, replace
from enum import StrEnum


class CopyStatus(StrEnum):
    """How far a copy has come."""

    UNDER_WAY = "under-way"
    AVAILABLE = "available"
    FAILED = "failed"


@dataclass(frozen=True)
class Copy:
    """The image in one region; `progress` is in percent, None when nothing is known yet."""

    region_id: str
    status: CopyStatus = CopyStatus.UNDER_WAY
    progress: int | None = None


@dataclass(frozen=True)
class Distribution:
    """All copies of an image. Times are epoch seconds.

    `caller` is the lease that may request the regions in `asking`, once; `asked_at` is when it did, None when
    no outcome is open. `calls` counts the claims; nobody looks before `due`.
    """

    since: float
    copies: tuple[Copy, ...]
    caller: str | None = None
    asking: tuple[str, ...] = ()
    asked_at: float | None = None
    calls: int = 0
    due: float = 0.0

    @property
    def under_way(self) -> tuple[Copy, ...]:
        """The copies whose outcome isn't known yet."""
        return tuple(copy for copy in self.copies if copy.status is CopyStatus.UNDER_WAY)

    def ended(self, region_ids: tuple[str, ...], status: CopyStatus) -> "Distribution":
        """Return the distribution with the copies in those regions ended."""
        progress = 100 if status is CopyStatus.AVAILABLE else None
        copies = tuple(
            Copy(copy.region_id, status, progress) if copy.region_id in region_ids else copy
            for copy in self.copies
        )
        return replace(self, copies=copies, caller=None)
