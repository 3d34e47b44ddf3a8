"""The local cloud can be watched and set from another process, over JSON."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.errors import CloudBusy
from bot.playground.cloud import LocalCloud
from tests.clouds import WORKSTATION, client_of, image


@pytest.fixture
async def local() -> AsyncIterator[LocalCloud]:
    """A cloud where time stands still until it is pushed."""
    async with LocalCloud(speed=0.0, seconds=100.0) as local:
        yield local


@pytest.fixture
async def control(local: LocalCloud) -> AsyncIterator[httpx.AsyncClient]:
    """A client of its control endpoint."""
    async with httpx.AsyncClient(base_url=f"{local.url}/_control", trust_env=False) as client:
        yield client


async def test_state_shows_all_there_is(local: LocalCloud, control: httpx.AsyncClient) -> None:
    """Instances, images with their progress, faults, clock and settings."""
    cloud = client_of(local)
    made = await cloud.create_image(image(image_name="golden"))
    await cloud.aclose()
    local.clock.advance(50)
    local.faults.add("throttle", times=3)
    state = (await control.get("/state")).json()

    assert [found["ImageId"] for found in state["images"]] == [made.image_id]
    assert state["images"][0]["ImageRegionDistributeList"][0]["Progress"] == "50%"
    assert len(state["instances"]) == 5
    assert state["faults"][0] | {"kind": "throttle", "times": 3} == state["faults"][0]
    assert state["settings"] == {"seconds": 100.0, "slots": 5, "lag": 0.0}


async def test_ledger_can_be_read_from_where_one_left_off(
    local: LocalCloud, control: httpx.AsyncClient
) -> None:
    """By operation too."""
    cloud = client_of(local)
    await cloud.image("imgc-1")
    await cloud.create_image(image())
    await cloud.aclose()
    later = (await control.get("/ledger", params={"after": 1})).json()
    lists = (await control.get("/ledger", params={"operation": "ListImage"})).json()

    assert [(call["number"], call["operation"]) for call in later] == [(2, "CreateImageByInstance")]
    assert later[0]["made"] == next(iter(local.images)).image_id
    assert [call["number"] for call in lists] == [1]


async def test_fault_is_switched_on_and_all_are_switched_off(
    local: LocalCloud, control: httpx.AsyncClient
) -> None:
    """The same switches as in the process."""
    fault = {"kind": "error", "operation": "CreateImageByInstance", "code": "ExceedBuilderQuota"}
    await control.post("/faults", json=fault)
    cloud = client_of(local)
    with pytest.raises(CloudBusy, match="ExceedBuilderQuota"):
        await cloud.create_image(image())
    await control.post("/faults", json=fault)
    await control.delete("/faults")
    await cloud.create_image(image())
    await cloud.aclose()


async def test_instance_is_started_stopped_and_added(local: LocalCloud, control: httpx.AsyncClient) -> None:
    """By id alone for one that is there."""
    await control.post("/instances", json={"instance_id": WORKSTATION, "state": "RUNNING"})
    await control.post("/instances", json={"instance_id": "ws-new", "sub_instances": ["p-1"]})
    known, new = local.instances.get(WORKSTATION), local.instances.get("ws-new")

    assert known is not None
    assert (known.state, known.name) == ("RUNNING", "design-station")
    assert new is not None
    assert new.sub_instances == ("p-1",)


async def test_clock_and_settings_are_set(local: LocalCloud, control: httpx.AsyncClient) -> None:
    """Each alone, the others stay."""
    await control.post("/clock", json={"advance": 30})
    await control.post("/settings", json={"slots": 1, "lag": 9})

    assert local.clock.now() == 30
    assert (local.images.slots, local.images.lag, local.images.seconds) == (1, 9.0, 100.0)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/faults", {"kind": "no such thing"}),
        ("/faults", {"kind": "error", "nonsense": 1}),
        ("/faults", {"kind": "error", "times": "often"}),
        ("/faults", {"kind": "slow", "seconds": "long"}),
        ("/faults", {}),
        ("/faults", []),
        ("/instances", {"state": "RUNNING"}),
        ("/clock", {"speed": "fast"}),
    ],
)
async def test_what_is_not_understood_is_told_and_changes_nothing(
    local: LocalCloud,
    control: httpx.AsyncClient,
    path: str,
    body: Any,
) -> None:
    """400 with the reason."""
    answer = await control.post(path, json=body)

    assert answer.status_code == 400
    assert answer.json()["error"]
    assert list(local.faults) == []


async def test_page_from_elsewhere_cannot_post(control: httpx.AsyncClient) -> None:
    """A browser sends text across origins without asking, JSON it does not."""
    answer = await control.post("/clock", content='{"advance": 1}', headers={"content-type": "text/plain"})

    assert answer.status_code == 415


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}]
)
async def test_page_whose_name_leads_to_this_machine_reaches_nothing(
    local: LocalCloud, control: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """Neither the switches nor the cloud itself: its keys are the same for everybody."""
    answers = [
        await control.get("/state", headers=headers),
        await control.post("/clock", json={"advance": 1}, headers=headers),
        await control.delete("/faults", headers=headers),
        await control.post(f"{local.url}/", headers=headers),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4


async def test_change_is_told_at_once(local: LocalCloud, control: httpx.AsyncClient) -> None:
    """A long poll; when nothing happens the same count comes back."""
    seen = local.changes.count
    await control.post("/clock", json={"advance": 1})
    told = (await control.get("/changes", params={"seen": seen, "seconds": 10})).json()["count"]
    same = (await control.get("/changes", params={"seen": told, "seconds": 0})).json()["count"]

    assert told > seen
    assert same == told
