"""Power and copies against a model: any order of faults, clicks, time and other people keeps every promise.

A second model beside `test_model`, which knows the status of each request after each act. An instance's power
and an image's copies move between the acts, with the cloud's time: to foresee them is to write the steps once
more. So this one says what must hold in the end, whatever happened: one stop before the image and none after
it, each region asked for once, what ran runs again, and nothing is held.
"""

import asyncio
import tempfile
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.request import InstanceState
from bot.ports import ImageStatus
from tests.databases import upgrade
from tests.house import ALICE, BOB, INSTANCE, House, person
from tests.ports import CREATE, DISTRIBUTE, FIND, IMAGE, IMAGES, START, STOP, busy, unknown, unreachable
from tests.ports import INSTANCE as LOOK

REGIONS = ("cn-beijing", "us-west-1")
CALLS = (STOP, CREATE, START, DISTRIBUTE, LOOK, IMAGE, IMAGES, FIND)
SOMEBODY = "somebody"
EFFECTIVE = {STOP, CREATE, START, DISTRIBUTE}
ERRORS = (busy, unknown, unreachable)
OTHERS = (
    ("somebody starts it", InstanceState.RUNNING),
    ("somebody stops it", InstanceState.STOPPED),
    ("an approver leaves",),
)
happens = st.one_of(
    st.tuples(st.just("fail"), st.sampled_from(CALLS), st.sampled_from(ERRORS), st.booleans()),
    st.tuples(st.just("wait"), st.sampled_from([5.0, 60.0, 1000.0])),
    st.sampled_from([("finish",), ("break",), ("cancel",), ("retry",), *OTHERS]),
)


async def live(house: House, seconds: float, stride: float) -> None:
    """Let time pass, working as it does."""
    until = house.clock() + seconds
    while house.clock() < until:
        await house.settle()
        house.clock.advance(stride)
    await house.settle()


async def lived(url: str, story: list[tuple[object, ...]]) -> House:
    """Live one life, then let everything come to its end."""
    await upgrade(url)
    house = House(url)
    house.cloud.state = InstanceState.RUNNING
    request = await house.approved(stop_first=True, regions=REGIONS)
    for what, *about in story:
        match what, about:
            case "fail", [str(call), error, bool(after)]:
                lost = after and error is unknown and call in EFFECTIVE
                house.cloud.fail(call, error(), after=lost)  # type: ignore[operator]
            case "wait", [float(seconds)]:
                await live(house, seconds, max(5.0, seconds / 8))
            case "finish", _:
                house.cloud.become(ImageStatus.AVAILABLE)
            case "break", _:
                house.cloud.become(ImageStatus.CREATE_FAILED)
            case "cancel", _:
                await house.service.cancel(person(ALICE), request.id)
            case "retry", _:
                await house.service.retry(person(ALICE), request.id)
            case "an approver leaves", _:
                house.directory.groups["S0OPS"].discard(BOB)
            case _, [InstanceState() as state]:
                house.cloud.states[INSTANCE] = state
                house.cloud.effects.append((SOMEBODY, INSTANCE))
    house.cloud.faults.clear()
    await live(house, 300, 10)
    await live(house, 7 * 3600, 1800)
    await live(house, 600, 60)
    return house


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(happens, min_size=1, max_size=8))
def test_a_life_with_power_and_copies_keeps_every_promise(story: list[tuple[object, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        house = runner.run(lived(f"sqlite:///{folder}/power.db", story))
        [request] = runner.run(house.store.find())
        effects = [operation for operation, where in house.cloud.effects if where == INSTANCE]
        copied = [where for operation, where in house.cloud.effects if operation == DISTRIBUTE]
        runner.run(house.aclose())
    assert request.power is None
    assert request.attempt.slot is None
    turned = [operation for operation in effects if operation in (STOP, START, SOMEBODY)]
    assert turned[-1:] != [STOP]
    if SOMEBODY not in turned:
        assert house.cloud.states.get(INSTANCE, InstanceState.RUNNING) is InstanceState.RUNNING
    assert (CREATE, STOP) not in pairwise(effects)
    assert len(copied) == len(set(copied))
    assert effects.count(CREATE) <= request.attempt.number
