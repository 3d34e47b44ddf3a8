"""Approving and rejecting, for oneself or for a delegator, and the after-review of emergency access."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.allowlist.access import target_of
from bot.allowlist.authorizer import Authorizer, approver, grants
from bot.allowlist.principal import Principal
from bot.domain.actions import Action
from bot.domain.approvals import can_fill
from bot.domain.changes import Change
from bot.domain.lifecycle import Event, permits
from bot.domain.request import End, Person, Request, Review
from bot.domain.vocabulary import APPROVE
from bot.errors import DirectoryDown
from bot.policy import Decision
from bot.service.guarded_requests import GuardedRequests, as_of, in_sight
from bot.service.outcomes import Denied, Done, RefusalReason, Refused, Reviewed, denied, undecided
from bot.service.refusals import Refusals
from bot.store.requests import Store
from bot.store.transaction import Transaction


@dataclass(frozen=True)
class Holder:
    """Whose slot an approval fills, that person's groups, and by what they may."""

    user_id: str
    groups: frozenset[str]
    decision: Decision


class Reviewing:
    """Every click is authorized again; the request is locked while the review is written."""

    def __init__(
        self, store: Store, rights: Authorizer, requests: GuardedRequests, refusals: Refusals
    ) -> None:
        self.store = store
        self.rights = rights
        self.requests = requests
        self.refusals = refusals
        self.clock = store.clock

    async def review(
        self, person: Person, request_id: str, *, approves: bool, reason: str = ""
    ) -> Reviewed | Denied | Refused:
        """Approve or reject a request."""
        request = await self.store.get(request_id)
        if request is None:
            return Refused(RefusalReason.NOT_FOUND, details={"request": request_id})
        holder = await self._holder(person, request)
        if isinstance(holder, Denied | Refused):
            return holder
        behalf_of = None if holder.user_id == person.user_id else holder.user_id
        review = Review(
            person.user_id,
            approves,
            reason,
            self.clock(),
            usergroups=holder.groups,
            behalf_of=behalf_of,
            team_id=person.team_id,
        )
        async with self.store.begin() as transaction:
            if await transaction.is_first(person):
                outcome = await self._review(transaction, request_id, review, grants(holder.decision))
            else:
                outcome = Refused(RefusalReason.REPEATED, request)
        if (
            isinstance(outcome, Refused) and outcome.why is not RefusalReason.REASON_NEEDED
        ):  # that opens a form
            return await self.refusals.record(person, APPROVE, outcome.request, outcome)
        return outcome

    async def _holder(self, person: Person, request: Request) -> Holder | Denied | Refused:
        """Return whose slot the person fills; a refusal is recorded, and tells only what they can see."""
        try:
            from_others = (approver(request, each) for each in await self._delegators(person, request))
            principal, *delegators = await self.rights.principals([person, *from_others])
        except DirectoryDown as down:
            return await self.refusals.record(person, APPROVE, request, Refused(undecided(down)))
        holder = self._holder_among(principal, delegators, request)
        if isinstance(holder, Holder):
            return holder
        await self.refusals.record(person, APPROVE, request, holder)
        unknown = Refused(RefusalReason.NOT_FOUND, details={"request": request.id})
        return holder if in_sight(principal, request) else unknown

    def _holder_among(
        self, principal: Principal, delegators: Sequence[Principal], request: Request
    ) -> Holder | Denied | Refused:
        """Return whose slot the person fills: their own, or a delegator's where that helps more."""
        if principal.person.user_id == request.requester:
            return Refused(RefusalReason.OWN_REQUEST, request)
        if principal.outsider(request.rule):
            return Refused(RefusalReason.OUTSIDER, request)
        able = able_to_review(principal, delegators, request)
        if not able:
            return denied(principal.review_of(request), target_of(request))
        helpful = (each for each in able if self._helps(request, each.person.user_id, each.memberships))
        chosen = next(helpful, able[0])
        return Holder(chosen.person.user_id, chosen.memberships, chosen.review_of(request).decision)

    async def _delegators(self, person: Person, request: Request) -> list[str]:
        """Return who delegates approvals to this person."""
        in_force = await self.store.delegations(request.team_id)
        return [each.delegator for each in in_force if each.delegate == person.user_id]

    def _helps(self, request: Request, holder: str, groups: frozenset[str]) -> bool:
        return can_fill(request.rule, request.approvals, holder, groups, escalated=request.escalated)

    async def _review(
        self, transaction: Transaction, request_id: str, review: Review, rights: Mapping[str, object]
    ) -> Reviewed | Refused:
        """Write a review, if the request, locked now, still waits for one like it."""
        request = await transaction.get(request_id)
        if request is None:
            return Refused(RefusalReason.NOT_FOUND, details={"request": request_id})
        refusal = self._unfit(request, review)
        if refusal is not None:
            return Refused(refusal, as_of(request, self.clock()))
        now, groups = self.clock(), sorted(review.usergroups)
        given = {"reason": review.reason, "behalf_of": review.behalf_of, "usergroups": groups}
        details = {**given, **rights}
        reviewed = replace(request, reviews=(*request.reviews, review))
        if review.approves:
            change = Change(Event.REVIEW, reviewed, now, review.user_id, details)
        else:
            rejected = reviewed.over(End(now, review.user_id, review.reason))
            change = Change(Event.REJECT, rejected, None, review.user_id, details)
        written = await transaction.write(request, change)
        return (
            Refused(RefusalReason.TOO_LATE, request) if written is None else Reviewed(written, written.tally)
        )

    def _unfit(self, request: Request, review: Review) -> RefusalReason | None:
        """Say why a review does not fit a request; None when it does."""
        if not permits(request.status, Event.REVIEW) or self.clock() >= request.expires_at:
            return RefusalReason.TOO_LATE
        approved_already = any(each.approves and each.user_id == review.user_id for each in request.reviews)
        if review.approves and approved_already:
            return RefusalReason.ALREADY_REVIEWED
        if not review.reason and (request.rule.reason_required or not review.approves):
            return RefusalReason.REASON_NEEDED
        if review.approves and not self._helps(request, review.holder, review.usergroups):
            return RefusalReason.NOT_NEEDED
        return None

    async def sign_off(self, person: Person, request_id: str, reason: str = "") -> Done | Denied | Refused:
        """Close the after-review of emergency access: by somebody who might have approved it."""
        request = await self.store.get(request_id)
        if request is None:
            return Refused(RefusalReason.NOT_FOUND, details={"request": request_id})
        holder = await self._holder(person, request)
        if isinstance(holder, Denied | Refused):
            return holder
        behalf_of = None if holder.user_id == person.user_id else holder.user_id
        details = {"reason": reason, "behalf_of": behalf_of, **grants(holder.decision)}
        now, who = self.clock(), person.user_id
        return await self.requests.write(
            person,
            Action.SIGN_OFF,
            APPROVE,
            request_id,
            lambda locked: _unsigned(locked) or _signed(locked, who, now, details),
        )


def able_to_review(
    principal: Principal, delegators: Sequence[Principal], request: Request
) -> list[Principal]:
    """Return those as whom a person may review a request: themselves, and who delegates to them."""
    members = [each for each in (principal, *delegators) if not each.outsider(request.rule)]
    return [each for each in members if each.may_review(request)]


def _signed(request: Request, by: str, now: float, details: Mapping[str, Any]) -> Change:
    attempt = replace(request.attempt, signed_off_by=by)
    return Change(Event.SIGN_OFF, request.trying(attempt), now, by, details)


def _unsigned(request: Request) -> RefusalReason | None:
    """Say why there is nothing to sign off; None when there is."""
    if not request.break_glass or request.attempt.signed_off_by is not None:
        return RefusalReason.NOT_OPEN
    return None if permits(request.status, Event.SIGN_OFF) else RefusalReason.TOO_EARLY
