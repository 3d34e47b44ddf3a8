"""Workstations and cloud desktops: what is asked and what the answers say. No I/O.

Sources: Alibaba Cloud, App Streaming 2021-09-01 ListWuyingServer (no list of states is published, RUNNING is
its example), StopWuyingServer, StartWuyingServer; Elastic Desktop Service 2020-09-30 DescribeDesktops
("DesktopStatus", "ManagementFlags"), StopDesktops, StartDesktops; SDKs 5.9.0 and 5.5.0 for the rows' fields.
"""

import re
from collections.abc import Iterator, Mapping

from bot.alibaba.answers import Body
from bot.alibaba.client import ECD_VERSION, Operation
from bot.domain import vocabulary
from bot.domain.image import InstanceType
from bot.domain.untrusted_json import from_json
from bot.ports import Instance, InstanceState

LIST_WORKSTATIONS = Operation("ListWuyingServer")
DESCRIBE_DESKTOPS = Operation("DescribeDesktops", ECD_VERSION)
STOP_WORKSTATION, START_WORKSTATION = (
    Operation(name, reads=False, granted_by=vocabulary.STOP_WORKSTATION)
    for name in ("StopWuyingServer", "StartWuyingServer")
)
STOP_DESKTOPS, START_DESKTOPS = (
    Operation(name, ECD_VERSION, reads=False, granted_by=vocabulary.STOP_DESKTOP)
    for name in ("StopDesktops", "StartDesktops")
)
OPERATIONS = (
    *(LIST_WORKSTATIONS, DESCRIBE_DESKTOPS),
    *(STOP_WORKSTATION, START_WORKSTATION, STOP_DESKTOPS, START_DESKTOPS),
)
PAGE_SIZE = 100
_STATES = ("RUNNING", "STOPPED", "STARTING", "STOPPING")


def workstation_form(instance_id: str) -> dict[str, str]:
    """Return the form that asks for one workstation."""
    return {"WuyingServerIdList.1": instance_id, "PageNumber": "1", "PageSize": "1"}


def workstation_form_by_name_or_id(instance_id: str) -> dict[str, str]:
    """Return the same for an ID of another shape, which the list of IDs may not know (`aig-…`)."""
    return {"WuyingServerNameOrId": instance_id, "PageNumber": "1", "PageSize": str(PAGE_SIZE)}


def workstations_form(page: int) -> dict[str, str]:
    """Return the form of one page of all workstations."""
    return {"PageNumber": str(page), "PageSize": str(PAGE_SIZE)}


def desktop_query(instance_id: str, region: str) -> dict[str, str]:
    """Return the query that asks for one desktop; ecd takes all its parameters there."""
    return {"RegionId": region, "DesktopId.1": instance_id}


def desktops_query(region: str, token: str) -> dict[str, str]:
    """Return the query of one page of a region's desktops.

    `token` is from the page before, "" for the first.
    """
    query = {"RegionId": region, "MaxResults": str(PAGE_SIZE)}
    return query | {"NextToken": token} if token else query


def power_form(instance_id: str, *, stop: bool) -> dict[str, str]:
    """Return the form that stops or starts a workstation.

    Force is sent as False, in the spelling of its reference page.
    """
    form = {"WuyingServerIdList.1": instance_id}
    return form | {"Force": "False"} if stop else form


def power_query(instance_id: str, region: str, stopped_mode: str | None = None) -> dict[str, str]:
    """Return the query that stops or starts a desktop; `stopped_mode` is for a stop."""
    query = desktop_query(instance_id, region)
    return query | {"StoppedMode": stopped_mode} if stopped_mode else query


def workstations(body: Body) -> list[Instance]:
    """Return the workstations of a page; a row without an ID is skipped."""
    return [_workstation(row) for row in rows(body.get("WuyingServerList")) if row.get("WuyingServerId")]


def desktops(body: Body, region: str) -> list[Instance]:
    """Return the desktops of a page."""
    return [_desktop(row, region) for row in rows(body.get("Desktops")) if row.get("DesktopId")]


def rows(value: object) -> list[Body]:
    """Return the rows of a list that the cloud may have left out."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _workstation(row: Body) -> Instance:
    status = str(row.get("Status") or "")
    return Instance(
        instance_id=str(row["WuyingServerId"]),
        name=str(row.get("WuyingServerName") or row.get("Name") or ""),
        instance_type=InstanceType.WUYING_SERVER,
        state=_state(status),
        state_text=status,
        os_type=str(row.get("OsType") or ""),
        region=str(row.get("BizRegionId") or ""),
        image_id=str(row.get("ImageId") or ""),
        sub_instances=_texts(row.get("InstanceInfoList"), "InstanceId"),
        users=_texts(row.get("Sessions"), "UserId"),
    )


def _desktop(row: Body, region: str) -> Instance:
    """Return a desktop; with a flag, Stopped doesn't count as stopped, but no flag hides Running."""
    status, flags = str(row.get("DesktopStatus") or ""), list(_flags(row.get("ManagementFlags")))
    state = _state(status)
    return Instance(
        instance_id=str(row["DesktopId"]),
        name=str(row.get("DesktopName") or ""),
        instance_type=InstanceType.CLOUD_DESKTOP,
        state=InstanceState.OTHER if flags and state is InstanceState.STOPPED else state,
        state_text=", ".join([status, *flags]),
        os_type=str(row.get("OsType") or ""),
        region=region,
        image_id=str(row.get("ImageId") or ""),
        users=_texts(row.get("Sessions"), "EndUserId"),
    )


def _state(status: str) -> InstanceState:
    word = status.strip().upper()
    return InstanceState(word) if word in _STATES else InstanceState.OTHER


def _flags(value: object) -> Iterator[str]:
    """Return the flags that mean something. NoFlag means none, also as the text of a list inside the list."""
    if isinstance(value, str):
        listed = from_json(value)
        value = re.split(r"[][,\s]+", value) if listed is None else listed
        value = [value] if isinstance(value, str) else value
    for item in value if isinstance(value, list) else ():
        text = str(item or "").strip()
        if text.startswith("["):
            yield from _flags(text)
        elif text and text.strip("\"'").casefold() != "noflag":
            yield text


def _texts(value: object, name: str) -> tuple[str, ...]:
    return tuple(str(row[name]) for row in rows(value) if row.get(name))
