"""What a log line is about: the request, in every line that is written while it is worked on."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from structlog.contextvars import bound_contextvars

from bot.store.leases import Lease

Claimed = TypeVar("Claimed")
Step = Callable[[Claimed, Lease], Awaitable[None]]


def about_request(work: Step[Claimed], request_id: Callable[[Claimed], str]) -> Step[Claimed]:
    """Return the work with the request's ID in each of its log lines, the cloud client's too."""

    async def within(claimed: Claimed, lease: Lease) -> None:
        """Work on one claimed row."""
        with bound_contextvars(request=request_id(claimed)):
            await work(claimed, lease)

    return within
