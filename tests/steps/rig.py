"""The steps on a clock and a fake cloud, without a database: for tables of what is done next, and when."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.allowlist import load
from bot.allowlist.authorizer import Authorizer
from bot.domain.actions import RETRY_WITHIN
from bot.domain.changes import Change, Sleep
from bot.domain.lifecycle import Event, Status, follow
from bot.domain.request import Delegation, Request
from bot.domain.vocabulary import Deployment
from bot.errors import CloudError
from bot.ports import CloudImage, ImageRegion, ImageStatus, Posted
from bot.settings import Settings
from bot.steps.create import CreateSteps
from bot.steps.distribute import DistributeSteps
from bot.steps.pending import PendingSteps
from bot.steps.restore import RestoreSteps
from bot.store.requests import Store
from tests.fakes import NOW, request
from tests.house import BOB, CAROL, EVE, RULES, lease
from tests.ports import Clock, FakeCloud, FakeDirectory

ADMINS, ID, MARK = "C0ADMINS", "img-1", "m" * 20
MINE = lease()
TIMEOUT, STOP_TIMEOUT, DAY = 6 * 3600.0, 900.0, RETRY_WITHIN
CREATING, AVAILABLE, FAILED = ImageStatus.CREATING, ImageStatus.AVAILABLE, ImageStatus.CREATE_FAILED


class ScriptedStore(Store):
    """A database that knows the time, and what the test says."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.taken: frozenset[int] = frozenset()
        self.instance_busy = False
        self.delegated: tuple[Delegation, ...] = ()
        self.wanting: frozenset[str] = frozenset()
        self.made: tuple[Request, ...] = ()

    async def occupied(self, request: Request) -> tuple[frozenset[int], bool]:  # noqa: ARG002 - the same for any
        """Return what the test says."""
        return self.taken, self.instance_busy

    async def delegations(self, team_id: str) -> tuple[Delegation, ...]:  # noqa: ARG002 - the same for any
        """Return those of the test."""
        return self.delegated

    async def told_of_each(self, team_id: str) -> frozenset[str]:  # noqa: ARG002 - the same for any
        """Return whom the test names."""
        return self.wanting

    async def images_of(self, team_id: str, instance_id: str, most: int) -> tuple[Request, ...]:  # noqa: ARG002 - the same for any
        """Return those of the test."""
        return self.made[:most]

    async def card_of(self, request_id: str) -> Posted | None:
        """Return a place that shows which request it's for."""
        return Posted("C0IMAGES", request_id)


Error = Callable[[], CloudError] | CloudError | None
"""How a call of the cloud ends; None: well."""


class Rig:
    """The steps with a cloud and a clock; nothing is written."""

    def __init__(self, **settings: Any) -> None:
        self.cloud, self.directory, clock = FakeCloud(), FakeDirectory(), Clock(NOW)
        self.directory.groups = {"S0OPS": {BOB, EVE}, "S0SEC": {CAROL}}
        self.store, self.allowlist = ScriptedStore(clock), replace(load(RULES), admin_channel=ADMINS)
        rights = Authorizer(lambda: self.allowlist, self.directory, Deployment("cn-shanghai"), clock)
        known = Settings(**{"slack_bot_token": "xoxb-test", "image_channel": "C0IMAGES", **settings})
        self.create = CreateSteps(self.store, self.cloud, rights, known)
        self.distribute = DistributeSteps(self.store, self.cloud, rights, known)
        self.pending = PendingSteps(self.store, self.cloud, rights)
        self.restore = RestoreSteps(self.store, self.cloud, rights, known)

    def answers(self, operation: str, error: Error) -> None:
        """Let the next call of an operation end in an error, or (None) not."""
        if error is not None:
            self.cloud.fail(operation, error if isinstance(error, CloudError) else error())

    def has(self, status: ImageStatus | None, *regions: ImageRegion, progress: int | None = None) -> None:
        """Let the cloud list the image, or (None) not."""
        if status is not None:
            self.cloud.images[ID] = CloudImage(
                ID,
                "build-tools",
                status,
                f"[{request(mark=MARK).marker}] mine",
                progress=progress,
                regions=regions,
            )


def creating(**attempt: Any) -> Request:
    """Return a request whose image may be in progress, claimed by somebody else a moment ago."""
    claimed = {"slot": 0, "calls": 1, "mark": MARK, "caller": "other", "called_at": NOW}
    return request(status=Status.CREATING, **{**claimed, **attempt})


def next_step(outcome: Change | Sleep | None) -> tuple[Event | None, float | None, str | None]:
    """What is written, in how many seconds the next step is due, and why."""
    if isinstance(outcome, Change):
        follow(outcome.after.status, outcome.event)  # which raises if the lifecycle has no such row
        failure = outcome.after.attempt.failure
        told = outcome.details.get("code") or outcome.details.get("reason")
        why = told if failure is None else failure.code
        return outcome.event, None if outcome.due is None else outcome.due - NOW, why
    until = None if outcome is None else outcome.until
    return None, None if until is None else until - NOW, None
