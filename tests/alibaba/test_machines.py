"""Workstations and desktops as the cloud really lists them, and what stopping and starting come to."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.alibaba import instances
from bot.alibaba.instances import desktops, workstations
from bot.domain.image import InstanceType
from bot.errors import CloudBusy, CloudError, CloudRefused, CloudUnknown
from bot.playground.cloud import Kind, LocalCloud, LocalInstance, odd_instances
from bot.ports import Instance, InstanceState
from tests.clouds import DESKTOP, WORKSTATION, client_of, image

RUNNING, STOPPED, OTHER = InstanceState.RUNNING, InstanceState.STOPPED, InstanceState.OTHER
RUNNING_WORKSTATION, RUNNING_DESKTOP = "ws-0buj1s9gm000002", "ecd-7w78ozhjcwa3u0002"


@pytest.fixture
async def local() -> AsyncIterator[LocalCloud]:
    """A cloud where time stands still until it's pushed."""
    async with LocalCloud(speed=0.0, seconds=100.0) as local:
        for instance in odd_instances():
            local.instances.put(instance)
        yield local


@pytest.fixture
async def cloud(local: LocalCloud) -> AsyncIterator[Any]:
    """The port, on the wire, for two regions of desktops."""
    client = client_of(local, regions=("cn-shanghai", "cn-hangzhou"))
    yield client
    await client.aclose()


@pytest.mark.parametrize(
    ("status", "flags", "state", "text"),
    [
        ("Running", ["NoFlag"], RUNNING, "Running"),
        ("Running", ['["NoFlag"]'], RUNNING, "Running"),
        ("Running", '["NoFlag"]', RUNNING, "Running"),
        ("Running", "NoFlag", RUNNING, "Running"),
        ("Running", ["noflag"], RUNNING, "Running"),
        ("Running", [""], RUNNING, "Running"),
        ("Running", [], RUNNING, "Running"),
        ("Running", None, RUNNING, "Running"),
        ("Running", ["UnderMaintenance"], RUNNING, "Running, UnderMaintenance"),
        ("Running", ["NoFlag", "Updating"], RUNNING, "Running, Updating"),
        ("Stopped", ["NoFlag"], STOPPED, "Stopped"),
        ("Stopped", ['["NoFlag"]'], STOPPED, "Stopped"),
        ("Stopped", ["Hibernated"], OTHER, "Stopped, Hibernated"),
        ("Stopped", '["Hibernated"]', OTHER, "Stopped, Hibernated"),
        ("Stopped", "Hibernated", OTHER, "Stopped, Hibernated"),
        ("Stopped", "[Hibernated", OTHER, "Stopped, Hibernated"),
        ("Stopped", "[" * 5_000, STOPPED, "Stopped"),
        ("Stopped", ["[" * 5_000 + "Hibernated"], OTHER, "Stopped, Hibernated"),
        ("Stopping", ["NoFlag"], InstanceState.STOPPING, "Stopping"),
        ("Starting", ["WakingUp"], InstanceState.STARTING, "Starting, WakingUp"),
        ("Expired", ["NoFlag"], OTHER, "Expired"),
        ("Rebuilding", None, OTHER, "Rebuilding"),
        ("", None, OTHER, ""),
    ],
)
def test_no_flag_is_none_and_no_flag_hides_running(
    status: str, flags: object, state: InstanceState, text: str
) -> None:
    """Only Stopped without a flag is known to be safe."""
    row = {"DesktopId": "ecd-1", "DesktopStatus": status, "ManagementFlags": flags}
    (desktop,) = desktops({"Desktops": [row]}, "cn-shanghai")

    assert (desktop.state, desktop.state_text) == (state, text)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("RUNNING", RUNNING),
        ("Running", RUNNING),
        ("STOPPED", STOPPED),
        ("STOPPING", InstanceState.STOPPING),
        ("HIBERNATED", OTHER),
        ("UNAVAILABLE", OTHER),
        ("", OTHER),
        (None, OTHER),
    ],
)
def test_workstation_is_safe_only_when_it_says_stopped(status: str | None, state: InstanceState) -> None:
    """No list of states is published; the cloud's own word is kept."""
    (found,) = workstations({"WuyingServerList": [{"WuyingServerId": "ws-1", "Status": status}]})

    assert (found.state, found.state_text) == (state, status or "")


