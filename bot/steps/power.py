"""Stop first: the instance is held, asked to stop and seen stopped before the call for its image.

    approved --POWER_OFF--> (stop) … --POWERED_OFF--> START

Stopping takes a slot first, so that no instance is down while it waits for one. A second stop is harmless, so
it's sent again while the instance is still running, but never after the call for an image.
"""

from dataclasses import replace

from bot.crash_points import point
from bot.domain.changes import Change, Sleep
from bot.domain.lifecycle import Event
from bot.domain.power import Power, PowerPhase
from bot.domain.request import (
    CLOUD_AWAY,
    INSTANCE_CHANGED,
    INSTANCE_GONE,
    STOP_TIMED_OUT,
    TIMED_OUT,
    Failure,
    InstanceState,
    Request,
)
from bot.errors import CloudError
from bot.ports import Cloud, Instance
from bot.settings import Settings
from bot.steps.asking import asked
from bot.steps.ended import failed, is_final, refused, unanswered
from bot.steps.places import CONTENDED_SECONDS, Places
from bot.store.requests import Store

REFUSED_SECONDS = 15.0
"""Seconds until the next try to stop an instance that can't be stopped right now: somebody may have a
session open.
"""
UNANSWERED_SECONDS = 30.0
WILL_RUN = frozenset({InstanceState.RUNNING, InstanceState.STARTING})


class StopSteps:
    """The steps of an approved request until its instance is stopped."""

    def __init__(self, store: Store, cloud: Cloud, settings: Settings) -> None:
        self.cloud = cloud
        self.settings = settings
        self.places = Places(store, settings)
        self.clock = store.clock

    def late(self, request: Request) -> Change | None:
        """Fail a request whose instance doesn't stop in time, or is down for longer than an image may
        take.
        """
        power, now = request.power, self.clock()
        if power is None:
            return None
        waits = power.phase is PowerPhase.STOPPING and request.attempt.slot is not None
        if waits and now >= power.since + self.settings.stop_timeout:
            return failed(request, Failure(STOP_TIMED_OUT), now)
        if power.phase is PowerPhase.STOPPED and now >= power.since + self.settings.image_timeout:
            return failed(request, Failure(TIMED_OUT), now)
        return None

    async def step(self, request: Request) -> Change | Sleep | None:
        """Return the next step toward a stopped instance; None: it's stopped, and its image may be made."""
        power, attempt, now = request.power, request.attempt, self.clock()
        instance = await asked(self.cloud.instance(request.image), request.id)
        if isinstance(instance, CloudError):
            return self._unanswered(request, instance)
        if instance is None:
            return failed(request, Failure(INSTANCE_GONE), now)
        if instance.state is InstanceState.STOPPED:
            return self._is_stopped(request)
        if attempt.calls or (power is not None and power.phase is PowerPhase.STOPPED):
            return failed(request, Failure(INSTANCE_CHANGED), now)
        if power is None or attempt.slot is None:
            return await self._hold(request, instance.state)
        if instance.state is InstanceState.RUNNING:
            return await self._stop(request, power, instance)
        return Sleep(now + self.settings.watch_seconds)

    def _is_stopped(self, request: Request) -> Change | None:
        """Go on; announce it if it's news: after our stop, or if somebody else was quicker."""
        power, now = request.power, self.clock()
        if power is None and request.instance_state is not InstanceState.RUNNING:
            return None
        if power is not None and power.phase is PowerPhase.STOPPED:
            return None
        details = {} if power is not None and power.owed else {"somebody": True}
        after = replace(request, instance_state=InstanceState.STOPPED)
        if power is not None:
            after = replace(after, power=replace(power, phase=PowerPhase.STOPPED, since=now))
        return Change(Event.POWERED_OFF, after, now, details=details)

    async def _hold(self, request: Request, state: InstanceState) -> Change | Sleep:
        """Hold the instance and a slot before anything is done; record whether it has to be started again."""
        slot, now = await self.places.free(request), self.clock()
        if slot is None:
            return Sleep(now + CONTENDED_SECONDS)
        owed = state in WILL_RUN or (request.power is not None and request.power.owed)
        power = Power(PowerPhase.STOPPING, now, owed)
        attempt = replace(request.attempt, slot=slot, queue_reason=None, unsure_since=None)
        held = replace(request.trying(attempt), power=power, instance_state=state)
        return Change(Event.POWER_OFF, held, now)

    async def _stop(self, request: Request, power: Power, instance: Instance) -> Change | Sleep:
        """Ask it to stop; whatever the answer is, the next look tells the result."""
        if not power.owed:  # its state was changing, and it's running after all
            return Change(Event.WATCH, replace(request, power=replace(power, owed=True)), self.clock())
        point("before-stop")
        try:
            await self.cloud.stop_instance(instance)
        except CloudError as error:
            if is_final(error):
                return failed(request, refused(error), self.clock(), error)
            wait = min(error.retry_after or REFUSED_SECONDS, UNANSWERED_SECONDS)
            return Sleep(self.clock() + wait)
        point("after-stop")
        return Sleep(self.clock() + self.settings.watch_seconds)

    def _unanswered(self, request: Request, error: CloudError) -> Change | Sleep:
        """Wait while the instance's state is unknown, as long as a stop, or an image, may take."""
        now = self.clock()
        if is_final(error):
            return failed(request, refused(error), now, error)
        if request.power is not None and request.attempt.slot is not None:
            return Sleep(now + UNANSWERED_SECONDS)
        return unanswered(request, CLOUD_AWAY, error, now, self.settings.image_timeout)
