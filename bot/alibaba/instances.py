"""ListWuyingServer and ecd DescribeDesktops: does the instance exist, does it run. No I/O.

Sources: Alibaba Cloud, App Streaming 2021-09-01 ListWuyingServer (no list of states is published, RUNNING is
its example); Elastic Desktop Service 2020-09-30 DescribeDesktops ("DesktopStatus", "ManagementFlags").
"""

from collections.abc import Iterator, Mapping

from bot.alibaba.answers import Body
from bot.alibaba.client import ECD_VERSION, Operation
from bot.ports import Instance, InstanceState

LIST_WORKSTATIONS = Operation("ListWuyingServer")
DESCRIBE_DESKTOPS = Operation("DescribeDesktops", ECD_VERSION)


def workstation_form(instance_id: str) -> dict[str, str]:
    """The form that asks for one workstation."""
    return {"WuyingServerIdList.1": instance_id, "PageNumber": "1", "PageSize": "1"}


def desktop_query(instance_id: str, region: str) -> dict[str, str]:
    """The query that asks for one desktop; all of ecd's parameters travel there."""
    return {"RegionId": region, "DesktopId.1": instance_id}


def workstation(body: Body, instance_id: str) -> Instance | None:
    """The workstation of that id, None when it is not listed."""
    for row in _rows(body.get("WuyingServerList")):
        if row.get("WuyingServerId") == instance_id:
            return Instance(
                instance_id=instance_id,
                name=str(row.get("WuyingServerName") or row.get("Name") or ""),
                state=_state(str(row.get("Status") or "")),
                state_text=str(row.get("Status") or ""),
                os_type=str(row.get("OsType") or ""),
                sub_instances=tuple(_sessions(row)),
            )
    return None


def desktop(body: Body, instance_id: str) -> Instance | None:
    """The desktop of that id, None when it is not listed. With a flag, Stopped is not stopped."""
    for row in _rows(body.get("Desktops")):
        if row.get("DesktopId") == instance_id:
            status = str(row.get("DesktopStatus") or "")
            flags = [str(flag) for flag in row.get("ManagementFlags") or ()]
            return Instance(
                instance_id=instance_id,
                name=str(row.get("DesktopName") or ""),
                state=InstanceState.OTHER if flags else _state(status),
                state_text=", ".join([status, *flags]),
                os_type=str(row.get("OsType") or ""),
            )
    return None


def _state(status: str) -> InstanceState:
    try:
        return InstanceState(status.upper())
    except ValueError:
        return InstanceState.OTHER


def _sessions(row: Body) -> Iterator[str]:
    for session in _rows(row.get("InstanceInfoList")):
        if session.get("InstanceId"):
            yield str(session["InstanceId"])


def _rows(value: object) -> list[Body]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
