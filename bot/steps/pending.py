"""A request that waits for approval: looked over, counted, reminded of, and let go when its time is over."""

from collections.abc import Callable

from bot.changes import Change, Sleep
from bot.errors import CloudError
from bot.lifecycle import Event
from bot.ports import Cloud
from bot.records import Request
from bot.rights import Rights

UNKNOWN, MISSING = "UNKNOWN", "MISSING"
"""What is kept as the instance's state when the cloud could not tell, and when it knows no such instance."""


class Pending:
    """The steps of a pending request."""

    def __init__(self, cloud: Cloud, rights: Rights, clock: Callable[[], float]) -> None:
        self.cloud = cloud
        self.rights = rights
        self.clock = clock

    async def step(self, request: Request) -> Change | Sleep:
        """Decide the next thing for a pending request."""
        now = self.clock()
        if now >= request.expires_at:
            return Change(Event.EXPIRE, None, fields={"ended_at": now, "ended_by": "bot"})
        if request.instance_state is None:
            return await self._inspect(request)
        standing = await self.rights.standing(request)
        if standing.complete:
            due = max(now, request.start_at or now)
            return Change(
                Event.APPROVE, due, fields={"approved_at": now}, details={"approvers": request.approvers}
            )
        return self._remind(request, now)

    async def _inspect(self, request: Request) -> Change:
        """Ask the cloud whether the instance exists and is stopped, which the card tells the approver."""
        try:
            instance = await self.cloud.instance(request.image)
        except CloudError:
            state = UNKNOWN
        else:
            state = MISSING if instance is None else str(instance.state)
        return Change(
            Event.INSPECT, self.clock(), fields={"instance_state": state}, details={"instance": state}
        )

    def _remind(self, request: Request, now: float) -> Change | Sleep:
        """Remind those who can help once in a while; between, sleep."""
        waits = [request.expires_at]
        if request.rule.remind:
            remind_at = (request.reminded_at or request.created_at) + request.rule.remind
            if remind_at <= now:
                return Change(Event.REMIND, now, fields={"reminded_at": now})
            waits.append(remind_at)
        return Sleep(min(waits))
