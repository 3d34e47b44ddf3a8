"""One transaction: a change is written with its audit entry and its messages, or nothing is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.changes import UNRECORDED, Change, apply, due
from bot.domain.lifecycle import Event
from bot.domain.request import Person, Request
from bot.store import audit, bodies, deliveries, outbox
from bot.store.leases import NO_LEASE, Lease
from bot.store.tables import requests

ROW = (requests.c.body, requests.c.revision)
"""What `read` needs of a row."""
LOCKED = select(*ROW).where(requests.c.id == bindparam("id")).with_for_update()
INSERT = insert(requests)
IF_UNCHANGED = update(requests).where(
    requests.c.id == bindparam("own_id"), requests.c.revision == bindparam("own_revision")
)
IF_OURS = IF_UNCHANGED.where(requests.c.lease_owner == bindparam("own_lease"))
"""Updates of a request that nobody changed meanwhile, and that is also still ours to work on."""


def read(row: Row[str, int]) -> Request:
    """Return the request that a row holds; the revision is the column's, which others may bump."""
    return replace(bodies.read(row.body), revision=row.revision)


def columns(request: Request) -> dict[str, Any]:
    """Return a request's columns; the body is the truth, the others are for searching."""
    return {
        "team_id": request.team_id,
        "requester": request.requester,
        "status": request.status.value,
        "instance_id": request.image.instance_id,
        "holds": request.image.instance_id if request.holds else None,
        "slot": request.attempt.slot,
        "approved_at": request.approved_at,
        "queue_reason": request.attempt.queue_reason,
        "ended_at": None if request.end is None else request.end.at,
        "revision": request.revision,
        "body": bodies.write(request),
    }


@dataclass(frozen=True)
class Recorded:
    """A line of the audit log, for logs and counters; `request` is as it is afterwards, None if unchanged."""

    event: str
    actor: str
    request_id: str | None
    details: Mapping[str, Any]
    request: Request | None = None


class Transaction:
    """What can be done to requests within one transaction."""

    def __init__(self, connection: AsyncConnection, clock: Callable[[], float]) -> None:
        self.connection = connection
        self.clock = clock
        self.recorded: list[Recorded] = []

    async def get(self, request_id: str) -> Request | None:
        """Return a request, locked until the transaction ends."""
        row = (await self.connection.execute(LOCKED, {"id": request_id})).one_or_none()
        return None if row is None else read(row)

    async def is_first(self, person: Person) -> bool:
        """Tell whether a person's delivery is acted on for the first time, and note it."""
        return await deliveries.is_first(self.connection, person, self.clock())

    async def add(self, request: Request, *, key: str, details: Mapping[str, Any]) -> None:
        """Add a new request with its card and its audit entry; IntegrityError: its ID or key is taken."""
        row = columns(request) | {
            "id": request.id,
            "intake_key": key or None,
            "created_at": request.created_at,
            "recorded_revision": request.revision,
        }
        await self.connection.execute(INSERT, row | {"due": request.created_at, "tries": 0})
        await outbox.put_card(self.connection, request)
        submitted = {**details, "status": {"from": None, "to": request.status.value}}
        await self.record(
            Event.SUBMIT,
            request.requester,
            request.id,
            submitted | {"revision": request.revision},
            request=request,
        )

    async def write(
        self, before: Request, change: Change, lease: Lease | None = None, *, gives_back: bool = False
    ) -> Request | None:
        """Apply a change; None if the request isn't as it was, or the lease is no longer ours.

        A change from outside (no lease) leaves the lease alone: the step that holds it will find the revision
        moved and write nothing. `gives_back`: the step's own write also gives the request back.
        """
        after = apply(before, change)
        values = columns(after) | {"due": due(after, change), "tries": 0}
        if gives_back:
            values |= NO_LEASE
        if change.event not in UNRECORDED:
            values["recorded_revision"] = after.revision
        unchanged, own = IF_UNCHANGED, {"own_id": before.id, "own_revision": before.revision}
        if lease is not None:
            unchanged, own = IF_OURS, own | {"own_lease": lease.token}
        written = await self.connection.execute(unchanged, values | own)
        if written.rowcount != 1:
            return None
        await self._announce(before, after, change)
        return after

    async def record(
        self,
        event: str,
        actor: str,
        request_id: str | None,
        details: Mapping[str, Any],
        at: float | None = None,
        request: Request | None = None,
    ) -> None:
        """Add a line to the audit log; `request` is as it is afterwards."""
        self.recorded.append(Recorded(event, actor, request_id, details, request))
        await audit.append(
            self.connection,
            at=self.clock() if at is None else at,
            actor=actor,
            event=event,
            request_id=request_id,
            details=details,
        )

    async def _announce(self, before: Request, after: Request, change: Change) -> None:
        at = self.clock()
        await outbox.announce(self.connection, before, after, change, at)
        if change.event not in UNRECORDED:
            status = {"from": before.status.value, "to": after.status.value}
            details = {**change.details, "status": status, "revision": after.revision}
            await self.record(change.event, change.actor, after.id, details, at, after)
