"""What the steps write after the cloud's answer: an image has its ID, a request has ended or stalled."""

from dataclasses import replace

from bot.domain.actions import RETRY_WITHIN
from bot.domain.changes import Change
from bot.domain.lifecycle import Event
from bot.domain.request import NO_ANSWER, Attempt, End, Failure, Request
from bot.errors import CloudCredentials, CloudError, CloudRefused

LATE_SEARCH_SECONDS = 300.0
"""When to search again for an image whose ID nobody knows, which costs the cloud more than a look."""
UNTOLD = Failure(NO_ANSWER)
QUEUE_SECONDS, LONGEST_QUEUE = 30.0, 600.0
"""Seconds until the next call to a busy cloud, unless it says how long, and the most."""


def issued(request: Request, attempt: Attempt, due: float) -> Change:
    """Record that the cloud is making this attempt's image."""
    ids = {
        "image_id": attempt.image_id,
        "task_id": attempt.task_id,
        "cloud_request_id": attempt.cloud_request_id,
    }
    told = {name: value for name, value in ids.items() if value}
    attempt = replace(attempt, caller=None, watches=0, queue_reason=None, trouble="")
    return Change(Event.ISSUE, request.trying(attempt), due, details=told)


def failed(
    request: Request, failure: Failure, now: float, error: CloudError | None = None, due: float | None = None
) -> Change:
    """Record that the request has failed.

    `due` is when to look once more after all, else when its retry lapses, or earlier where an image may
    appear.
    """
    details = {
        "code": failure.code,
        "message": failure.message,
        "cloud_request_id": failure.cloud_request_id,
    }
    if error is not None:
        details |= {"explanation": error.explanation, "fault": str(error.fault)}
    over = request.over(End(now), failure)
    may_appear = over.attempt.awaited is not None or over.attempt.in_doubt
    later = now + (LATE_SEARCH_SECONDS if may_appear else RETRY_WITHIN)
    return Change(Event.FAIL, over, later if due is None else due, details=details)


def queued(request: Request, reason: str, error: CloudError, now: float) -> Change:
    """Go back into the line until the next call."""
    waiting = request.waiting(replace(request.attempt, queue_reason=reason))
    due = now + min(error.retry_after or QUEUE_SECONDS, LONGEST_QUEUE)
    return Change(Event.QUEUE, waiting, due, details={"reason": reason, "error": str(error)})


def unanswered(
    request: Request, reason: str, error: CloudError, now: float, seconds: float, failure: Failure = UNTOLD
) -> Change:
    """Keep trying, slowly, for so many seconds, while the cloud says nothing that helps; then fail."""
    since = request.attempt.unsure_since or now
    if now >= since + seconds:
        return failed(request, failure, now, error)
    return queued(request.trying(replace(request.attempt, unsure_since=since)), reason, error, now)


def is_final(error: CloudError) -> bool:
    """Tell whether the cloud has refused for good."""
    return isinstance(error, CloudRefused | CloudCredentials)


def refused(error: CloudError) -> Failure:
    """Return the failure that people read about after the cloud's refusal."""
    return Failure(error.code, error.message, error.request_id or "", error.explanation)


def told_of(failure: Failure) -> dict[str, str]:
    """Return a failure as details for the thread and the audit log."""
    return {
        "code": failure.code,
        "message": failure.message,
        "cloud_request_id": failure.cloud_request_id,
        "explanation": failure.explanation,
    }


def stalled(request: Request, error: CloudError, due: float, admin_channel: str | None) -> Change | None:
    """Record that the cloud won't say how the image is doing: announced once, to those who can act; None:
    no news.
    """
    if not is_final(error) or request.attempt.trouble == error.explanation:
        return None
    details = {**told_of(refused(error)), "fault": str(error.fault)}
    attempt = replace(request.attempt, trouble=error.explanation)
    told = (admin_channel,) if admin_channel else ()
    return Change(Event.STALL, request.trying(attempt), due, details=details, notify=told)
