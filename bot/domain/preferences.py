"""Which direct messages a person wants, and when not to send them. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.changes import Change, ended
from bot.domain.lifecycle import Event, Status
from bot.domain.request import Request

DIGEST_HOUR = 9
"""The hour at which a digest is due, in the person's time zone."""
DIGEST_FROM = 4
"""How many requests make a digest: more than three."""


class Waiting(StrEnum):
    """How somebody is told about what's waiting for them: in one way, so that nobody is told twice."""

    NEVER = "never"
    EACH = "each"
    DAILY = "daily"


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """One person's choices.

    `decided` and `done` are about their own requests. `quiet` is the hours in which nothing is sent, in
    their time zone; `zone` is an IANA time zone.
    """

    decided: bool = False
    done: bool = False
    waiting: Waiting = Waiting.NEVER
    quiet: tuple[time, time] | None = None
    zone: str = "UTC"

    def local(self, now: float) -> datetime:
        """Return a moment (epoch seconds) in the person's time zone."""
        try:
            return datetime.fromtimestamp(now, ZoneInfo(self.zone))
        except (ZoneInfoNotFoundError, ValueError):
            return datetime.fromtimestamp(now, ZoneInfo("UTC"))

    def not_before(self, now: float) -> float:
        """Return when to tell the person about something new: now, or when their quiet hours end."""
        if self.quiet is None:
            return now
        local, (begins, ends) = self.local(now), self.quiet
        at = local.time().replace(tzinfo=None)
        is_quiet = begins <= at < ends if begins < ends else at >= begins or at < ends
        if not is_quiet:
            return now
        day = local.date() + timedelta(days=1 if at >= ends else 0)
        return max(now, datetime.combine(day, ends, local.tzinfo).timestamp())

    def digest_day(self, now: float) -> str:
        """Return the day whose digest is due, "" before its hour. There's one a day, even when clocks are set
        back.
        """
        local = self.local(now)
        return local.date().isoformat() if local.hour >= DIGEST_HOUR else ""

    def wants(self, before: Request, after: Request, change: Change) -> bool:
        """Tell whether the requester wants to hear about a change; nobody is told of their own actions."""
        if change.actor == after.requester:
            return False
        if change.event in {Event.APPROVE, Event.REJECT}:
            return self.decided
        is_done = after.status in {Status.AVAILABLE, Status.FAILED, Status.EXPIRED}
        return self.done and is_done and ended(before, after)


def quiet_hours(text: str) -> tuple[time, time] | None:
    """Read hours written as `20:00-08:00`; None for anything else."""
    begins, _, ends = text.partition("-")
    try:
        hours = time.fromisoformat(begins), time.fromisoformat(ends)
    except ValueError:
        return None
    return None if hours[0] == hours[1] or any(each.tzinfo for each in hours) else hours
