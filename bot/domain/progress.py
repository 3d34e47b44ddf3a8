"""How far an image is, how long it will still take, and whether it's slow or stuck. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import median

from bot.domain.request import Attempt, Request

PROGRESS_SECONDS = 10.0
"""Seconds between two recorded steps, because each one edits a card in a shared channel."""
STUCK_SECONDS = 900.0
SLOW = 1.5
"""How many times longer than usual an image may take before it counts as slow."""
FIRST_PERCENT, FIRST_SECONDS = 10, 30.0
"""The progress and time after which an image's own speed tells how long it will still take."""


class Pace(StrEnum):
    """How fast an image is progressing."""

    STEADY = "steady"
    SLOW = "slow"  # it takes longer than images of this machine usually take
    STUCK = "stuck"  # its progress hasn't grown for a long time


@dataclass(frozen=True)
class Progress:
    """The progress of an image: `percent` done, `seconds` left (None: unknown)."""

    percent: int
    seconds: float | None
    pace: Pace


def advanced(attempt: Attempt, percent: int | None, now: float) -> Attempt:
    """Return the attempt after a look that found its image at `percent` (None: it didn't say)."""
    since = attempt.progress_at or now
    if percent is None or percent == attempt.progress:
        return replace(attempt, stuck=now - since >= STUCK_SECONDS)
    if attempt.progress is not None and 0 <= now - since < PROGRESS_SECONDS:
        return attempt
    return replace(attempt, progress=min(max(percent, 0), 100), progress_at=now, stuck=False)


def progress(request: Request, now: float) -> Progress | None:
    """Return the progress of a request's image at `now` (epoch seconds); None: nothing is known yet."""
    attempt, usual = request.attempt, request.facts.usual_seconds
    percent = attempt.progress
    if percent is None:
        return None
    passed = max(0.0, now - (attempt.called_at or now))
    if attempt.stuck:
        return Progress(percent, None, Pace.STUCK)
    if usual and passed <= SLOW * usual:
        return Progress(percent, usual * (100 - percent) / 100, Pace.STEADY)
    told = percent >= FIRST_PERCENT and passed >= FIRST_SECONDS
    left = passed * (100 - percent) / percent if told else None
    return Progress(percent, left, Pace.SLOW if usual else Pace.STEADY)


def making_seconds(request: Request) -> float | None:
    """Return how many seconds it took to make a request's image; None when it wasn't made."""
    if request.end is None or request.attempt.called_at is None or request.attempt.image_id is None:
        return None
    return max(0.0, request.end.at - request.attempt.called_at)


def usual_seconds(made: tuple[Request, ...]) -> float | None:
    """Return how many seconds images of a machine usually take, from earlier ones; None when there are
    none.
    """
    seconds = [each for each in map(making_seconds, made) if each is not None]
    return median(seconds) if seconds else None
