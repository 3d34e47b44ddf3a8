"""Refusals, and their entries in the audit log."""

from typing import TypeVar

from bot.allowlist.authorizer import grants
from bot.domain.request import Person, Request
from bot.service.outcomes import Denied, Refused
from bot.store.requests import Store

Refusal = TypeVar("Refusal", Denied, Refused, Denied | Refused)


class Refusals:
    """Writes down who was refused what."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def record(self, person: Person, action: str, request: Request | None, refusal: Refusal) -> Refusal:
        """Put into the audit log who was refused what, and by which statements; a denial names its action."""
        details: dict[str, object] = {"action": action, "channel": person.channel_id}
        if isinstance(refusal, Denied):
            details |= {"action": refusal.action, **grants(refusal.explanation.decision)}
            details |= {"resource": refusal.resource} if refusal.target else {}
        else:
            details["why"] = refusal.why.value
        async with self.store.begin() as transaction:
            await transaction.record("refused", person.user_id, request.id if request else None, details)
        return refusal
