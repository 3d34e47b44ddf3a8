"""Where the pages are silent the local cloud can be either way; where they are not, it is theirs."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from alibabacloud_appstream_center20210901 import models as appstream  # type: ignore[import-untyped]  # SDK without types
from alibabacloud_appstream_center20210901.client import Client as AppStream  # type: ignore[import-untyped]  # SDK without types
from alibabacloud_ecd20200930 import models as ecd  # type: ignore[import-untyped]  # SDK without types
from alibabacloud_ecd20200930.client import Client as Ecd  # type: ignore[import-untyped]  # SDK without types
from alibabacloud_tea_openapi.exceptions import ClientException  # type: ignore[import-untyped]  # SDK without types

from bot.playground.cloud import Account, LocalCloud
from tests.clouds import DESKTOP, WORKSTATION
from tests.playground.cloud.sdk import config, create, listing

RUNNING_DESKTOP = "ecd-7w78ozhjcwa3u0002"


@pytest.fixture
async def local() -> AsyncIterator[LocalCloud]:
    """A cloud where time stands still until it is pushed."""
    async with LocalCloud(speed=0.0, seconds=100.0) as local:
        yield local


async def rows(local: LocalCloud, **filters: Any) -> Any:
    """The rows of ListImage."""
    return (await listing(local, **filters)).data


async def desktops(local: LocalCloud, **filters: Any) -> Any:
    """DescribeDesktops through the official SDK; the answer's body."""
    request = ecd.DescribeDesktopsRequest(region_id="cn-shanghai", **filters)
    return (await Ecd(config(local)).describe_desktops_async(request)).body


@pytest.mark.parametrize("no_flag", ["NoFlag", '["NoFlag"]', ""])
async def test_idle_desktop_says_in_a_flag_that_it_has_none(local: LocalCloud, no_flag: str) -> None:
    """Both forms are on the page; a desktop with real flags has those."""
    local.habits.change({"no_flag": no_flag})
    rows = (await desktops(local)).desktops
    flags = {row.desktop_id: row.management_flags for row in rows}

    assert flags[DESKTOP] == ([no_flag] if no_flag else [])
    assert flags["ecd-7w78ozhjcwa3u0003"] == ["Hibernated"]


@pytest.mark.parametrize(("limit", "kept"), [(256, 256), (1024, 1024), (5000, 2000)])
async def test_description_is_kept_up_to_a_limit(local: LocalCloud, limit: int, kept: int) -> None:
    """How much is not published."""
    local.habits.change({"description_limit": limit})
    await create(local, description="x" * 2000)
    (row,) = await rows(local, image_type="User")

    assert len(row.description) == kept


@pytest.mark.parametrize(
    ("habits", "fields"),
    [
        ({"refuse_description": True, "description_limit": 256}, {"description": "x" * 257}),
        ({"empty_tag_values": False}, {"tag_list": [("team", "")]}),
        ({}, {"tag_list": [("System/owner", "me")]}),
        ({"sub_instance_required": True}, {}),
    ],
    ids=["long description", "empty tag", "system tag", "no session"],
)
async def test_creation_may_be_refused_for_what_no_page_says(
    local: LocalCloud, habits: dict[str, Any], fields: dict[str, Any]
) -> None:
    """And then nothing is made."""
    local.habits.change(habits)
    tags = [appstream.CreateImageByInstanceRequestTagList(*pair) for pair in fields.pop("tag_list", [])]
    with pytest.raises(ClientException) as caught:
        await create(local, tag_list=tags or None, **fields)

    assert caught.value.code in ("InvalidParameter", "MissingSubInstanceId")
    assert len(local.images) == 0


async def test_workstation_with_its_session_is_imaged_when_that_is_required(local: LocalCloud) -> None:
    """A desktop has none to name."""
    local.habits.change({"sub_instance_required": True})
    await create(local, sub_instance_id="p-0cc7s3n1l00001")
    await create(local, DESKTOP)

    assert len(local.images) == 2


@pytest.mark.parametrize(
    ("image_type", "types"),
    [
        (None, {"User", "System", "Shared", "Community"}),
        ("User", {"User"}),
        ("System", {"System"}),
        ("Shared", {"Shared"}),
        ("Community", {"Community"}),
    ],
)
async def test_listing_without_a_type_shows_other_tenants_images_too(
    local: LocalCloud, image_type: str | None, types: set[str]
) -> None:
    """Ours are of the type User."""
    await create(local)

    assert {row.image_type for row in await rows(local, image_type=image_type)} == types


async def test_desktops_come_page_by_page(local: LocalCloud) -> None:
    """Each page names the next, the last none."""
    first = await desktops(local, max_results=2)
    second = await desktops(local, max_results=2, next_token=first.next_token)

    assert (len(first.desktops), len(second.desktops), second.next_token) == (2, 1, None)


async def test_official_sdk_stops_and_starts_a_desktop(local: LocalCloud) -> None:
    """It takes time on the clock, and nobody is connected afterwards."""
    client, states = Ecd(config(local)), []

    async def look() -> None:
        (row,) = (await desktops(local, desktop_id=[RUNNING_DESKTOP])).desktops
        states.append((row.desktop_status, row.connection_status, len(row.sessions)))

    await look()
    await client.stop_desktops_async(
        ecd.StopDesktopsRequest(region_id="cn-shanghai", desktop_id=[RUNNING_DESKTOP])
    )
    await look()
    local.clock.advance(60)
    await look()
    await client.start_desktops_async(
        ecd.StartDesktopsRequest(region_id="cn-shanghai", desktop_id=[RUNNING_DESKTOP])
    )
    await look()
    local.clock.advance(60)
    await look()

    assert states == [
        ("Running", "Connected", 1),
        ("Stopping", "Disconnected", 0),
        ("Stopped", "Disconnected", 0),
        ("Starting", "Disconnected", 0),
        ("Running", "Connected", 1),
    ]


