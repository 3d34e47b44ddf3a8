"""CreateImageByInstance, ListImage, StartTaskForDistributeImage: parameters and answers. No I/O.

Source: Alibaba Cloud, App Streaming 2021-09-01, the operations' reference pages; SDK 5.9.0 for where a
parameter travels (TagList in the query, all else in the form) and for Description in the listing.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from bot.alibaba.answers import Body, error
from bot.alibaba.client import Operation
from bot.alibaba.errors import UNREADABLE
from bot.domain import vocabulary
from bot.domain.image import CreateImage, Tag
from bot.ports import MARK_TAG, CloudImage, Creation, ImageRegion, ImageStatus

CREATE = Operation("CreateImageByInstance", reads=False)
LIST = Operation("ListImage")
DISTRIBUTE = Operation("StartTaskForDistributeImage", reads=False, granted_by=vocabulary.DISTRIBUTE)
OPERATIONS = (CREATE, LIST, DISTRIBUTE)
PAGE_SIZE = 100


def creation_form(image: CreateImage) -> dict[str, str]:
    """Return the form: only what was asked for, so the cloud's own defaults apply to the rest."""
    clean = image.auto_clean_userdata
    values = {
        "ImageName": image.image_name,
        "Description": image.description,
        "InstanceId": image.instance_id,
        "SubInstanceId": image.sub_instance_id,
        "InstanceType": image.instance_type.value,
        "AutoCleanUserdata": None if clean is None else str(clean).lower(),
        "DiskType": image.disk_type and image.disk_type.value,
        "BizType": None if image.biz_type is None else str(image.biz_type),
        "ProductType": image.product_type,
    }
    return {name: value for name, value in values.items() if value is not None}


def creation_query(tags: Iterable[Tag]) -> dict[str, str]:
    """Return the query: `TagList.1.Key=…&TagList.1.Value=…`."""
    return _tag_list((tag.key, tag.value) for tag in tags)


def mark_query(mark: str) -> dict[str, str]:
    """Return the query that lists the images with that mark as their tag."""
    return _tag_list([(MARK_TAG, mark)])


def carries(image: CloudImage, mark: str) -> bool:
    """Tell whether the image has the mark: as its tag, or at the beginning of its description, in brackets or
    not.

    The whole mark counts: the mark `r-1` isn't in `r-12`, `r-1.2` or `see r-1`.
    """
    begins = re.match(rf"[\[(]?{re.escape(mark)}(?![\w.-]*\w)", image.description) if mark else None
    return bool(mark) and (image.tags.get(MARK_TAG) == mark or begins is not None)


def distribution_form(image_id: str, regions: Collection[str]) -> dict[str, str]:
    """Return the form that requests copies in those regions.

    It copies the latest version, from wherever the cloud likes.
    """
    listed = {f"DestinationRegionList.{number}": region for number, region in enumerate(regions, start=1)}
    return {"ImageId": image_id} | listed


def task_id(body: Body) -> str | None:
    """Return the distribution's task; None when the answer names none."""
    return _optional(body.get("Data"))


def creation(body: Body) -> Creation | None:
    """Return the receipt; None when the answer names no image."""
    data = body.get("Data")
    if not isinstance(data, Mapping) or not data.get("ImageId"):
        return None
    return Creation(
        image_id=str(data["ImageId"]),
        version_id=_optional(data.get("VersionId")),
        task_id=_optional(data.get("TaskId")),
        cloud_request_id=_optional(body.get("RequestId")),
    )


def page_of(number: int, **filters: str | None) -> dict[str, str]:
    """Return the form of one page of ListImage, of the largest size allowed."""
    paging = {"PageNumber": str(number), "PageSize": str(PAGE_SIZE)}
    return paging | {name: value for name, value in filters.items() if value}


def listed(body: Body) -> list[CloudImage]:
    """Return the images of one page.

    A row that isn't an image is skipped, an answer without rows is unreadable.
    """
    rows = body.get("Data") or []
    if not isinstance(rows, list):
        raise error(UNREADABLE, "NoImageList", LIST.name, status=200)
    request_id = _optional(body.get("RequestId"))
    return [_image(row, request_id) for row in rows if isinstance(row, Mapping) and row.get("ImageId")]


def _image(row: Body, request_id: str | None) -> CloudImage:
    regions = tuple(map(_region, _rows(row.get("ImageRegionDistributeList"))))
    return CloudImage(
        image_id=str(row["ImageId"]),
        name=str(row.get("ImageName") or ""),
        status=_status(row.get("Status")),
        description=str(row.get("Description") or ""),
        created_at=_time(row.get("GmtCreate")),
        progress=min((region.progress for region in regions if region.progress is not None), default=None),
        cloud_request_id=request_id,
        product_type=str(row.get("ProductType") or ""),
        image_type=str(row.get("ImageType") or ""),
        version_id=_optional(row.get("VersionId")),
        tags={str(tag.get("Key")): str(tag.get("Value") or "") for tag in _rows(row.get("TagList"))},
        regions=regions,
    )


def _region(row: Body) -> ImageRegion:
    return ImageRegion(
        region_id=str(row.get("RegionId") or ""),
        status=_status(row.get("Status")),
        progress=_percent(row.get("Progress")),
        version_id=_optional(row.get("VersionId")),
        status_text=str(row.get("Status") or ""),
    )


def _status(value: object) -> ImageStatus:
    try:
        return ImageStatus(str(value).upper())
    except ValueError:
        return ImageStatus.UNKNOWN


def _percent(progress: object) -> int | None:
    """Return the percentage in a text such as "70%"."""
    found = re.fullmatch(r"(\d{1,3})(?:\.\d+)?\s*%?", str(progress).strip())
    return min(int(found[1]), 100) if found else None


def _tag_list(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    query = {}
    for number, (key, value) in enumerate(pairs, start=1):
        query[f"TagList.{number}.Key"] = key
        query[f"TagList.{number}.Value"] = value
    return query


def _rows(value: object) -> list[Body]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _time(value: object) -> datetime | None:
    """`2025-04-25 15:13:57`; its zone is not published: UTC is taken, good enough to find the newest."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _optional(value: object) -> str | None:
    return str(value) if value else None
