"""The port to the cloud, on the wire to the local one: each parameter sent, each answer understood."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.tags import Tag
from bot.playground.cloud import Kind, LocalCloud
from bot.ports import Cloud, ImageStatus, InstanceState
from tests.clouds import DESKTOP, WORKSTATION, client_of, image


@pytest.mark.parametrize(
    ("instance_id", "fields", "parameters"),
    [
        (WORKSTATION, {}, {}),
        (WORKSTATION, {"image_name": "a b~*+&=镜像"}, {"ImageName": "a b~*+&=镜像"}),
        (WORKSTATION, {"description": "some words 😀"}, {"Description": "some words 😀"}),
        (WORKSTATION, {"sub_instance_id": "p-0cc7s3n1l00001"}, {"SubInstanceId": "p-0cc7s3n1l00001"}),
        (WORKSTATION, {"disk_type": "ALL"}, {"DiskType": "ALL"}),
        (DESKTOP, {"disk_type": "SYSTEM"}, {"DiskType": "SYSTEM"}),
        (DESKTOP, {"auto_clean_userdata": True}, {"AutoCleanUserdata": "true"}),
        (DESKTOP, {"auto_clean_userdata": False}, {"AutoCleanUserdata": "false"}),
        (DESKTOP, {"tags": "team=a b"}, {"TagList.1.Key": "team", "TagList.1.Value": "a b"}),
        (
            DESKTOP,
            {"tags": "a=1,b=团队"},
            {"TagList.1.Key": "a", "TagList.1.Value": "1", "TagList.2.Key": "b", "TagList.2.Value": "团队"},
        ),
    ],
)
async def test_documented_parameter_arrives_as_it_was_asked_for(
    local: LocalCloud, cloud: Cloud, instance_id: str, fields: dict[str, Any], parameters: dict[str, str]
) -> None:
    """Nothing is sent that was not asked for, and every signature holds."""
    await cloud.create_image(image(instance_id, **fields))
    (call,) = local.ledger

    kind = "WuyingServer" if instance_id == WORKSTATION else "CloudDesktop"
    assert call.verdict == "ok"
    assert call.parameters == {"InstanceId": instance_id, "InstanceType": kind} | parameters


async def test_parameters_that_are_not_public_are_sent_when_the_operator_says_so(
    local: LocalCloud, cloud: Cloud
) -> None:
    """BizType and ProductType come from settings."""
    await cloud.create_image(image().model_copy(update={"biz_type": 1, "product_type": "WuyingServer"}))
    (call,) = local.ledger

    assert (call.parameters["BizType"], call.parameters["ProductType"]) == ("1", "WuyingServer")


async def test_parameter_of_the_sdk_alone_is_sent_when_the_operator_says_so(local: LocalCloud) -> None:
    """CopyProfile is on no reference page."""
    cloud = client_of(local, extras={"CopyProfile": "true"})
    await cloud.create_image(image())
    await cloud.aclose()
    (call,) = local.ledger

    assert call.parameters["CopyProfile"] == "true"


async def test_creation_is_the_clouds_receipt(local: LocalCloud, cloud: Cloud) -> None:
    """Image, version, task and the request id to quote to support."""
    made = await cloud.create_image(image())
    (call,) = local.ledger
    data = call.response["Data"]

    assert (made.image_id, made.version_id, made.task_id) == (
        data["ImageId"],
        data["VersionId"],
        data["TaskId"],
    )
    assert made.cloud_request_id == call.request_id


async def test_image_is_seen_growing(local: LocalCloud, cloud: Cloud) -> None:
    """ListImage is the completion signal; progress is in percent."""
    made = await cloud.create_image(image(image_name="golden"))
    seen = []
    for _ in range(4):
        found = await cloud.image(made.image_id)
        assert found is not None
        seen.append((found.status, found.progress))
        local.clock.advance(45)

    assert seen == [
        (ImageStatus.INIT, 0),
        (ImageStatus.CREATING, 45),
        (ImageStatus.CREATING, 90),
        (ImageStatus.AVAILABLE, 100),
    ]


async def test_image_that_could_not_be_made_ends_as_failed(local: LocalCloud, cloud: Cloud) -> None:
    """The call succeeds, the image does not."""
    local.faults.add(Kind.CREATION_FAILS)
    made = await cloud.create_image(image())
    local.clock.advance(100)
    found = await cloud.image(made.image_id)

    assert found is not None
    assert found.status is ImageStatus.CREATE_FAILED


async def test_image_that_the_cloud_does_not_know_is_none(cloud: Cloud) -> None:
    """Not an error: a listing lags."""
    assert await cloud.image("imgc-nope") is None


@pytest.mark.parametrize(
    "fields",
    [
        {"description": "[req-7] asked by A"},
        {"description": "req-7: asked by A"},
        {"tags": (Tag(key="image-bot-request", value="req-7"),)},
        {
            "description": "[req-7] asked by A",
            "tags": (Tag(key="team", value="a"), Tag(key="image-bot-request", value="req-7")),
        },
    ],
    ids=["description", "description without brackets", "tag", "both"],
)
async def test_image_is_found_by_its_mark(local: LocalCloud, cloud: Cloud, fields: dict[str, Any]) -> None:
    """As a tag or at the beginning of its description: either may be lost at the cloud."""
    made = await cloud.create_image(image(image_name="golden").model_copy(update=fields))
    (found,) = await cloud.find_images("req-7")

    assert (found.image_id, found.name) == (made.image_id, "golden")
    assert await cloud.find_images("req-8") == ()
    assert {call.verdict for call in local.ledger} == {"ok"}


@pytest.mark.parametrize("description", ["[req-71]", "[req-7.2]", "req-7-2", "see [req-7]", "REQ-7", ""])
async def test_mark_counts_only_whole_and_only_at_the_beginning(cloud: Cloud, description: str) -> None:
    """People write descriptions, and request IDs are on cards."""
    await cloud.create_image(image(description=description))

    assert await cloud.find_images("req-7") == ()


async def test_all_images_with_the_mark_are_returned_newest_first(local: LocalCloud, cloud: Cloud) -> None:
    """Which of several is the right one is for the caller to say, who needs their names, times and tags."""
    moment = datetime(2026, 11, 21, tzinfo=UTC)
    parameters = {"InstanceId": WORKSTATION, "Description": "[req-7]", "ImageName": "golden"}
    newest = local.images.begin(parameters, moment + timedelta(hours=1), fails=False)
    oldest = local.images.begin(parameters, moment, fails=False)
    found = await cloud.find_images("req-7")

    assert [image.image_id for image in found] == [newest.image_id, oldest.image_id]
    assert [image.name for image in found] == ["golden"] * 2
    assert [image.created_at for image in found] == [moment + timedelta(hours=1), moment]


async def test_image_is_found_on_any_page(local: LocalCloud, cloud: Cloud) -> None:
    """250 images are three pages, newest first; the mark is on the oldest. By tag, none is one page."""
    for number in range(250):
        description = "[req-7]" if number == 0 else ""
        local.images.begin({"InstanceId": "ws-1", "Description": description}, datetime.now(UTC), fails=False)

    assert len(await cloud.find_images("req-7")) == 1
    assert len(local.ledger) == 1 + 3


async def test_lagging_listing_shows_an_image_only_later(local: LocalCloud, cloud: Cloud) -> None:
    """That nothing is found does not yet mean that nothing was made."""
    local.images.lag = 60.0
    made = await cloud.create_image(image(description="[req-7]"))
    before = (await cloud.image(made.image_id), await cloud.find_images("req-7"))
    local.clock.advance(60)
    after = await cloud.find_images("req-7")

    assert before == (None, ())
    assert [image.image_id for image in after] == [made.image_id]


@pytest.mark.parametrize(
    ("instance_id", "state", "text", "sessions"),
    [
        (WORKSTATION, InstanceState.STOPPED, "STOPPED", ("p-0cc7s3n1l00001",)),
        ("ws-0buj1s9gm000002", InstanceState.RUNNING, "RUNNING", ("p-0cc7s3n1l00002", "p-0cc7s3n1l00003")),
        (DESKTOP, InstanceState.STOPPED, "Stopped", ()),
        ("ecd-7w78ozhjcwa3u0002", InstanceState.RUNNING, "Running", ()),
        ("ecd-7w78ozhjcwa3u0003", InstanceState.OTHER, "Stopped, Hibernated", ()),
    ],
)
async def test_instance_tells_whether_it_is_stopped(
    cloud: Cloud, instance_id: str, state: InstanceState, text: str, sessions: tuple[str, ...]
) -> None:
    """ListWuyingServer for workstations, ecd DescribeDesktops for desktops; hibernated is not stopped."""
    found = await cloud.instance(image(instance_id))

    assert found is not None
    assert (found.instance_id, found.state, found.state_text) == (instance_id, state, text)
    assert found.sub_instances == sessions
    assert found.name


async def test_state_that_no_page_lists_is_not_known_to_be_stopped(local: LocalCloud, cloud: Cloud) -> None:
    """No states of workstations are published."""
    local.instances.set_state(WORKSTATION, "HIBERNATING")
    found = await cloud.instance(image())

    assert found is not None
    assert (found.state, found.state_text) == (InstanceState.OTHER, "HIBERNATING")


@pytest.mark.parametrize("instance_id", ["ws-nope", "ecd-nope"])
async def test_instance_that_the_cloud_does_not_know_is_none(cloud: Cloud, instance_id: str) -> None:
    """It may live in another region."""
    assert await cloud.instance(image(instance_id)) is None
