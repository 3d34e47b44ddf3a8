"""What the steps write when the cloud has spoken: an image has its id, a request is over."""

from dataclasses import replace

from bot.domain.changes import Change
from bot.domain.lifecycle import Event
from bot.domain.request import Attempt, End, Failure, Request
from bot.errors import CloudError


def issued(request: Request, attempt: Attempt, due: float) -> Change:
    """The cloud is making the image of this attempt; nobody waits in line any more."""
    ids = {
        "image_id": attempt.image_id,
        "task_id": attempt.task_id,
        "cloud_request_id": attempt.cloud_request_id,
    }
    told = {name: value for name, value in ids.items() if value}
    attempt = replace(attempt, caller=None, watches=0, queue_reason=None, queue_place=None)
    return Change(Event.ISSUE, request.trying(attempt), due, details=told)


def failed(
    request: Request, failure: Failure, now: float, error: CloudError | None = None, due: float | None = None
) -> Change:
    """The request has failed; `due` is when to look once more after all."""
    details = {
        "code": failure.code,
        "message": failure.message,
        "cloud_request_id": failure.cloud_request_id,
    }
    if error is not None:
        details |= {"explanation": error.explanation, "fault": str(error.fault)}
    return Change(Event.FAIL, request.over(End(now), failure), due, details=details)


def refused(error: CloudError) -> Failure:
    """Return what a refusal of the cloud's leaves to be told."""
    return Failure(error.code, error.message, error.request_id or "", error.explanation)
