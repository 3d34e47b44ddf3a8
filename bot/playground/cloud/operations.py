"""What each operation does with its parameters; one table lists them all.

Sources: Alibaba Cloud reference pages of App Streaming 2021-09-01 (CreateImageByInstance, ListImage,
StartTaskForDistributeImage, ListRegions) and STS 2015-04-01; those of machines are in `power`.
"""

from collections.abc import Callable, Mapping

from bot.playground.cloud import power
from bot.playground.cloud.accounts import ACCOUNT_ID
from bot.playground.cloud.envelopes import Answer, Refused, success
from bot.playground.cloud.images import REGIONS
from bot.playground.cloud.instances import DESKTOP, WORKSTATION, LocalInstance
from bot.playground.cloud.making import LocalImage, tags
from bot.playground.cloud.parameters import Asked, Parameters, World, check_values, listed, page_of

_CREATE_VALUES = {
    "InstanceType": (WORKSTATION, DESKTOP),
    "DiskType": ("ALL", "SYSTEM"),
    # The SDK capitalizes booleans, the page doesn't.
    "AutoCleanUserdata": ("true", "false", "True", "False"),
}
_LIST_VALUES = {
    "ImageType": ("User", "Shared", "System", "Community"),
    "Status": ("INIT", "CREATING", "AVAILABLE", "CREATE_FAILED"),
}


def create_image(world: World, asked: Asked) -> Answer:
    """CreateImageByInstance."""
    check_values(asked.form, _CREATE_VALUES)
    instance = _instance(world, asked.form)
    # Tags count only in the query, where the SDK sends them; in the form they're lost.
    given = dict(asked.form) | {
        name: text for name, text in asked.query.items() if name.startswith("TagList.")
    }
    _check_texts(world, given)
    if not instance.image_supported:
        raise Refused("Instance.ImageUnsupported")
    if not instance.node_exists:
        raise Refused("Instance.PhysicalNodeNotExist")
    under_way = world.images.under_way()
    if any(image.instance_id == instance.instance_id for image in under_way):
        raise Refused("ImageCreateByInstance.TaskExist")
    if len(under_way) >= world.images.slots:
        raise Refused("ExceedBuilderQuota")
    image = world.images.begin(given, asked.at, fails=asked.fails)
    data = {"ImageId": image.image_id, "VersionId": image.version_id, "TaskId": image.task_id}
    return success(asked.request_id, Data=data)


def list_images(world: World, asked: Asked) -> Answer:
    """ListImage, newest first; without ImageType it lists every type, including other tenants' images."""
    check_values(asked.form, _LIST_VALUES)
    now = world.images.clock.now()
    wanted = tags(asked.query)
    found = [
        image
        for image in world.images.listed()
        if _fits(image, asked.form, now) and _tagged(image, wanted) and _seen(world, image, asked.form)
    ]
    page, number, size = page_of(found, asked.form, default=10)
    rows = [image.row(now) for image in page]
    return success(asked.request_id, Data=rows, Count=len(found), PageNumber=number, PageSize=size)


def distribute_image(world: World, asked: Asked) -> Answer:
    """StartTaskForDistributeImage."""
    image = world.images.get(asked.form.get("ImageId", ""))
    if image is None:
        raise Refused("Image.NotExist")
    if world.images.status(image) != "AVAILABLE":
        raise Refused("ImageRegionDistribute.NotAllow")
    regions = listed(asked.form, "DestinationRegionList")
    if not regions or not set(regions) <= set(REGIONS):
        raise Refused("InvalidParameter", "The specified parameter DestinationRegionList is not valid.")
    return success(asked.request_id, Data=world.images.distribute(image, regions, fails=asked.fails))


def list_regions(world: World, asked: Asked) -> Answer:  # noqa: ARG001 - the same for everybody
    """ListRegions; its rows spell the name in lower case."""
    return Answer(200, {"RequestId": asked.request_id, "RegionModels": [{"regionId": it} for it in REGIONS]})


def caller_identity(world: World, asked: Asked) -> Answer:  # noqa: ARG001 - the account is the same
    """STS GetCallerIdentity."""
    body = {"AccountId": ACCOUNT_ID, "Arn": f"acs:ram::{ACCOUNT_ID}:user/image-bot"}
    more = {"IdentityType": "RAMUser", "PrincipalId": "216959339000000001", "UserId": "216959339000000001"}
    return Answer(200, body | more | {"RequestId": asked.request_id})


OPERATIONS: Mapping[tuple[str, str], Callable[[World, Asked], Answer]] = {
    ("2021-09-01", "CreateImageByInstance"): create_image,
    ("2021-09-01", "ListImage"): list_images,
    ("2021-09-01", "StartTaskForDistributeImage"): distribute_image,
    ("2021-09-01", "ListRegions"): list_regions,
    ("2021-09-01", "ListWuyingServer"): power.list_workstations,
    ("2021-09-01", "StopWuyingServer"): power.stop_workstations,
    ("2021-09-01", "StartWuyingServer"): power.start_workstations,
    ("2020-09-30", "DescribeDesktops"): power.describe_desktops,
    ("2020-09-30", "DescribeRegions"): power.describe_regions,
    ("2020-09-30", "StopDesktops"): power.stop_desktops,
    ("2020-09-30", "StartDesktops"): power.start_desktops,
    ("2015-04-01", "GetCallerIdentity"): caller_identity,
}


def _instance(world: World, form: Parameters) -> LocalInstance:
    instance = world.instances.get(form.get("InstanceId", ""))
    wanted = form.get("InstanceType")
    if instance is None or wanted not in (None, instance.kind):
        raise Refused("DesktopInstance.NotFound" if wanted == DESKTOP else "Instance.NotFound")
    session = form.get("SubInstanceId")
    if session and session not in instance.sub_instances:
        raise Refused("Instance.NotFound")
    if not session and instance.sub_instances and world.habits.sub_instance_required:
        raise Refused("MissingSubInstanceId", "SubInstanceId is mandatory for this action.")
    return instance


def _check_texts(world: World, given: Parameters) -> None:
    habits = world.habits
    if habits.refuse_description and len(given.get("Description", "")) > habits.description_limit:
        raise Refused("InvalidParameter", "The specified parameter Description is not valid.")
    for tag in tags(given):
        if tag["Key"].startswith("System/") or not (tag["Value"] or habits.empty_tag_values):
            raise Refused("InvalidParameter", "The specified parameter TagList is not valid.")


def _fits(image: LocalImage, form: Parameters, now: float) -> bool:
    return (
        form.get("ImageId") in (None, image.image_id)
        and form.get("ImageName", "") in image.name
        and form.get("Status") in (None, image.status(now))
        and form.get("ImageType") in (None, image.image_type)
        and form.get("ProductType") in (None, image.product_type)
        and form.get("BizType") in (None, image.parameters.get("BizType"))
    )


def _seen(world: World, image: LocalImage, form: Parameters) -> bool:
    """With the habit, a listing without one of these hides images that were made with it."""
    if not world.habits.type_filter_required or "ImageId" in form:
        return True
    return all(name in form for name in ("BizType", "ProductType") if name in image.parameters)


def _tagged(image: LocalImage, wanted: list[dict[str, str]]) -> bool:
    has = tags(image.parameters)
    return all(tag in has for tag in wanted)
