"""The service and its steps against a small model: any order of clicks, time and luck ends the same."""

import asyncio
import json
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from bot.domain.actions import RETRY_WITHIN
from bot.domain.lifecycle import TRANSITIONS, Event, Status
from bot.domain.request import Request
from bot.ports import ImageStatus
from bot.service.outcomes import Done, Reviewed
from bot.store import audit, audit_check
from bot.store.engine import transaction
from tests.databases import upgrade
from tests.house import ALICE, BOB, CAROL, DAVE, EVE, House, person
from tests.ports import CREATE, refused, unknown

DAY, LOOK = 86400.0, 61.0
TIMEOUT = 6 * 3600.0
OVER = {Status.AVAILABLE, Status.REJECTED, Status.EXPIRED, Status.CANCELLED, Status.FAILED}
PEOPLE = (ALICE, BOB, CAROL, DAVE, EVE)
people = st.sampled_from(PEOPLE)


@dataclass
class Model:
    """What a request ought to be."""

    requester: str
    expires_at: float
    status: Status = Status.PENDING
    approvers: list[str] = field(default_factory=list)
    called_at: float = 0.0
    ended_at: float = 0.0
    timed_out: bool = False
    has_image: bool = False

    def end(self, status: Status, now: float) -> None:
        """Come to an end."""
        self.status, self.ended_at = status, now


