"""Requests for readers at a shell: one JSON object each, or a line of a table."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.domain.request import Request

COLUMNS = ("request", "status", "asked for", "requester", "instance", "image name")


def record(request: Request) -> dict[str, Any]:
    """Return what there is to know of a request; times are ISO 8601 in UTC."""
    attempt, end = request.attempt, request.end
    return {
        "id": request.id,
        "status": request.status.value,
        "team_id": request.team_id,
        "requester": request.requester,
        "channel": request.channel,
        "instance_id": request.image.instance_id,
        "image_name": request.image.image_name,
        "reason": request.reason,
        "rule": request.rule.name,
        "approvers": list(request.approvers),
        "created_at": time_of(request.created_at),
        "expires_at": time_of(request.expires_at),
        "attempt": attempt.number,
        "image_id": attempt.image_id,
        "progress": attempt.progress,
        "waits_for": attempt.queue_reason,
        "failure": attempt.failure and attempt.failure.code,
        "cloud_request_id": attempt.cloud_request_id,
        "ended": end and {"at": time_of(end.at), "by": end.by, "reason": end.reason},
    }


def lines(request: Request) -> list[str]:
    """Return one request, a fact a line; what isn't known is left out."""
    facts = record(request).items()
    return [
        f"{name.replace('_', ' '):<17}{_shown(value)}" for name, value in facts if value not in (None, "", [])
    ]


def table(requests: Iterable[Request]) -> list[str]:
    """Return requests as a table, as wide as what is in it."""
    rows = [COLUMNS, *map(_row, requests)]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _row(request: Request) -> tuple[str, ...]:
    image = request.image
    asked = time_of(request.created_at)
    return (
        request.id,
        request.status.value,
        asked,
        request.requester,
        image.instance_id,
        image.image_name or "",
    )


def time_of(at: float) -> str:
    """Return a time as people and scripts read it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {each}" for name, each in value.items() if each)
    return (
        ", ".join(map(str, value))
        if isinstance(value, Sequence) and not isinstance(value, str)
        else str(value)
    )