@pytest.mark.parametrize(
    ("ids", "region", "code"),
    [
        ([DESKTOP], "cn-shanghai", "IncorrectDesktopStatus"),
        ([RUNNING_DESKTOP, DESKTOP], "cn-shanghai", "IncorrectDesktopStatus"),
        (["ecd-nope"], "cn-shanghai", "InvalidDesktopId.NotFound"),
        ([RUNNING_DESKTOP], "cn-hangzhou", "InvalidDesktopId.NotFound"),
        ([WORKSTATION], "cn-shanghai", "InvalidDesktopId.NotFound"),
        (None, "cn-shanghai", "MissingParameter"),
        ([RUNNING_DESKTOP], None, "MissingRegionId"),
    ],
)
async def test_stop_that_cannot_be_is_refused_and_stops_none(
    local: LocalCloud, ids: list[str] | None, region: str | None, code: str
) -> None:
    """All of them or none."""
    with pytest.raises(ClientException) as caught:
        await Ecd(config(local)).stop_desktops_async(
            ecd.StopDesktopsRequest(region_id=region, desktop_id=ids)
        )

    assert caught.value.code == code
    assert [it.state for it in local.instances if it.instance_id == RUNNING_DESKTOP] == ["RUNNING"]


@pytest.mark.parametrize("regions", [None, ["mars-1"], ["cn-beijing", "mars-1"]])
async def test_copy_to_nowhere_is_refused(local: LocalCloud, regions: list[str] | None) -> None:
    """Regions are those that ListRegions names."""
    made = await create(local)
    local.clock.advance(100)
    with pytest.raises(ClientException, match="DestinationRegionList"):
        await AppStream(config(local)).start_task_for_distribute_image_async(
            appstream.StartTaskForDistributeImageRequest(
                image_id=made.data.image_id, destination_region_list=regions
            )
        )


async def test_official_sdk_reads_the_regions_of_both_services(local: LocalCloud) -> None:
    """They are the same ones."""
    ours = await AppStream(config(local)).list_regions_async(appstream.ListRegionsRequest())
    theirs = await Ecd(config(local)).describe_regions_async(
        ecd.DescribeRegionsRequest(region_id="cn-shanghai")
    )
    ids = {row.region_id for row in ours.body.region_models}

    assert ids == {row.region_id for row in theirs.body.regions}
    assert {"cn-shanghai", "ap-southeast-1"} <= ids


async def test_permission_is_refused_in_rams_words_and_granted_again() -> None:
    """With who lacked which action of which service, and why."""
    async with LocalCloud(accounts=[Account(forbidden=frozenset({"DescribeDesktops"}))]) as local:
        with pytest.raises(ClientException) as caught:
            await desktops(local)
        local.accounts.set_all(forbidden=())
        allowed = await desktops(local)
    detail = caught.value.access_denied_detail

    assert (caught.value.code, caught.value.status_code) == ("NoPermission", 403)
    assert (detail["AuthAction"], detail["NoPermissionType"]) == ("ecd:DescribeDesktops", "ImplicitDeny")
    assert len(allowed.desktops) == 3


async def test_everything_is_set_from_outside_as_well(local: LocalCloud) -> None:
    """Tokens expire, operations are forbidden, habits change: each alone, the others stay."""
    async with httpx.AsyncClient(base_url=f"{local.url}/_control", trust_env=False) as control:
        await control.post("/settings", json={"expired": True})
        expired = {account.expired for account in local.accounts}
        await control.post("/settings", json={"expired": False, "forbidden": ["ListImage"]})
        await control.post("/settings", json={"keep_tags": False, "power_seconds": 9})
        wrong = await control.post("/settings", json={"keep_tags": "no"})
        state = (await control.get("/state")).json()

    assert expired == {True}
    assert [account.forbidden for account in local.accounts] == [frozenset({"ListImage"})]
    assert (state["habits"]["keep_tags"], local.instances.seconds) == (False, 9.0)
    assert wrong.status_code == 400


async def test_those_who_watch_see_a_machine_turn_by_itself() -> None:
    """A live page need not poll."""
    async with LocalCloud(seconds=30.0, speed=100.0) as local:
        local.instances.turn(RUNNING_DESKTOP, "STOPPED")
        local.changes.happened()
        await local.changes.until(lambda: [it.state for it in local.instances].count("RUNNING") == 1)
        await local.changes.until(
            lambda: next(it.state for it in local.instances if it.instance_id == RUNNING_DESKTOP) == "STOPPED"
        )


async def test_everything_unusual_is_told_and_switched_off_again(local: LocalCloud) -> None:
    """For a page: what is on, in words."""
    local.images.lag = 9.0
    local.habits.change({"keep_tags": False})
    local.accounts.set_all(expired=True, forbidden=["ListImage"])
    told = local.unusual()
    local.as_usual()

    assert told == [
        "keep_tags is False",
        "the listing lags 9 s",
        "the keys have expired",
        "ListImage is forbidden",
    ]
    assert local.unusual() == []
