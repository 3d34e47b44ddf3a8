"""One transaction: a change is written with its audit entry and its messages, or nothing is."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.changes import UNRECORDED, Change, announcements, apply
from bot.lifecycle import Event, Status
from bot.records import Request
from bot.store import audit, outbox
from bot.store.leases import Lease
from bot.store.tables import requests

BODY = TypeAdapter(Request)


def read(body: str) -> Request:
    """Return the request that a row holds."""
    return BODY.validate_json(body)


def columns(request: Request) -> dict[str, Any]:
    """Return the columns that follow from a request; the body is the truth, the others are for searching."""
    return {
        "requester": request.requester,
        "status": request.status.value,
        "instance_id": request.image.instance_id,
        "slot": request.slot,
        "revision": request.revision,
        "body": BODY.dump_json(request).decode(),
    }


class Transaction:
    """What can be done to requests within one transaction."""

    def __init__(self, connection: AsyncConnection, clock: Callable[[], float]) -> None:
        self.connection = connection
        self.clock = clock

    async def get(self, request_id: str) -> Request | None:
        """Return a request, locked until the transaction ends."""
        query = select(requests.c.body).where(requests.c.id == request_id).with_for_update()
        body = (await self.connection.execute(query)).scalar_one_or_none()
        return None if body is None else read(body)

    async def by_key(self, key: str) -> Request | None:
        """Return the request that an earlier delivery of the same command or form made."""
        query = select(requests.c.body).where(requests.c.intake_key == key)
        body = (await self.connection.execute(query)).scalar_one_or_none()
        return None if body is None else read(body)

    async def add(self, request: Request, *, key: str, details: Mapping[str, Any]) -> None:
        """Keep a new request with its card and its audit entry; IntegrityError: its id or key is taken."""
        row = columns(request) | {
            "id": request.id,
            "intake_key": key or None,
            "created_at": request.created_at,
        }
        await self.connection.execute(insert(requests).values(row | {"due": request.created_at, "tries": 0}))
        await outbox.put_card(self.connection, request)
        await self.record(Event.SUBMIT, request.requester, request.id, details)

    async def write(self, before: Request, change: Change, lease: Lease | None = None) -> Request | None:
        """Apply a change; None when the request is not as it was, or the lease is no longer ours.

        A change from outside (no lease) leaves the lease alone: the step that holds it will find the revision
        moved and write nothing.
        """
        after = apply(before, change)
        mine: list[ColumnElement[bool]] = [requests.c.id == before.id, requests.c.revision == before.revision]
        if lease is not None:
            mine.append(requests.c.lease_owner == lease.token)
        written = await self.connection.execute(
            update(requests).where(*mine).values(**columns(after), due=change.due, tries=0)
        )
        if written.rowcount != 1:
            return None
        await self._announce(before, after, change)
        if before.status is Status.CREATING and after.status is not Status.CREATING:
            await self._wake_waiting()
        return after

    async def record(
        self,
        event: str,
        actor: str,
        request_id: str | None,
        details: Mapping[str, Any],
        at: float | None = None,
    ) -> None:
        """Put a line into the audit log."""
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
        await outbox.redraw_card(self.connection, after.id, at)
        for message in announcements(before, after, change.event):
            await outbox.put(self.connection, after, message, change, at)
        if change.event not in UNRECORDED:
            status = {"from": before.status.value, "to": after.status.value}
            await self.record(change.event, change.actor, after.id, {**change.details, "status": status}, at)

    async def _wake_waiting(self) -> None:
        """Let those that wait for a place or for the instance try again at once."""
        await self.connection.execute(
            update(requests)
            .where(requests.c.status == Status.APPROVED.value, requests.c.due > self.clock())
            .values(due=self.clock())
        )
