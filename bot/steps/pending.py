"""A request that waits for approval: inspected, counted, with reminders, expired when its time is over."""

from dataclasses import replace

from bot.allowlist.authorizer import Authorizer
from bot.domain.approvals import Ping
from bot.domain.changes import Change, Sleep
from bot.domain.image import InstanceType
from bot.domain.lifecycle import Event
from bot.domain.progress import usual_seconds
from bot.domain.request import End, InstanceFacts, InstanceState, Request
from bot.domain.text import one_line
from bot.errors import CloudError, DirectoryDown
from bot.ports import Cloud, Instance
from bot.store.requests import Store

INSPECT_SECONDS = 3.0
"""Seconds that a look at the instance may take: nice to have on the card, but nobody waits for it."""
IMAGES_COUNTED = 5
"""How many earlier images of a machine tell how long one takes."""
UNDECIDED_SECONDS = 3600.0
"""Seconds after its expiry that a fully approved request waits for Slack to say whether the approvals
count.
"""


class PendingSteps:
    """The steps of a pending request."""

    def __init__(self, store: Store, cloud: Cloud, rights: Authorizer) -> None:
        self.store = store
        self.cloud = cloud
        self.rights = rights
        self.clock = store.clock

    async def step(self, request: Request) -> Change | Sleep:
        """Decide the next thing for a pending request.

        Approvals were given in time (a review after the expiry is refused), so they count first: if the bot
        was down when a fully approved request expired, the request still goes on.
        """
        now = self.clock()
        expired = now >= request.expires_at
        if request.instance_state is None and not expired:
            return await self._inspect(request)
        if request.break_glass:
            why = {"reason": request.reason}
            approved = replace(request, approved_at=now)
            return Change(Event.BYPASS, approved, self._start(request), request.requester, why)
        if expired and not request.tally.complete:  # no need to ask Slack, which might not answer
            return Change(Event.EXPIRE, request.over(End(now)), None)
        try:
            counted = replace(request, reviews=await self.rights.valid_reviews(request))
        except DirectoryDown:
            if now < request.expires_at + UNDECIDED_SECONDS:
                raise
            return Change(Event.EXPIRE, request.over(End(now)), None)
        if counted.tally.complete:
            details = {"approvers": request.approvers}
            approved = replace(request, approved_at=now)
            return Change(Event.APPROVE, approved, self._start(request), details=details)
        if expired:
            return Change(Event.EXPIRE, request.over(End(now)), None)
        if len(counted.reviews) < len(request.reviews):
            return Change(Event.REOPEN, counted, now)
        return await self._escalate(request, now) or await self._remind(request, now)

    def _start(self, request: Request) -> float:
        """Return when the image may be started."""
        return max(self.clock(), request.start_at or 0.0)

    async def _escalate(self, request: Request, now: float) -> Change | None:
        """Let more people approve when the rule's escalation is due."""
        escalate = request.rule.escalate
        if escalate is None or request.escalated_at is not None or now < request.created_at + escalate.after:
            return None
        escalated = replace(request, escalated_at=now)
        return Change(Event.ESCALATE, escalated, now, details={"helpers": await self._helpers(escalated)})

    async def _helpers(self, request: Request) -> tuple[str, ...]:
        """Return whom to mention: those who can help, or the people they delegated their approvals to."""
        in_force = await self.store.delegations(request.team_id)
        instead = {each.delegator: each.delegate for each in in_force}
        candidates = await self.rights.candidates(request)
        helpers = dict.fromkeys(instead.get(user_id, user_id) for user_id in candidates.user_ids)
        return tuple(user_id for user_id in helpers if user_id != request.requester)

    async def _inspect(self, request: Request) -> Change:
        """Look at the instance, its earlier images and who may approve: what the card shows the approver."""
        try:
            instance = await self.cloud.instance(request.image, within=INSPECT_SECONDS)
        except CloudError:
            instance, state = None, InstanceState.UNKNOWN
        else:
            state = InstanceState.MISSING if instance is None else instance.state
        inspected = replace(
            request,
            instance_state=state,
            facts=await self._facts(request, instance),
            reviewers=await self.rights.reviewers(request),
        )
        details = {"instance": state.value}
        return Change(
            Event.INSPECT, inspected, self.clock(), details=details, waits_for=await self._told(request)
        )

    async def _told(self, request: Request) -> tuple[str, ...]:
        """Return who gets a direct message about the request: all approvers, if its rule says so, or those
        who want it.

        Members of a group that the card mentions have been notified.
        """
        if request.break_glass or not request.rule.quorum:
            return ()
        everybody = request.rule.ping is Ping.PEOPLE
        wanting = frozenset() if everybody else await self.store.told_of_each(request.team_id)
        if not everybody and not wanting:
            return ()
        try:
            helpers = await self._helpers(request)
            groups = (await self.rights.directory.usergroups()).members if request.rule.mentions else {}
        except DirectoryDown:  # the card is there, and a reminder follows
            return ()
        mentioned = frozenset[str]().union(*(groups.get(each, ()) for each in request.rule.mentions))
        return tuple(each for each in helpers if everybody or each in wanting - mentioned)

    async def _facts(self, request: Request, instance: Instance | None) -> InstanceFacts:
        """Return what's known about the instance."""
        instance_id = request.image.instance_id
        made = await self.store.images_of(request.team_id, instance_id, IMAGES_COUNTED)
        last = made[0] if made else None
        desktop = request.image.instance_type is InstanceType.CLOUD_DESKTOP
        card = await self.store.card_of(last.id) if last else None
        return InstanceFacts(
            name=instance.name if instance else "",
            os_type=instance.os_type if instance else "",
            users=instance.users if instance else (),
            sessions=len(instance.sub_instances) if instance else 0,
            state_text=one_line(instance.state_text) if instance else "",
            regions=self.cloud.desktop_regions if desktop else (),
            last_image=(last.image.image_name or "") if last else "",
            last_image_at=last.end.at if last and last.end else None,
            last_request=last.id if last else "",
            last_card=(card.channel, card.ts) if card else None,
            usual_seconds=usual_seconds(made),
        )

    async def _remind(self, request: Request, now: float) -> Change | Sleep:
        """Remind those who can still approve, or sleep until something is due."""
        rule, waits = request.rule, [request.expires_at]
        remind_at = rule.next_reminder(request.created_at, request.reminded_at)
        if remind_at is not None:
            if remind_at <= now:
                helpers = await self._helpers(request)
                reminded = replace(request, reminded_at=now)
                return Change(Event.REMIND, reminded, now, details={"helpers": helpers})
            waits.append(remind_at)
        if rule.escalate and request.escalated_at is None:
            waits.append(request.created_at + rule.escalate.after)
        return Sleep(min(waits))
