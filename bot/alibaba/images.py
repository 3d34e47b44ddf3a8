"""CreateImageByInstance and ListImage: their parameters, and what their answers say. No I/O.

Source: Alibaba Cloud, App Streaming 2021-09-01, the operations' reference pages; SDK 5.9.0 for where a
parameter travels (TagList in the query, all else in the form) and for Description in the listing.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from bot.alibaba.answers import Body, error
from bot.alibaba.client import Operation
from bot.alibaba.errors import UNREADABLE
from bot.domain.image import CreateImage, Tag
from bot.ports import CloudImage, Creation, ImageStatus

CREATE = Operation("CreateImageByInstance", reads=False)
LIST = Operation("ListImage")
PAGE_SIZE = 100


def creation_form(image: CreateImage) -> dict[str, str]:
    """What the form carries: only what was asked for, so the cloud's own defaults hold for the rest."""
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
    """What the query carries: `TagList.1.Key=…&TagList.1.Value=…`."""
    query = {}
    for number, tag in enumerate(tags, start=1):
        query[f"TagList.{number}.Key"] = tag.key
        query[f"TagList.{number}.Value"] = tag.value
    return query


def creation(body: Body) -> Creation | None:
    """The receipt; None when the answer names no image."""
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
    """The form of one page of ListImage, the largest that the page allows."""
    paging = {"PageNumber": str(number), "PageSize": str(PAGE_SIZE)}
    return paging | {name: value for name, value in filters.items() if value}


def listed(body: Body) -> list[CloudImage]:
    """The images of one page; a row that is no image is passed over, an answer without rows is unreadable."""
    rows = body.get("Data") or []
    if not isinstance(rows, list):
        raise error(UNREADABLE, "NoImageList", LIST.name, status=200)
    request_id = _optional(body.get("RequestId"))
    return [_image(row, request_id) for row in rows if isinstance(row, Mapping) and row.get("ImageId")]


def _image(row: Body, request_id: str | None) -> CloudImage:
    return CloudImage(
        image_id=str(row["ImageId"]),
        name=str(row.get("ImageName") or ""),
        status=_status(row.get("Status")),
        description=str(row.get("Description") or ""),
        created_at=_time(row.get("GmtCreate")),
        progress=_progress(row.get("ImageRegionDistributeList")),
        cloud_request_id=request_id,
    )


def _status(value: object) -> ImageStatus:
    try:
        return ImageStatus(str(value).upper())
    except ValueError:
        return ImageStatus.UNKNOWN


def _progress(regions: object) -> int | None:
    """The slowest region's `Progress`, which is text such as "70%"."""
    rows = regions if isinstance(regions, list) else []
    texts = [str(row.get("Progress") or "") for row in rows if isinstance(row, Mapping)]
    found = [re.fullmatch(r"(\d{1,3})(?:\.\d+)?\s*%?", text.strip()) for text in texts]
    return min((min(int(match[1]), 100) for match in found if match), default=None)


def _time(value: object) -> datetime | None:
    """`2025-04-25 15:13:57`; its zone is not published: UTC is taken, good enough to find the newest."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _optional(value: object) -> str | None:
    return str(value) if value else None