@pytest.mark.parametrize("body", [{}, {"WuyingServerList": None}, {"WuyingServerList": [None, {}, 1]}])
def test_rows_that_are_none_are_passed_over(body: dict[str, Any]) -> None:
    """The cloud leaves empty lists out."""
    assert workstations(body) == desktops({"Desktops": body.get("WuyingServerList")}, "x") == []


@pytest.mark.parametrize(
    ("instance_id", "expected"),
    [
        (
            RUNNING_WORKSTATION,
            Instance(
                RUNNING_WORKSTATION,
                "render-farm",
                InstanceType.WUYING_SERVER,
                RUNNING,
                "RUNNING",
                "Linux",
                "cn-shanghai",
                "imgc-system-base",
                ("p-0cc7s3n1l00002", "p-0cc7s3n1l00003"),
                ("render.bot",),
            ),
        ),
        (
            RUNNING_DESKTOP,
            Instance(
                RUNNING_DESKTOP,
                "support-desktop",
                InstanceType.CLOUD_DESKTOP,
                RUNNING,
                "Running",
                "Windows",
                "cn-shanghai",
                "imgc-system-base",
                (),
                ("sam.support",),
            ),
        ),
    ],
)
async def test_instance_tells_name_sessions_region_image_and_who_is_connected(
    cloud: Any, instance_id: str, expected: Instance
) -> None:
    """Everything that a card or a picker shows."""
    assert await cloud.instance(image(instance_id)) == expected


async def test_desktop_is_found_in_any_region_of_the_settings(cloud: Any) -> None:
    """Desktops are regional, images are not."""
    found = await cloud.instance(image("ecd-7w78ozhjcwa3u0015"))

    assert (found.name, found.region) == ("设计工作站", "cn-hangzhou")


async def test_desktop_is_missing_only_when_every_region_has_said_so(local: LocalCloud, cloud: Any) -> None:
    """A region that doesn't answer leaves it open; one that has it decides all the same."""
    missing = await cloud.instance(image("ecd-nope"))
    local.faults.add(Kind.ERROR, "DescribeDesktops", times=1, code="Forbidden.RAM")
    with pytest.raises(CloudRefused):
        await cloud.instance(image("ecd-nope"))
    local.faults.add(Kind.ERROR, "DescribeDesktops", times=1, code="Forbidden.RAM")
    answered = 0
    for _ in range(2):
        try:
            answered += await cloud.instance(image(DESKTOP)) is not None
        except CloudRefused:
            continue

    assert missing is None
    assert answered >= 1


async def test_id_of_another_shape_is_asked_for_by_name_or_id(local: LocalCloud, cloud: Any) -> None:
    """The list of IDs may not find `aig-…`, or refuse it."""
    wanted = image("aig-5k2v7n0001", instance_type="WuyingServer")
    found = await cloud.instance(wanted)
    local.faults.add(Kind.ERROR, "ListWuyingServer", code="InvalidParameter")
    after_refusal = await cloud.instance(wanted)

    assert found is not None
    assert found == after_refusal
    assert found.sub_instances == ("p-0cc7s3n1l00009",)


async def test_machine_whose_name_is_the_id_of_another_is_not_taken_for_it(
    local: LocalCloud, cloud: Any
) -> None:
    """Asked by name or ID, the ID decides."""
    local.instances.put(LocalInstance("ws-other", "ws-gone"))

    assert await cloud.instance(image("ws-gone")) is None


