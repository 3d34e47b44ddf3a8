"""Images found as the cloud lists them: whose they are, how many calls it takes, where they are by now."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.image import Tag
from bot.errors import CloudBusy, CloudError, CloudRefused, CloudUnknown
from bot.playground.cloud import Account, Kind, LocalCloud
from bot.ports import ImageStatus
from tests.clouds import WORKSTATION, client_of, image

MARK = "r-abc123.xyz"


def marked(**fields: Any) -> Any:
    """An image with its mark in both places, as the bot makes it."""
    made = image(description=f"[{MARK}] requested by somebody{'x' * 300}")
    return made.model_copy(update={"tags": (Tag(key="image-bot-request", value=MARK),)} | fields)


@pytest.mark.parametrize(
    "habits",
    [
        {},
        {"description_limit": 0},
        {"description_limit": 64},
        {"description_limit": 256},
        {"keep_tags": False},
        {"keep_tags": False, "description_limit": 64},
        {"type_filter_required": True},
    ],
    ids=str,
)
@pytest.mark.parametrize("filters", [{}, {"ProductType": "CloudDesktop"}, {"BizType": "1"}], ids=str)
async def test_image_is_found_whichever_way_the_cloud_keeps_it(
    local: LocalCloud, habits: dict[str, Any], filters: dict[str, str]
) -> None:
    """No page says how much of a description is kept, so the mark is in two places."""
    local.habits.change(habits)
    cloud = client_of(local, filters=filters)
    biz, product = filters.get("BizType"), filters.get("ProductType")
    wanted = marked(biz_type=int(biz) if biz else None, product_type=product)
    made = await cloud.create_image(wanted)
    found = await cloud.find_images(MARK)
    await cloud.aclose()

    assert [each.image_id for each in found] == [made.image_id]


async def test_description_that_the_cloud_refuses_makes_nothing(local: LocalCloud, cloud: Any) -> None:
    """It may as well refuse as cut."""
    local.habits.change({"refuse_description": True, "description_limit": 256})
    with pytest.raises(CloudRefused):
        await cloud.create_image(marked())

    assert len(local.images) == 0


async def test_image_of_another_product_type_is_found_without_the_filter(local: LocalCloud) -> None:
    """The operator changed the setting after the call: look with it, then without."""
    made = local.images.begin(
        {"InstanceId": "ws-1", "Description": f"[{MARK}]", "ProductType": "CloudApp"},
        datetime.now(UTC),
        fails=False,
    )
    cloud = client_of(local, filters={"ProductType": "CloudDesktop"})
    found = await cloud.find_images(MARK)
    await cloud.aclose()
    asked = [dict(call.parameters) for call in local.ledger]

    assert [(each.image_id, each.product_type) for each in found] == [(made.image_id, "CloudApp")]
    assert [call.get("ProductType") for call in asked] == ["CloudDesktop", "CloudDesktop", None, None]
    assert all(call["ImageType"] == "User" for call in asked)


async def test_images_of_other_types_are_looked_at_last(local: LocalCloud, cloud: Any) -> None:
    """Without a type the cloud lists its own and other tenants' as well, and names people wrote there."""
    await cloud.find_images(MARK)
    types = [call.parameters.get("ImageType") for call in local.ledger]
    local.images.others[1].description = f"[{MARK}] copied by another tenant"
    shared = await cloud.find_images(MARK)
    made = await cloud.create_image(marked())
    ours = await cloud.find_images(MARK)

    assert types == ["User", "User", None, None]
    assert [each.image_type for each in shared] == ["Shared"]
    assert [each.image_id for each in ours] == [made.image_id]


async def test_candidate_tells_all_that_decides_whether_it_is_ours(local: LocalCloud, cloud: Any) -> None:
    """Name, product type, time and tags."""
    await cloud.create_image(marked(image_name="golden", product_type="WuyingServer"))
    (found,) = await cloud.find_images(MARK)
    call = local.ledger.of("CreateImageByInstance")[0]

    assert (found.name, found.product_type, found.image_type) == ("golden", "WuyingServer", "User")
    assert found.tags == {"image-bot-request": MARK}
    assert found.created_at == call.at.replace(microsecond=0)


