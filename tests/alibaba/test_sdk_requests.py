"""Each operation that the bot calls is the request that the official SDK makes, in name, place and value."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from alibabacloud_appstream_center20210901 import models as appstream  # type: ignore[import-untyped]  # SDK without types
from alibabacloud_appstream_center20210901.client import Client as AppStream  # type: ignore[import-untyped]  # SDK without types
from alibabacloud_ecd20200930 import models as ecd  # type: ignore[import-untyped]  # SDK without types
from alibabacloud_ecd20200930.client import Client as Ecd  # type: ignore[import-untyped]  # SDK without types
from alibabacloud_tea_openapi.utils_models import Config  # type: ignore[import-untyped]  # SDK without types

from bot.playground.cloud import Call, LocalCloud
from bot.ports import Instance
from tests.clouds import DESKTOP, WORKSTATION, client_of, image

RUNNING_WORKSTATION, RUNNING_DESKTOP = "ws-0buj1s9gm000002", "ecd-7w78ozhjcwa3u0002"
Ask = Callable[[Any], Awaitable[object]]


@pytest.fixture
async def local() -> AsyncIterator[LocalCloud]:
    """A cloud where time stands still until it is pushed, with one image that is done."""
    async with LocalCloud(speed=0.0, seconds=100.0) as local:
        local.images.begin({"InstanceId": WORKSTATION}, datetime.now(UTC), fails=False)
        local.clock.advance(100)
        yield local


async def machine(cloud: Any, instance_id: str) -> Instance:
    """An instance that is there."""
    found: Instance = await cloud.instance(image(instance_id))
    return found


async def stop(cloud: Any, instance_id: str) -> None:
    """Look, then stop."""
    await cloud.stop_instance(await machine(cloud, instance_id))


async def start(cloud: Any, instance_id: str) -> None:
    """Look, then start."""
    await cloud.start_instance(await machine(cloud, instance_id))


CASES: list[tuple[str, Ask, Any]] = [
    (
        "ListWuyingServer",
        lambda cloud: cloud.instance(image(WORKSTATION)),
        appstream.ListWuyingServerRequest(wuying_server_id_list=[WORKSTATION], page_number=1, page_size=1),
    ),
    (
        "ListWuyingServer",
        lambda cloud: cloud.instances(),
        appstream.ListWuyingServerRequest(page_number=1, page_size=100),
    ),
    (
        "StopWuyingServer",
        lambda cloud: stop(cloud, RUNNING_WORKSTATION),
        appstream.StopWuyingServerRequest(wuying_server_id_list=[RUNNING_WORKSTATION], force=False),
    ),
    (
        "StartWuyingServer",
        lambda cloud: start(cloud, WORKSTATION),
        appstream.StartWuyingServerRequest(wuying_server_id_list=[WORKSTATION]),
    ),
    (
        "ListImage",
        lambda cloud: cloud.image("imgc-1"),
        appstream.ListImageRequest(image_id="imgc-1", page_number=1, page_size=100),
    ),
    (
        "ListImage",
        lambda cloud: cloud.find_images("r-1"),
        appstream.ListImageRequest(
            image_type="User",
            page_number=1,
            page_size=100,
            tag_list=[appstream.ListImageRequestTagList(key="image-bot-request", value="r-1")],
        ),
    ),
    (
        "ListImage",
        lambda cloud: cloud.images_by_id(["imgc-1", "imgc-2"]),
        appstream.ListImageRequest(image_type="User", status="CREATING", page_number=1, page_size=100),
    ),
    (
        "StartTaskForDistributeImage",
        lambda cloud: cloud.distribute_image("IMAGE", ["cn-beijing", "eu-central-1"]),
        appstream.StartTaskForDistributeImageRequest(
            image_id="IMAGE", destination_region_list=["cn-beijing", "eu-central-1"]
        ),
    ),
    ("ListRegions", lambda cloud: cloud.regions(), appstream.ListRegionsRequest()),
    (
        "DescribeDesktops",
        lambda cloud: cloud.instance(image(DESKTOP)),
        ecd.DescribeDesktopsRequest(region_id="cn-shanghai", desktop_id=[DESKTOP]),
    ),
    (
        "DescribeDesktops",
        lambda cloud: cloud.instances(),
        ecd.DescribeDesktopsRequest(region_id="cn-shanghai", max_results=100),
    ),
    (
        "StopDesktops",
        lambda cloud: stop(cloud, RUNNING_DESKTOP),
        ecd.StopDesktopsRequest(
            region_id="cn-shanghai", desktop_id=[RUNNING_DESKTOP], stopped_mode="KeepCharging"
        ),
    ),
    (
        "StartDesktops",
        lambda cloud: start(cloud, DESKTOP),
        ecd.StartDesktopsRequest(region_id="cn-shanghai", desktop_id=[DESKTOP]),
    ),
]


@pytest.mark.parametrize(
    ("operation", "ask", "request_of_the_sdk"), CASES, ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)]
)
async def test_request_is_the_one_that_the_official_sdk_makes(
    local: LocalCloud, operation: str, ask: Ask, request_of_the_sdk: Any
) -> None:
    """Every parameter where the SDK puts it, as the SDK writes it; both signatures hold."""
    ours = await first_of(local, operation, asked_by_us(local, ask))
    theirs = await first_of(local, operation, asked_by_the_sdk(local, request_of_the_sdk))

    assert (ours.version, ours.parameters, ours.in_query) == (
        theirs.version,
        theirs.parameters,
        theirs.in_query,
    )
    assert (ours.verdict, theirs.verdict) == ("ok", "ok")


async def first_of(local: LocalCloud, operation: str, asked: Awaitable[object]) -> Call:
    """The first call of the operation that asking makes; whether the cloud then refuses it is no matter."""
    before = len(local.ledger.of(operation))
    try:
        await asked
    except Exception as refused:  # noqa: BLE001 - of either library
        assert "Image.NotExist" in str(refused) or "IncorrectDesktopStatus" in str(refused)  # noqa: PT017
    return local.ledger.of(operation)[before]


async def asked_by_us(local: LocalCloud, ask: Ask) -> None:
    """The bot's client."""
    cloud = client_of(local, stopped_mode="KeepCharging")
    try:
        await ask(cloud)
    finally:
        await cloud.aclose()


async def asked_by_the_sdk(local: LocalCloud, request: Any) -> None:
    """The SDK's client, by the name of the request's class."""
    name = type(request).__name__.removesuffix("Request")
    service = Ecd if type(request).__module__.startswith("alibabacloud_ecd") else AppStream
    method = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).strip("_")
    config = Config(
        access_key_id=local.account.access_key_id,
        access_key_secret=local.account.access_key_secret,
        endpoint=local.url.removeprefix("http://"),
        protocol="http",
        region_id="cn-shanghai",
    )
    await getattr(service(config), f"{method}_async")(request)