@pytest.mark.parametrize("instance_id", [RUNNING_WORKSTATION, RUNNING_DESKTOP])
async def test_machine_is_stopped_and_started_and_takes_its_time(
    local: LocalCloud, cloud: Any, instance_id: str
) -> None:
    """Only the state tells how far it is."""
    states = []

    async def look() -> Instance:
        found: Instance = await cloud.instance(image(instance_id))
        states.append(found.state)
        return found

    await cloud.stop_instance(await look())
    stopping = await look()
    local.clock.advance(60)
    await cloud.start_instance(await look())
    await look()
    local.clock.advance(60)
    await look()

    assert states == [
        RUNNING,
        InstanceState.STOPPING,
        STOPPED,
        InstanceState.STARTING,
        RUNNING,
    ]
    assert stopping.users == ()


async def test_stop_is_never_forced_and_says_the_mode_of_the_settings(local: LocalCloud) -> None:
    """Force in its page's spelling; StoppedMode only when the operator set it."""
    default, keeping = client_of(local), client_of(local, stopped_mode="KeepCharging")
    workstation = await default.instance(image(RUNNING_WORKSTATION))
    desktop = await default.instance(image(RUNNING_DESKTOP))
    assert workstation is not None
    assert desktop is not None
    await default.stop_instance(workstation)
    await keeping.stop_instance(desktop)
    await default.aclose()
    await keeping.aclose()
    (first,), (second,) = local.ledger.of("StopWuyingServer"), local.ledger.of("StopDesktops")

    assert first.parameters == {"WuyingServerIdList.1": RUNNING_WORKSTATION, "Force": "False"}
    assert second.parameters == {
        "RegionId": "cn-shanghai",
        "DesktopId.1": RUNNING_DESKTOP,
        "StoppedMode": "KeepCharging",
    }
    assert instances.power_query("ecd-1", "cn-shanghai") == {
        "RegionId": "cn-shanghai",
        "DesktopId.1": "ecd-1",
    }


POWER_FAULTS = [
    (Kind.THROTTLE, CloudBusy, "Throttling.User", False),
    (Kind.ERROR, CloudUnknown, "InternalError", False),
    (Kind.UNSUCCESSFUL, CloudUnknown, "InternalError", False),
    (Kind.XML_ERROR, CloudUnknown, "InternalError", False),
    (Kind.TIMEOUT_BEFORE, CloudUnknown, "Timeout", False),
    (Kind.TIMEOUT_AFTER, CloudUnknown, "Timeout", True),
    (Kind.RESET_BEFORE, CloudUnknown, "RemoteProtocolError", False),
    (Kind.RESET_AFTER, CloudUnknown, "RemoteProtocolError", True),
    (Kind.SERVER_ERROR_BEFORE, CloudUnknown, "ServiceUnavailable", False),
    (Kind.SERVER_ERROR_AFTER, CloudUnknown, "ServiceUnavailable", True),
    (Kind.HTML_BEFORE, CloudUnknown, "HTTP 502", False),
    (Kind.HTML_AFTER, CloudUnknown, "HTTP 502", True),
]


@pytest.mark.parametrize(("kind", "raises", "code", "done"), POWER_FAULTS)
@pytest.mark.parametrize("instance_id", [RUNNING_WORKSTATION, RUNNING_DESKTOP, WORKSTATION, DESKTOP])
async def test_fault_of_a_stop_or_start_has_a_name_and_is_never_sent_again(
    local: LocalCloud, instance_id: str, kind: Kind, raises: type[CloudError], code: str, done: bool
) -> None:
    """The state tells whether it worked."""
    seconds = 0.3 if kind in (Kind.TIMEOUT_BEFORE, Kind.TIMEOUT_AFTER) else 30.0
    cloud = client_of(local, seconds=seconds)
    (instance,) = [it for it in await all_of(local) if it.instance_id == instance_id]
    turn = cloud.stop_instance if instance.state is RUNNING else cloud.start_instance
    before = len(local.ledger)
    local.faults.add(kind)
    with pytest.raises(CloudError) as caught:
        await turn(instance)
    await cloud.aclose()
    after = local.instances.get(instance_id)

    assert (type(caught.value), caught.value.code) == (raises, code)
    assert len(local.ledger) == before + 1
    assert after is not None
    assert (after.state in ("STOPPING", "STARTING")) is done


