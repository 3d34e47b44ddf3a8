"""An instance that was stopped for an image is started again: after any end of the request, for a day,
visible to people.

    POWER_ON --(start)--> … --> POWERED_ON | POWER_FAIL … --> POWER_ABANDON

The state is looked at before every call: somebody may have started the instance meanwhile.
"""

from dataclasses import replace

from bot.allowlist.authorizer import Authorizer
from bot.crash_points import point
from bot.domain.changes import Change, Sleep
from bot.domain.lifecycle import Event
from bot.domain.power import Power, PowerPhase
from bot.domain.request import INSTANCE_GONE, START_TIMED_OUT, Failure, InstanceState, Request
from bot.errors import CloudError
from bot.ports import Cloud, Instance
from bot.settings import Settings
from bot.steps.asking import asked
from bot.steps.ended import is_final, refused, told_of
from bot.steps.power import UNANSWERED_SECONDS
from bot.store.requests import Store

LONGEST_WAIT = 300.0
TRIED_FOR = 24 * 3600.0
"""Seconds for which a failing start is retried."""
MOST_QUIET_TRIES = 3
"""Failed starts before people are told."""


class RestoreSteps:
    """The steps of a request that has to start its instance again."""

    def __init__(self, store: Store, cloud: Cloud, rights: Authorizer, settings: Settings) -> None:
        self.cloud = cloud
        self.rights = rights
        self.settings = settings
        self.clock = store.clock

    async def step(self, request: Request) -> Change | Sleep:
        """Look at the instance and start it; `Sleep(None)`: there's nothing to start."""
        power, now = request.power, self.clock()
        if power is None or not request.restores:
            return Sleep(None)
        if now < power.due:
            return Sleep(power.due)
        if now >= _begun(request, power) + TRIED_FOR:
            return self._given_up(request, Failure(START_TIMED_OUT))
        instance = await asked(self.cloud.instance(request.image), request.id)
        if isinstance(instance, CloudError):
            return self._failing(request, power, instance)
        if instance is None:
            return self._given_up(request, Failure(INSTANCE_GONE))
        match instance.state:
            case InstanceState.RUNNING:
                return self._runs(request, power)
            case InstanceState.STOPPED:
                return await self._start(request, power, instance)
            case _:
                return self._failing(request, power, None)

    def _runs(self, request: Request, power: Power) -> Change | Sleep:
        """Record that it runs. After a stop whose effect wasn't seen, wait a while: it may still happen."""
        now = self.clock()
        if power.phase is PowerPhase.STOPPING:
            if now < power.since + 2 * self.settings.stop_timeout:
                return Sleep(now + UNANSWERED_SECONDS)
            return Change(Event.WATCH, replace(request, power=None), now)
        details = {"somebody": True} if power.phase is PowerPhase.STOPPED else {}
        after = replace(request, power=None, instance_state=InstanceState.RUNNING)
        return Change(Event.POWERED_ON, after, now, details=details)

    async def _start(self, request: Request, power: Power, instance: Instance) -> Change | Sleep:
        """Record the start, then call; a start without effect is repeated later."""
        now = self.clock()
        if power.phase is not PowerPhase.STARTING:
            starting = replace(power, phase=PowerPhase.STARTING, since=now, due=now)
            return Change(Event.POWER_ON, replace(request, power=starting), now)
        point("before-start")
        error = None
        try:
            await self.cloud.start_instance(instance)
        except CloudError as caught:
            error = caught
        else:
            point("after-start")
        wait = min(self.settings.watch_seconds * 2 ** min(power.tries, 10), LONGEST_WAIT)
        return self._failing(request, replace(power, tries=power.tries + 1, due=now + wait), error)

    def _failing(self, request: Request, power: Power, error: CloudError | None) -> Change | Sleep:
        """Look again after a while; tell people once if it takes too long or is refused for good."""
        now = self.clock()
        is_late = now >= _begun(request, power) + self.settings.stop_timeout or power.tries > MOST_QUIET_TRIES
        due = max(power.due, now + (LONGEST_WAIT if power.told else self.settings.watch_seconds))
        if not power.told and (is_late or (error is not None and is_final(error))):
            failure = Failure(START_TIMED_OUT) if error is None else refused(error)
            told = replace(request, power=replace(power, told=True, due=due))
            return self._tell(Event.POWER_FAIL, told, failure, due)
        if power == request.power:
            return Sleep(due)
        return Change(Event.WATCH, replace(request, power=power), now)

    def _given_up(self, request: Request, failure: Failure) -> Change:
        return self._tell(Event.POWER_ABANDON, replace(request, power=None), failure, self.clock())

    def _tell(self, event: Event, after: Request, failure: Failure, due: float) -> Change:
        """Tell the requester in the thread, and the admin channel."""
        admin_channel = self.rights.allowlist().admin_channel
        notify = (admin_channel,) if admin_channel else ()
        return Change(event, after, due, details=told_of(failure), notify=notify)


def _begun(request: Request, power: Power) -> float:
    """Return since when the instance should be running: since the call to start it, or the end of the
    request.
    """
    if power.phase is PowerPhase.STARTING or request.end is None:
        return power.since
    return request.end.at