async def test_account_with_more_images_than_can_be_read_leaves_the_question_open(
    local: LocalCloud, cloud: Any
) -> None:
    """By tag it is found among any number; without one, nobody may say that it was not made."""
    for _ in range(10_001):
        local.images.begin({"InstanceId": "ws-1"}, datetime.now(UTC), fails=False)
    with pytest.raises(CloudUnknown, match="TooManyImages"):
        await cloud.find_images(MARK)
    reads = len(local.ledger)
    local.images.slots = 100_000
    local.images.seconds = 0.0
    made = await cloud.create_image(marked())
    found = await cloud.find_images(MARK)

    assert reads == 1 + 100
    assert [each.image_id for each in found] == [made.image_id]


@pytest.mark.parametrize(
    ("making", "ended", "most"), [(1, 0, 1), (50, 0, 1), (50, 3, 2 + 3), (100, 0, 1), (250, 2, 3 + 1 + 2)]
)
async def test_round_of_looks_costs_a_call_for_a_hundred_and_one_for_each_that_changed(
    local: LocalCloud, cloud: Any, making: int, ended: int, most: int
) -> None:
    """However many are being made."""
    moment = datetime.now(UTC)
    old = [local.images.begin({"InstanceId": f"ws-{n}"}, moment, fails=n % 2 == 1) for n in range(ended)]
    local.clock.advance(100)
    new = [local.images.begin({"InstanceId": f"ws-{n}"}, moment, fails=False) for n in range(making - ended)]
    local.clock.advance(50)
    ids = {each.image_id for each in (*old, *new)}
    found = await cloud.images_by_id(ids)

    assert found.keys() == ids
    assert {found[each.image_id].progress for each in new} <= {50}
    assert sorted({str(found[each.image_id].status) for each in old}) == sorted(
        {"AVAILABLE", "CREATE_FAILED"} if ended > 1 else set()
    )
    assert len(local.ledger) <= most


async def test_image_that_is_not_listed_is_left_out_of_a_round(local: LocalCloud, cloud: Any) -> None:
    """A listing lags: an image that isn't there yet isn't gone."""
    made = local.images.begin({"InstanceId": "ws-1"}, datetime.now(UTC), fails=False)
    found = await cloud.images_by_id([made.image_id, "imgc-nope"])

    assert list(found) == [made.image_id]


async def test_copies_progress_region_by_region(local: LocalCloud, cloud: Any) -> None:
    """The image is available at home while it's on its way elsewhere, and one copy may fail."""
    made = await cloud.create_image(image())
    local.clock.advance(100)
    local.faults.add(Kind.DISTRIBUTION_FAILS)
    task = await cloud.distribute_image(made.image_id, ["cn-beijing", "eu-central-1"])
    local.clock.advance(40)
    half = await cloud.image(made.image_id)
    local.clock.advance(60)
    whole = await cloud.image(made.image_id)

    assert task is not None
    assert (half.status, whole.status) == (ImageStatus.AVAILABLE, ImageStatus.AVAILABLE)
    assert [(it.region_id, it.status, it.progress) for it in half.regions] == [
        ("cn-shanghai", ImageStatus.AVAILABLE, 100),
        ("cn-beijing", ImageStatus.CREATING, 40),
        ("eu-central-1", ImageStatus.CREATING, 40),
    ]
    assert [(it.region_id, it.status) for it in whole.regions] == [
        ("cn-shanghai", ImageStatus.AVAILABLE),
        ("cn-beijing", ImageStatus.CREATE_FAILED),
        ("eu-central-1", ImageStatus.AVAILABLE),
    ]
    assert all(it.version_id == made.version_id for it in whole.regions)


@pytest.mark.parametrize(
    ("image_id", "regions", "code"),
    [
        ("imgc-nope", ["cn-beijing"], "Image.NotExist"),
        (None, ["cn-beijing"], "ImageRegionDistribute.NotAllow"),
    ],
)
async def test_copy_that_cannot_be_is_refused_with_the_documented_code(
    cloud: Any, image_id: str | None, regions: list[str], code: str
) -> None:
    """Of an image that isn't there, or isn't done."""
    made = await cloud.create_image(image())
    with pytest.raises(CloudRefused) as caught:
        await cloud.distribute_image(image_id or made.image_id, regions)

    assert caught.value.code == code