class Lives(RuleBasedStateMachine):
    """People, the clock and the cloud do as they like."""

    requests = Bundle("requests")

    @initialize()
    def build(self) -> None:
        """Put the core on a fresh file."""
        self.loop = asyncio.Runner()
        self.folder = tempfile.mkdtemp()
        url = f"sqlite:///{self.folder}/model.db"
        self.loop.run(upgrade(url))
        self.house = House(url, images_at_once=50)
        self.entitled = {BOB, CAROL, EVE}
        self.models: dict[str, Model] = {}
        self.available = False

    def teardown(self) -> None:
        """Give back the file."""
        if hasattr(self, "loop"):
            self.loop.run(self.house.aclose())
            self.loop.close()
            shutil.rmtree(Path(self.folder))

    @property
    def now(self) -> float:
        """The time."""
        return self.house.clock()

    @rule(target=requests, user=st.sampled_from([ALICE, EVE]))
    def submit(self, user: str) -> str:
        """Somebody requests an image of a new instance."""
        instance = f"ws-0model{len(self.models):05}0001"
        made = self.loop.run(self.house.submit(user=user, instance=instance))
        self.models[made.id] = Model(user, self.now + DAY)
        return made.id

    @rule(request=requests, user=people, approves=st.booleans())
    def review(self, request: str, user: str, approves: bool) -> None:
        """Somebody presses a button."""
        model = self.models[request]
        counts = (
            model.status is Status.PENDING
            and self.now < model.expires_at
            and user != model.requester
            and user in self.entitled
            and not (approves and model.approvers)
        )
        outcome = self.loop.run(
            self.house.service.review(person(user), request, approves=approves, reason="model")
        )
        assert isinstance(outcome, Reviewed) is counts
        if counts and approves:
            model.approvers.append(user)
        elif counts:
            model.end(Status.REJECTED, self.now)

    @rule(request=requests, user=people)
    def cancel(self, request: str, user: str) -> None:
        """Somebody takes a request back."""
        model = self.models[request]
        open_still = self.now < model.expires_at or bool(model.approvers)
        counts = model.status is Status.PENDING and open_still and user in {model.requester, EVE}
        outcome = self.loop.run(self.house.service.cancel(person(user), request))
        assert isinstance(outcome, Done) is counts
        if counts:
            model.end(Status.CANCELLED, self.now)

    @rule(request=requests, user=people)
    def retry(self, request: str, user: str) -> None:
        """Somebody tries a failed request again; it is worked on at once, before anybody can cancel it."""
        model = self.models[request]
        counts = (
            model.status is Status.FAILED
            and user == model.requester
            and self.now < model.ended_at + RETRY_WITHIN
        )
        outcome = self.loop.run(self.house.service.retry(person(user), request))
        assert isinstance(outcome, Done) is counts
        if counts:
            model.status, model.has_image, model.timed_out = Status.APPROVED, False, False
            self.pass_time(0)

    @rule(seconds=st.sampled_from([0.0, 60.0, 3 * 3600.0, 25 * 3600.0]))
    def pass_time(self, seconds: float) -> None:
        """Time passes, and whatever is due is done."""
        self.house.clock.advance(seconds + LOOK)
        self.settle()

    @rule(seconds=st.sampled_from([60.0, 7200.0]))
    def set_clock_back(self, seconds: float) -> None:
        """The clock is set back, and everything that slept is checked again."""
        self.house.clock.advance(-seconds)
        self.loop.run(self.house.requests.bring_forward())
        self.settle()

    @rule(user=st.sampled_from([BOB, CAROL]))
    def change_right(self, user: str) -> None:
        """Somebody joins or leaves the group of those who may approve."""
        group = self.house.directory.groups["S0OPS" if user == BOB else "S0SEC"]
        group.symmetric_difference_update({user})
        self.entitled.symmetric_difference_update({user})

    @rule()
    def refuse_next_image(self) -> None:
        """The cloud refuses what is started next, if anything is."""
        ready = [each for each in self.models.values() if self.is_approved(each)]
        if not ready or any(each.requester in each.approvers for each in ready):
            return
        self.house.cloud.fail(CREATE, refused(), times=len(ready))
        for each in ready:
            each.end(Status.FAILED, self.now)
        self.settle()

    @rule(got_through=st.booleans())
    def lose_next_answer(self, got_through: bool) -> None:
        """The cloud's answer to what is started next is lost, and time enough passes to find out."""
        ready = [each for each in self.models.values() if self.is_approved(each)]
        self.house.cloud.fail(CREATE, unknown(), after=got_through, times=len(ready))
        self.settle()
        for _ in range(4):
            self.pass_time(0)

    @rule()
    def finish(self) -> None:
        """The cloud makes whatever it has begun."""
        for image in self.house.cloud.images.values():
            assert image.status is not ImageStatus.CREATE_FAILED
        self.house.cloud.become(ImageStatus.AVAILABLE)
        self.pass_time(0)

    def is_approved(self, model: Model) -> bool:
        """Tell whether the rule has all its approvals, and they still count."""
        return model.status is Status.PENDING and bool(self.entitled & set(model.approvers))

    def settle(self) -> None:
        """Let the core do what is due, and the model what ought to come of it."""
        self.loop.run(self.house.settle())
        for request, model in self.models.items():
            self.foresee(request, model)

    def foresee(self, request: str, model: Model) -> None:
        """Say what happens to a request if it's checked now."""
        valid_reviews = [user for user in model.approvers if user in self.entitled]
        if model.status is Status.APPROVED and not valid_reviews:
            model.status = Status.PENDING
        if model.status is Status.PENDING:
            model.approvers = valid_reviews
            if not valid_reviews:
                if self.now >= model.expires_at:
                    model.end(Status.EXPIRED, self.now)
                return
            model.status = Status.APPROVED
        if model.status is Status.APPROVED:
            model.status, model.called_at = Status.CREATING, self.now
            return
        self.look(request, model)

    def look(self, request: str, model: Model) -> None:
        """Say what a look at the image changes; whether the cloud has one is luck, so we ask."""
        actual = self.actual(request)
        image = self.house.cloud.images.get(actual.attempt.image_id or "")
        if model.status is Status.CREATING and actual.attempt.called_at is not None:
            model.called_at = actual.attempt.called_at
            if image is not None and image.status is ImageStatus.AVAILABLE:
                model.end(Status.AVAILABLE, self.now)
            elif image is not None and self.now >= model.called_at + TIMEOUT:
                model.end(Status.FAILED, self.now)
                model.timed_out = True
        elif model.status is Status.FAILED and model.timed_out and image is not None:
            late = self.now >= model.ended_at + RETRY_WITHIN
            model.timed_out = not late
            if not late and image.status is ImageStatus.AVAILABLE:
                model.end(Status.AVAILABLE, self.now)

    def actual(self, request: str) -> Request:
        """Return the request as it is."""
        found = self.loop.run(self.house.store.get(request))
        assert found is not None
        return found

    @invariant()
    def every_request_is_what_it_ought_to_be(self) -> None:
        """Status and approvers are the model's."""
        for request, model in getattr(self, "models", {}).items():
            actual = self.actual(request)
            assert actual.status is model.status, (request, actual, model)
            assert actual.requester not in actual.approvers

    @invariant()
    def no_attempt_has_two_images(self) -> None:
        """Exactly one image for each marker, at the most."""
        if hasattr(self, "house"):
            made = Counter(image.description for image in self.house.cloud.images.values())
            assert not made or max(made.values()) == 1

    @invariant()
    def the_log_tells_a_life_that_the_table_allows(self) -> None:
        """Every entry leads on from the one before, along the table; the chain is whole."""
        if hasattr(self, "house"):
            self.loop.run(self._check_log())

    async def _check_log(self) -> None:
        async with transaction(self.house.engine, reads=True) as connection:
            assert (await audit_check.check(connection)).problems == []
            entries = [entry async for entry in audit.entries(connection)]
        for request in self.models:
            moves = [each for each in entries if each.request_id == request and '"status"' in each.details]
            steps = [audit_status(entry.details) for entry in moves]
            assert (moves[0].event, steps[0]) == (Event.SUBMIT, (None, Status.PENDING))
            assert all(before[1] == after[0] for before, after in pairwise(steps))
            for entry, (before, after) in zip(moves[1:], steps[1:], strict=True):
                assert before is not None
                assert TRANSITIONS[before][Event(entry.event)] is after


def audit_status(details: str) -> tuple[Status | None, Status]:
    """Return the statuses before and after an entry; before the first there is none."""
    status = json.loads(details)["status"]
    return Status(status["from"]) if status["from"] else None, Status(status["to"])


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
