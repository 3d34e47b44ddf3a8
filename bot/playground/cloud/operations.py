"""What each operation does, given its parameters; one table names them all.

Sources: Alibaba Cloud reference pages of App Streaming 2021-09-01 (CreateImageByInstance, ListImage,
ListWuyingServer) and Elastic Desktop Service 2020-09-30 (DescribeDesktops).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from bot.playground.cloud.envelopes import Answer, Refused, success
from bot.playground.cloud.images import Images, LocalImage, tags
from bot.playground.cloud.instances import (
    DESKTOP,
    WORKSTATION,
    Instances,
    LocalInstance,
    desktop_row,
    workstation_row,
)

Parameters = Mapping[str, str]
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Asked:
    """One verified call: where its parameters travelled matters, as on the real wire."""

    query: Parameters
    form: Parameters
    request_id: str
    at: datetime
    fails: bool = False


@dataclass(slots=True)
class World:
    """What there is."""

    images: Images
    instances: Instances


def create_image(world: World, asked: Asked) -> Answer:
    """CreateImageByInstance."""
    _check_values(asked.form)
    instance = _instance(world, asked.form)
    if not instance.image_supported:
        raise Refused("Instance.ImageUnsupported")
    if not instance.node_exists:
        raise Refused("Instance.PhysicalNodeNotExist")
    under_way = world.images.under_way()
    if any(image.instance_id == instance.instance_id for image in under_way):
        raise Refused("ImageCreateByInstance.TaskExist")
    if len(under_way) >= world.images.slots:
        raise Refused("ExceedBuilderQuota")
    # Tags count where the SDK sends them, in the query; in the form they would be lost.
    given = dict(asked.form) | {
        name: text for name, text in asked.query.items() if name.startswith("TagList.")
    }
    image = world.images.begin(given, asked.at, fails=asked.fails)
    data = {"ImageId": image.image_id, "VersionId": image.version_id, "TaskId": image.task_id}
    return success(asked.request_id, Data=data)


def list_images(world: World, asked: Asked) -> Answer:
    """ListImage, newest first."""
    now = world.images.clock.now()
    wanted = tags(asked.query)
    found = [
        image for image in world.images.listed() if _fits(image, asked.form, now) and _tagged(image, wanted)
    ]
    page, number, size = _page(found, asked.form, default=10)
    rows = [image.row(now) for image in page]
    return success(asked.request_id, Data=rows, Count=len(found), PageNumber=number, PageSize=size)


def list_workstations(world: World, asked: Asked) -> Answer:
    """ListWuyingServer; its envelope has neither Success nor Code."""
    ids = _numbered(asked.form, "WuyingServerIdList")
    name, status = asked.form.get("WuyingServerNameOrId", ""), asked.form.get("Status")
    found = [
        instance
        for instance in world.instances
        if instance.kind == WORKSTATION
        and (not ids or instance.instance_id in ids)
        and (name in instance.name or name == instance.instance_id)
        and status in (None, instance.state)
    ]
    page, number, size = _page(found, asked.form, default=20)
    rows = [workstation_row(instance) for instance in page]
    body = {"RequestId": asked.request_id, "TotalCount": len(found), "WuyingServerList": rows}
    return Answer(200, body | {"PageNumber": number, "PageSize": size})


def describe_desktops(world: World, asked: Asked) -> Answer:
    """ecd DescribeDesktops: all in the query, in one region."""
    region = asked.query.get("RegionId")
    if not region:
        raise Refused("MissingRegionId", "RegionId is mandatory for this action.")
    ids = _numbered(asked.query, "DesktopId")
    found = [
        instance
        for instance in world.instances
        if instance.kind == DESKTOP and instance.region == region and (not ids or instance.instance_id in ids)
    ]
    rows = [desktop_row(instance) for instance in found]
    return Answer(200, {"RequestId": asked.request_id, "TotalCount": len(rows), "Desktops": rows})


OPERATIONS: Mapping[tuple[str, str], Callable[[World, Asked], Answer]] = {
    ("2021-09-01", "CreateImageByInstance"): create_image,
    ("2021-09-01", "ListImage"): list_images,
    ("2021-09-01", "ListWuyingServer"): list_workstations,
    ("2020-09-30", "DescribeDesktops"): describe_desktops,
}


def _check_values(form: Parameters) -> None:
    """Enumerations of the reference page; the SDK writes booleans with a capital, the page without."""
    allowed = {
        "InstanceType": (WORKSTATION, DESKTOP),
        "DiskType": ("ALL", "SYSTEM"),
        "AutoCleanUserdata": ("true", "false", "True", "False"),
    }
    for name, values in allowed.items():
        if name in form and form[name] not in values:
            raise Refused("InvalidParameter", f"The specified parameter {name} is not valid.")


def _instance(world: World, form: Parameters) -> LocalInstance:
    instance = world.instances.get(form.get("InstanceId", ""))
    wanted = form.get("InstanceType")
    if instance is None or wanted not in (None, instance.kind):
        raise Refused("DesktopInstance.NotFound" if wanted == DESKTOP else "Instance.NotFound")
    session = form.get("SubInstanceId")
    if session and session not in instance.sub_instances:
        raise Refused("Instance.NotFound")
    return instance


def _fits(image: LocalImage, form: Parameters, now: float) -> bool:
    return (
        form.get("ImageId") in (None, image.image_id)
        and form.get("ImageName", "") in image.name
        and form.get("Status") in (None, image.status(now))
        and form.get("ImageType") in (None, "User")
    )


def _tagged(image: LocalImage, wanted: list[dict[str, str]]) -> bool:
    has = tags(image.parameters)
    return all(tag in has for tag in wanted)


def _numbered(parameters: Parameters, name: str) -> set[str]:
    return {value for key, value in parameters.items() if key.startswith(f"{name}.")}


def _page(rows: list[Row], form: Parameters, default: int) -> tuple[list[Row], int, int]:
    number, size = _number(form, "PageNumber", 1), _number(form, "PageSize", default)
    if not (1 <= size <= 100 and number >= 1):
        raise Refused("InvalidParameter", "The specified parameter PageSize or PageNumber is not valid.")
    return rows[(number - 1) * size : number * size], number, size


def _number(form: Parameters, name: str, default: int) -> int:
    text: Any = form.get(name, default)
    try:
        return int(text)
    except ValueError:
        raise Refused("InvalidParameter", f"The specified parameter {name} is not valid.") from None
