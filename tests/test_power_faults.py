"""Every fault at every call that stops, starts or copies, over a real wire: each has a named outcome."""

import pytest

from bot.domain.lifecycle import Event, Status
from bot.domain.message import Kind as MessageKind
from bot.domain.request import COPY_FAILED, STOP_TIMED_OUT, Request
from bot.playground.cloud import LocalCloud
from bot.playground.cloud.faults import STARTS, STOPS, Kind
from tests.house import INSTANCE, House
from tests.test_faults import CREATE_FAULTS, wired

STOP, START, COPY = "StopWuyingServer", "StartWuyingServer", "StartTaskForDistributeImage"
STOP_DESKTOP, START_DESKTOP = "StopDesktops", "StartDesktops"
DESKTOP = "ecd-7w78ozhjcwa3u0001"
REGIONS = ("cn-beijing", "us-west-1")
DONE = "stopped, imaged, started, copied"
NOT_STOPPED, FORBIDDEN = "failed, and runs as before", "failed: forbidden"
NOT_STARTED = "available, and told that it doesn't start"
NOT_COPIED = "available, and told what isn't copied"
EVERY = 10_000
FORBID = {"kind": Kind.ERROR, "code": "Forbidden.RAM", "status": 403}

TABLE = [
    *(
        ({"kind": kind, "operation": operation}, DONE)
        for operation in (STOP, START, STOP_DESKTOP, START_DESKTOP, COPY)
        for kind in CREATE_FAULTS
    ),
    ({"kind": Kind.STOP_REFUSED}, DONE),
    ({"kind": Kind.STOP_REFUSED, "times": EVERY}, NOT_STOPPED),
    *(({"kind": Kind.THROTTLE, "operation": each, "times": EVERY}, NOT_STOPPED) for each in sorted(STOPS)),
    ({"kind": Kind.NEVER_STOPS}, NOT_STOPPED),
    *(({"operation": each, **FORBID}, FORBIDDEN) for each in sorted(STOPS)),
    ({"kind": Kind.START_REFUSED}, DONE),
    ({"kind": Kind.START_REFUSED, "times": EVERY}, NOT_STARTED),
    *(({"kind": Kind.THROTTLE, "operation": each, "times": EVERY}, NOT_STARTED) for each in sorted(STARTS)),
    ({"kind": Kind.NEVER_STARTS}, NOT_STARTED),
    *(({"operation": each, **FORBID, "times": EVERY}, NOT_STARTED) for each in sorted(STARTS)),
    ({"kind": Kind.DISTRIBUTION_FAILS}, NOT_COPIED),
    ({"kind": Kind.THROTTLE, "operation": COPY, "times": EVERY}, NOT_COPIED),
    ({"operation": COPY, **FORBID}, NOT_COPIED),
]
"""Every fault of the local cloud at every one of the calls, and what becomes of the request."""


async def outcome(house: House, request: Request, local: LocalCloud) -> str:
    """Name what has become of a request and of its instance."""
    now, instance = await house.get(request), local.instances.get(request.image.instance_id)
    told = {
        told.event for each in house.notifier.order for told in each.told if each.kind is MessageKind.ENTRY
    }
    code = now.attempt.failure.code if now.attempt.failure else ""
    assert instance is not None
    if now.status is Status.FAILED and code == STOP_TIMED_OUT:
        return NOT_STOPPED if instance.state in ("RUNNING", "STOPPING") else f"left {instance.state}"
    if now.status is Status.FAILED:
        return FORBIDDEN if (code, instance.state) == ("Forbidden.RAM", "RUNNING") else code
    if Event.POWER_FAIL in told:
        return NOT_STARTED
    if instance.state != "RUNNING":
        return f"left {instance.state}"
    return (
        NOT_COPIED if Event.DISTRIBUTION_FAIL in told else DONE if Event.DISTRIBUTED in told else now.status
    )


@pytest.mark.parametrize(("fault", "named"), TABLE, ids=lambda each: str(each))
async def test_every_fault_at_every_call_comes_to_its_named_end(
    cabin: House, fault: dict[str, object], named: str
) -> None:
    on_desktop = fault.get("operation") in (STOP_DESKTOP, START_DESKTOP)
    request = await cabin.approved(
        instance=DESKTOP if on_desktop else INSTANCE, stop_first=True, regions=REGIONS
    )
    async with wired(cabin) as local:
        local.instances.seconds = 0.0
        local.instances.set_state(request.image.instance_id, "RUNNING")
        local.faults.add(**fault)  # type: ignore[arg-type]  # a row of the table
        for stride in (*[10.0] * 20, *[120.0] * 10, *[1800.0] * 13):
            await cabin.settle()
            cabin.clock.advance(stride)
            if await outcome(cabin, request, local) == named == DONE:
                break
        await cabin.settle()
        assert await outcome(cabin, request, local) == named
        images = local.ledger.of("CreateImageByInstance")
        assert len(list(local.images)) == len([each for each in images if each.made]) <= 1
        stops = [each.number for operation in STOPS for each in local.ledger.of(operation)]
        assert not images or max(stops) < images[0].number


async def test_a_copy_that_fails_in_one_region_leaves_the_other(cabin: House) -> None:
    request = await cabin.approved(regions=REGIONS)
    async with wired(cabin) as local:
        local.faults.add(Kind.DISTRIBUTION_FAILS)
        for _ in range(6):
            await cabin.settle()
            cabin.clock.advance(10)
        distribution = (await cabin.get(request)).attempt.distribution
        failures = [
            told
            for each in cabin.notifier.order
            for told in each.told
            if told.event == Event.DISTRIBUTION_FAIL and each.kind is MessageKind.ENTRY
        ]
    assert distribution is not None
    assert [copy.status for copy in distribution.copies] == ["failed", "available"]
    assert [told.details["code"] for told in failures] == [COPY_FAILED]