FAULTS = [
    (Kind.THROTTLE, CloudBusy, 0),
    (Kind.ERROR, CloudUnknown, 0),
    (Kind.UNSUCCESSFUL, CloudUnknown, 0),
    (Kind.XML_ERROR, CloudUnknown, 0),
    (Kind.TIMEOUT_BEFORE, CloudUnknown, 0),
    (Kind.TIMEOUT_AFTER, CloudUnknown, 1),
    (Kind.RESET_BEFORE, CloudUnknown, 0),
    (Kind.RESET_AFTER, CloudUnknown, 1),
    (Kind.SERVER_ERROR_BEFORE, CloudUnknown, 0),
    (Kind.SERVER_ERROR_AFTER, CloudUnknown, 1),
    (Kind.HTML_BEFORE, CloudUnknown, 0),
    (Kind.HTML_AFTER, CloudUnknown, 1),
]


@pytest.mark.parametrize(("kind", "raises", "copies"), FAULTS)
async def test_fault_of_a_distribution_has_a_name_and_is_never_sent_again(
    local: LocalCloud, kind: Kind, raises: type[CloudError], copies: int
) -> None:
    """The image's regions tell whether it worked."""
    made = local.images.begin({"InstanceId": WORKSTATION}, datetime.now(UTC), fails=False)
    local.clock.advance(100)
    local.faults.add(kind)
    cloud = client_of(local, seconds=0.3 if kind in (Kind.TIMEOUT_BEFORE, Kind.TIMEOUT_AFTER) else 30.0)
    with pytest.raises(raises):
        await cloud.distribute_image(made.image_id, ["cn-beijing"])
    sent = len(local.ledger)
    found = await cloud.image(made.image_id)
    await cloud.aclose()

    assert sent == 1
    assert found is not None
    assert len(found.regions) == 1 + copies


async def test_regions_come_from_the_cloud_even_without_the_right_to_list_them_there() -> None:
    """App Streaming's list, else the desktops' service's."""
    allowed, denied = Account(), Account(forbidden=frozenset({"ListRegions"}))
    answers = []
    for account in (allowed, denied):
        async with LocalCloud(accounts=[account]) as local:
            cloud = client_of(local)
            answers.append(await cloud.regions())
            await cloud.aclose()

    assert answers[0] == answers[1]
    assert "cn-shanghai" in answers[0]


async def test_caller_is_whom_sts_says(cloud: Any) -> None:
    """For doctor: the account that the keys belong to."""
    caller = await cloud.caller()

    assert (caller.account_id, caller.identity_type) == ("1234567890123456", "RAMUser")
    assert caller.arn.startswith("acs:ram::1234567890123456:")


@pytest.mark.parametrize(
    ("operation", "action", "ask"),
    [
        ("ListImage", "appstreaming:ListImage", lambda cloud: cloud.image("imgc-1")),
        (
            "StartTaskForDistributeImage",
            "appstreaming:StartTaskForDistributeImage",
            lambda cloud: cloud.distribute_image("imgc-1", ["cn-beijing"]),
        ),
        ("DescribeDesktops", "ecd:DescribeDesktops", lambda cloud: cloud.instance(image("ecd-1"))),
        ("GetCallerIdentity", "sts:GetCallerIdentity", lambda cloud: cloud.caller()),
    ],
)
async def test_permission_that_is_missing_names_its_action(operation: str, action: str, ask: Any) -> None:
    """What the operator has to grant, in RAM's words."""
    async with LocalCloud(accounts=[Account(forbidden=frozenset({operation}))]) as local:
        cloud = client_of(local)
        with pytest.raises(CloudRefused, match=action) as caught:
            await ask(cloud)
        await cloud.aclose()

    assert caught.value.explanation == "cloud-forbidden"
