"""Operations on machines: list them, stop them, start them.

Sources: Alibaba Cloud reference pages of App Streaming 2021-09-01 (ListWuyingServer, StopWuyingServer,
StartWuyingServer) and Elastic Desktop Service 2020-09-30 (DescribeDesktops, StopDesktops, StartDesktops,
DescribeRegions). No codes are published for workstations; theirs are the desktops'.
"""

from bot.playground.cloud.envelopes import Answer, Refused
from bot.playground.cloud.images import REGIONS
from bot.playground.cloud.instances import (
    DESKTOP,
    WORKSTATION,
    LocalInstance,
    desktop_row,
    workstation_row,
)
from bot.playground.cloud.parameters import Asked, World, check_values, listed, number_of, page_of


def list_workstations(world: World, asked: Asked) -> Answer:
    """ListWuyingServer; its envelope has neither Success nor Code.

    The list of IDs only accepts the usual form; others (`aig-…`) are found by name or ID.
    """
    ids = listed(asked.form, "WuyingServerIdList")
    name, status = asked.form.get("WuyingServerNameOrId", ""), asked.form.get("Status")
    found = [
        instance
        for instance in world.instances
        if instance.kind == WORKSTATION
        and (not ids or (instance.instance_id in ids and instance.instance_id.startswith("ws-")))
        and (name in instance.name or name == instance.instance_id)
        and status in (None, instance.state)
    ]
    page, number, size = page_of(found, asked.form, default=20)
    rows = [workstation_row(instance) for instance in page]
    body = {"RequestId": asked.request_id, "TotalCount": len(found), "WuyingServerList": rows}
    return Answer(200, body | {"PageNumber": number, "PageSize": size})


def describe_desktops(world: World, asked: Asked) -> Answer:
    """ecd DescribeDesktops: everything in the query, one region, page after page with NextToken."""
    region, ids = _region(asked), listed(asked.query, "DesktopId")
    found = [
        instance
        for instance in world.instances
        if instance.kind == DESKTOP and instance.region == region and (not ids or instance.instance_id in ids)
    ]
    size, start = number_of(asked.query, "MaxResults", 10), number_of(asked.query, "NextToken", 0)
    if not 1 <= size <= 100 or len(ids) > 100:
        raise Refused("InvalidParameter", "The specified parameter MaxResults or DesktopId is not valid.")
    size = max(size, len(ids))
    rows = [desktop_row(instance, world.habits) for instance in found[start : start + size]]
    body = {"RequestId": asked.request_id, "TotalCount": len(found), "Desktops": rows}
    more = {"NextToken": str(start + size)} if start + size < len(found) else {}
    return Answer(200, body | more)


def describe_regions(world: World, asked: Asked) -> Answer:  # noqa: ARG001 - the same for everybody
    """ecd DescribeRegions."""
    _region(asked)
    rows = [{"RegionId": it, "RegionEndpoint": f"ecd.{it}.aliyuncs.com", "LocalName": it} for it in REGIONS]
    return Answer(200, {"RequestId": asked.request_id, "Regions": rows})


def stop_workstations(world: World, asked: Asked) -> Answer:
    """StopWuyingServer; its page capitalizes Force."""
    check_values(asked.form, {"Force": ("True", "False")})
    return _turn(world, asked, _workstations(world, asked), "RUNNING", "STOPPED")


def start_workstations(world: World, asked: Asked) -> Answer:
    """StartWuyingServer."""
    return _turn(world, asked, _workstations(world, asked), "STOPPED", "RUNNING")


def stop_desktops(world: World, asked: Asked) -> Answer:
    """Ecd StopDesktops."""
    check_values(asked.query, {"StoppedMode": ("StopCharging", "KeepCharging")})
    return _turn(world, asked, _desktops(world, asked), "RUNNING", "STOPPED")


def start_desktops(world: World, asked: Asked) -> Answer:
    """Ecd StartDesktops."""
    return _turn(world, asked, _desktops(world, asked), "STOPPED", "RUNNING")


def _turn(world: World, asked: Asked, machines: list[LocalInstance], before: str, after: str) -> Answer:
    """Turn all or none: each has to be in the state that the operation starts from."""
    if any(machine.state != before for machine in machines):
        raise Refused("IncorrectDesktopStatus")
    for machine in machines:
        world.instances.turn(machine.instance_id, after, never=asked.fails)
    return Answer(200, {"RequestId": asked.request_id})


def _workstations(world: World, asked: Asked) -> list[LocalInstance]:
    return _known(world, listed(asked.form, "WuyingServerIdList"), WORKSTATION, None)


def _desktops(world: World, asked: Asked) -> list[LocalInstance]:
    return _known(world, listed(asked.query, "DesktopId"), DESKTOP, _region(asked))


def _known(world: World, ids: list[str], kind: str, region: str | None) -> list[LocalInstance]:
    if not ids:
        raise Refused("MissingParameter", "The list of ids is mandatory for this action.")
    found = [world.instances.get(instance_id) for instance_id in ids]
    known = [it for it in found if it and it.kind == kind and region in (None, it.region)]
    if len(known) < len(ids):
        raise Refused("InvalidDesktopId.NotFound")
    return known


def _region(asked: Asked) -> str:
    region = asked.query.get("RegionId")
    if not region:
        raise Refused("MissingRegionId", "RegionId is mandatory for this action.")
    return region
