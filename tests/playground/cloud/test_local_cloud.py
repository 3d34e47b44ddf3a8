"""The local cloud behaves as the reference pages say: operations, quotas, clock, ledger."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from alibabacloud_appstream_center20210901 import models as appstream  # type: ignore[import-untyped]  # SDK without types
from alibabacloud_appstream_center20210901.client import Client as AppStream  # type: ignore[import-untyped]  # SDK without types
from alibabacloud_ecd20200930 import models as ecd  # type: ignore[import-untyped]  # SDK without types
from alibabacloud_ecd20200930.client import Client as Ecd  # type: ignore[import-untyped]  # SDK without types
from alibabacloud_tea_openapi.exceptions import ClientException  # type: ignore[import-untyped]  # SDK without types

from bot.playground.cloud import Call, Kind, LocalCloud, LocalInstance
from bot.playground.cloud.envelopes import DOCUMENTED
from tests.clouds import DESKTOP, WORKSTATION
from tests.playground.cloud.sdk import config, create, listing


@pytest.fixture
async def local() -> AsyncIterator[LocalCloud]:
    """A cloud where time stands still until it is pushed."""
    async with LocalCloud(speed=0.0, seconds=100.0, slots=2) as local:
        yield local


async def refusal(local: LocalCloud, instance_id: str, **fields: Any) -> str:
    """The code that the official SDK reports."""
    with pytest.raises(ClientException) as caught:
        await create(local, instance_id, **fields)
    return str(caught.value.code)


async def test_official_sdk_makes_an_image_and_watches_it(local: LocalCloud) -> None:
    """Every call's signature holds, and the SDK reads every answer."""
    made = await create(local, image_name="a b~*", description="nice", instance_type="WuyingServer")
    local.clock.advance(50)
    (half,) = (await listing(local, image_id=made.data.image_id)).data
    local.clock.advance(50)
    (whole,) = (await listing(local, image_name="b~")).data

    assert (made.success, made.code, made.message) == (True, 200, "NULL")
    assert (half.status, half.image_region_distribute_list[0].progress) == ("CREATING", "50%")
    assert (whole.status, whole.image_name, whole.description) == ("AVAILABLE", "a b~*", "nice")
    assert [call.verdict for call in local.ledger] == ["ok"] * 3


async def test_official_sdk_reads_instances(local: LocalCloud) -> None:
    """ListWuyingServer, and ecd on the same port."""
    servers = await AppStream(config(local)).list_wuying_server_async(
        appstream.ListWuyingServerRequest(wuying_server_id_list=[WORKSTATION])
    )
    desktops = await Ecd(config(local)).describe_desktops_async(
        ecd.DescribeDesktopsRequest(region_id="cn-shanghai", desktop_id=[DESKTOP])
    )
    (server,), (desktop,) = servers.body.wuying_server_list, desktops.body.desktops

    assert (server.wuying_server_id, server.status) == (WORKSTATION, "STOPPED")
    assert [session.instance_id for session in server.instance_info_list] == ["p-0cc7s3n1l00001"]
    assert (desktop.desktop_id, desktop.desktop_status) == (DESKTOP, "Stopped")


async def test_sdks_spelling_of_tags_and_booleans_is_understood(local: LocalCloud) -> None:
    """Tags travel in the query; booleans are True and False."""
    tag = appstream.CreateImageByInstanceRequestTagList(key="team", value="a b")
    await create(local, DESKTOP, auto_clean_userdata=True, tag_list=[tag])
    wanted = appstream.ListImageRequestTagList(key="team", value="a b")
    other = appstream.ListImageRequestTagList(key="team", value="b")

    assert next(iter(local.ledger)).parameters["AutoCleanUserdata"] == "True"
    assert (await listing(local, tag_list=[wanted])).count == 1
    assert (await listing(local, tag_list=[other])).count == 0


@pytest.mark.parametrize(
    ("instance_id", "fields", "code"),
    [
        ("ws-nope", {}, "Instance.NotFound"),
        ("ws-nope", {"instance_type": "WuyingServer"}, "Instance.NotFound"),
        ("ecd-nope", {"instance_type": "CloudDesktop"}, "DesktopInstance.NotFound"),
        (WORKSTATION, {"instance_type": "CloudDesktop"}, "DesktopInstance.NotFound"),
        (WORKSTATION, {"sub_instance_id": "p-nope"}, "Instance.NotFound"),
        (WORKSTATION, {"instance_type": "Server"}, "InvalidParameter"),
        (WORKSTATION, {"disk_type": "DATA"}, "InvalidParameter"),
        ("ws-old", {}, "Instance.ImageUnsupported"),
        ("ws-lost", {}, "Instance.PhysicalNodeNotExist"),
    ],
)
async def test_creation_that_cannot_be_is_refused_with_the_documented_code(
    local: LocalCloud, instance_id: str, fields: dict[str, Any], code: str
) -> None:
    """And nothing is made."""
    local.instances.put(LocalInstance("ws-old", image_supported=False))
    local.instances.put(LocalInstance("ws-lost", node_exists=False))

    assert await refusal(local, instance_id, **fields) == code
    assert len(local.images) == 0


