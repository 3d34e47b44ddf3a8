"""What the steps write when the cloud has spoken: an image has its id, a request is over."""

from bot.domain.changes import Change
from bot.domain.lifecycle import Event
from bot.domain.request import BOT, Failure
from bot.errors import CloudError


def issued(ids: dict[str, str | None], due: float) -> Change:
    """The cloud is making the image with this id; nobody waits in line any more."""
    fields = ids | {"caller": None, "watches": 0, "queue_reason": None, "queue_place": None}
    return Change(Event.ISSUE, due, fields=fields, details=ids)


def failed(failure: Failure, now: float, error: CloudError | None = None, due: float | None = None) -> Change:
    """The request has failed; `due` is when to look once more after all."""
    details = {
        "code": failure.code,
        "message": failure.message,
        "cloud_request_id": failure.cloud_request_id,
    }
    if error is not None:
        details |= {"explanation": error.explanation, "fault": str(error.fault)}
    return Change(Event.FAIL, due, fields=ended_fields(now) | {"failure": failure}, details=details)


def ended_fields(now: float, **fields: object) -> dict[str, object]:
    """The fields of a request that is over: its place is another's, and nobody may call for it."""
    return {"ended_at": now, "ended_by": BOT, "slot": None, "caller": None, **fields}
