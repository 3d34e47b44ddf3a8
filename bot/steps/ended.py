"""What the steps write when the cloud has spoken: an image has its id, a request is over or stalled."""

from dataclasses import replace

from bot.domain.actions import RETRY_WITHIN
from bot.domain.changes import Change
from bot.domain.lifecycle import Event
from bot.domain.request import Attempt, End, Failure, Request
from bot.errors import CloudCredentials, CloudError, CloudRefused


def issued(request: Request, attempt: Attempt, due: float) -> Change:
    """The cloud is making the image of this attempt; nobody waits in line any more."""
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
    """The request has failed; `due` is when to look once more after all, else when its retry lapses."""
    details = {
        "code": failure.code,
        "message": failure.message,
        "cloud_request_id": failure.cloud_request_id,
    }
    if error is not None:
        details |= {"explanation": error.explanation, "fault": str(error.fault)}
    due = now + RETRY_WITHIN if due is None else due
    return Change(Event.FAIL, request.over(End(now), failure), due, details=details)


def refused(error: CloudError) -> Failure:
    """Return what a refusal of the cloud's leaves to be told."""
    return Failure(error.code, error.message, error.request_id or "", error.explanation)


def stalled(request: Request, error: CloudError, due: float, admin_channel: str | None) -> Change | None:
    """The cloud refuses to be asked about the image: told once, to who can act; None: no news."""
    final = isinstance(error, CloudRefused | CloudCredentials)
    if not final or request.attempt.trouble == error.explanation:
        return None
    details = {
        "code": error.code,
        "message": error.message,
        "cloud_request_id": error.request_id or "",
        "explanation": error.explanation,
        "fault": str(error.fault),
    }
    attempt = replace(request.attempt, trouble=error.explanation)
    told = (admin_channel,) if admin_channel else ()
    return Change(Event.STALL, request.trying(attempt), due, details=details, notify=told)