async def all_of(local: LocalCloud) -> list[Instance]:
    """Every instance there is here."""
    cloud = client_of(local)
    listing = await cloud.instances()
    await cloud.aclose()
    return [row for rows in listing.parts.values() for row in rows]


@pytest.mark.parametrize(
    ("kind", "instance_id", "state"),
    [
        (Kind.NEVER_STOPS, RUNNING_WORKSTATION, InstanceState.STOPPING),
        (Kind.NEVER_STOPS, RUNNING_DESKTOP, InstanceState.STOPPING),
        (Kind.NEVER_STARTS, WORKSTATION, InstanceState.STARTING),
        (Kind.NEVER_STARTS, DESKTOP, InstanceState.STARTING),
    ],
)
async def test_machine_that_gets_stuck_shows_it_in_its_state(
    local: LocalCloud, cloud: Any, kind: Kind, instance_id: str, state: InstanceState
) -> None:
    """The call succeeds, and nothing comes of it."""
    local.faults.add(kind)
    instance = await cloud.instance(image(instance_id))
    await (cloud.stop_instance if instance.state is RUNNING else cloud.start_instance)(instance)
    local.clock.advance(3600)
    found = await cloud.instance(image(instance_id))

    assert found.state is state


@pytest.mark.parametrize("kind", [Kind.STOP_REFUSED, Kind.START_REFUSED])
async def test_turn_that_is_refused_says_to_look_at_the_state_again(
    local: LocalCloud, cloud: Any, kind: Kind
) -> None:
    """A session is open, or somebody was quicker: nothing was done by this call."""
    local.faults.add(kind)
    instance_id = RUNNING_DESKTOP if kind is Kind.STOP_REFUSED else DESKTOP
    instance = await cloud.instance(image(instance_id))
    with pytest.raises(CloudBusy) as caught:
        await (cloud.stop_instance if kind is Kind.STOP_REFUSED else cloud.start_instance)(instance)

    assert (caught.value.code, caught.value.explanation) == ("IncorrectDesktopStatus", "cloud-instance-state")


async def test_machine_that_stopped_meanwhile_is_refused_and_not_stopped_twice(
    local: LocalCloud, cloud: Any
) -> None:
    """Somebody else's stop came first."""
    instance = await cloud.instance(image(RUNNING_DESKTOP))
    local.instances.set_state(RUNNING_DESKTOP, "STOPPED")
    with pytest.raises(CloudBusy):
        await cloud.stop_instance(instance)


async def test_listing_says_which_part_did_not_answer(local: LocalCloud, cloud: Any) -> None:
    """A partial answer is told as one."""
    whole = await cloud.instances()
    local.faults.add(Kind.ERROR, "ListWuyingServer", code="NoPermission")
    partial = await cloud.instances()

    assert (set(whole.parts), dict(whole.failures)) == ({"workstations", "cn-shanghai", "cn-hangzhou"}, {})
    assert (set(partial.parts), dict(partial.failures)) == (
        {"cn-shanghai", "cn-hangzhou"},
        {"workstations": "NoPermission"},
    )


async def test_desktop_of_a_region_that_left_the_settings_is_not_stopped(
    local: LocalCloud, cloud: Any
) -> None:
    """It was looked up before a restart with other settings."""
    found = await cloud.instance(image("ecd-7w78ozhjcwa3u0015"))
    fewer = client_of(local)
    with pytest.raises(CloudRefused, match="cn-hangzhou"):
        await fewer.start_instance(found)
    await fewer.aclose()