@pytest.mark.parametrize("code", sorted(DOCUMENTED))
async def test_official_sdk_reads_every_documented_code(local: LocalCloud, code: str) -> None:
    """All 14, with the page's message."""
    local.faults.add(Kind.ERROR, code=code)
    with pytest.raises(ClientException) as caught:
        await create(local)

    assert (caught.value.code, caught.value.status_code) == (code, 400)
    assert DOCUMENTED[code] in caught.value.message


async def test_instance_makes_one_image_at_a_time(local: LocalCloud) -> None:
    """The second has to wait for the first."""
    await create(local)
    code = await refusal(local, WORKSTATION)
    local.clock.advance(100)
    await create(local)

    assert code == "ImageCreateByInstance.TaskExist"
    assert len(local.images) == 2


async def test_builders_are_limited(local: LocalCloud) -> None:
    """Two slots, three instances."""
    await create(local)
    await create(local, DESKTOP)
    code = await refusal(local, "ws-0buj1s9gm000002")
    local.clock.advance(100)
    await create(local, "ws-0buj1s9gm000002")

    assert code == "ExceedBuilderQuota"


async def test_listing_is_paged_newest_first(local: LocalCloud) -> None:
    """Ten a page unless asked otherwise."""
    for number in range(12):
        local.images.begin({"InstanceId": "ws-1", "ImageName": f"n{number}"}, datetime.now(UTC), fails=False)
    first = await listing(local, image_type="User")
    second = await listing(local, image_type="User", page_number=2, page_size=5)

    assert (first.count, len(first.data), first.data[0].image_name) == (12, 10, "n11")
    assert [image.image_name for image in second.data] == ["n6", "n5", "n4", "n3", "n2"]


@pytest.mark.parametrize("filters", [{"page_size": 101}, {"page_size": 0}, {"page_number": 0}])
async def test_page_out_of_bounds_is_refused(local: LocalCloud, filters: dict[str, int]) -> None:
    """100 is the largest page."""
    with pytest.raises(ClientException, match="InvalidParameter"):
        await listing(local, **filters)


async def test_desktops_need_their_region(local: LocalCloud) -> None:
    """Of another region there are none."""
    client = Ecd(config(local))
    elsewhere = await client.describe_desktops_async(ecd.DescribeDesktopsRequest(region_id="cn-beijing"))

    assert elsewhere.body.desktops == []
    with pytest.raises(ClientException, match="MissingRegionId"):
        await client.describe_desktops_async(ecd.DescribeDesktopsRequest())


async def test_ledger_tells_each_call_and_what_it_made(local: LocalCloud) -> None:
    """Also when the answer never arrived."""
    local.faults.add(Kind.RESET_AFTER)
    with pytest.raises(Exception, match=r"disconnected|reset|closed"):
        await create(local)
    (call,) = local.ledger

    assert isinstance(call, Call)
    assert (call.operation, call.verdict, call.fault) == ("CreateImageByInstance", "ok", "reset-after")
    assert (call.status, call.response) == (0, None)
    assert [call.made] == [image.image_id for image in local.images]


async def test_held_answer_is_let_go(local: LocalCloud) -> None:
    """A slow call is answered as soon as somebody says so."""
    local.faults.add(Kind.SLOW)
    asked = asyncio.create_task(create(local))
    await local.changes.until(lambda: any(call.fault == "slow" for call in local.ledger))

    assert len(local.images) == 0

    local.faults.release()

    assert (await asked).success


async def test_switch_is_for_one_operation_and_so_many_calls(local: LocalCloud) -> None:
    """Others go on as ever; then it is off."""
    local.faults.add(Kind.ERROR, "CreateImageByInstance", times=2, code="ExceedBuilderQuota")
    await listing(local)
    codes = [await refusal(local, WORKSTATION) for _ in range(2)]
    await create(local)

    assert codes == ["ExceedBuilderQuota"] * 2
    assert list(local.faults) == []


async def test_cloud_can_go_away_and_come_back_with_all_it_had() -> None:
    """The same port, the same images."""
    local = LocalCloud(speed=0.0)
    url = await local.start()
    await create(local)
    await local.stop()

    assert await local.start() == url
    assert (await listing(local, image_type="User")).count == 1

    await local.stop()


async def test_growing_image_wakes_those_who_watch() -> None:
    """A live page need not poll: changes come by themselves until the image is there."""
    async with LocalCloud(seconds=30.0, speed=100.0) as local:
        made = await create(local)
        image = local.images.get(made.data.image_id)
        assert image is not None
        await local.changes.until(lambda: local.images.status(image) == "AVAILABLE")
