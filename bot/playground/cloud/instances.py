"""The instances that images are made of: workstations with sub-instances, and cloud desktops."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

WORKSTATION = "WuyingServer"
DESKTOP = "CloudDesktop"


@dataclass(frozen=True, slots=True)
class LocalInstance:
    """One instance. `state` is RUNNING, STOPPED or any other word; a desktop writes it as Running, Stopped.

    `image_supported` and `node_exists` turned off make the cloud refuse to image it, each with its own code.
    """

    instance_id: str
    name: str = ""
    kind: str = WORKSTATION
    state: str = "STOPPED"
    os_type: str = "Windows"
    region: str = "cn-shanghai"
    sub_instances: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    image_supported: bool = True
    node_exists: bool = True

    def to_json(self) -> dict[str, Any]:
        """For the control endpoint."""
        return asdict(self)


def some_instances() -> tuple[LocalInstance, ...]:
    """A handful to play with."""
    return (
        LocalInstance("ws-0buj1s9gm000001", "design-station", sub_instances=("p-0cc7s3n1l00001",)),
        LocalInstance(
            "ws-0buj1s9gm000002",
            "render-farm",
            state="RUNNING",
            os_type="Linux",
            sub_instances=("p-0cc7s3n1l00002", "p-0cc7s3n1l00003"),
        ),
        LocalInstance("ecd-7w78ozhjcwa3u0001", "finance-desktop", DESKTOP),
        LocalInstance("ecd-7w78ozhjcwa3u0002", "support-desktop", DESKTOP, state="RUNNING"),
        LocalInstance("ecd-7w78ozhjcwa3u0003", "night-desktop", DESKTOP, flags=("Hibernated",)),
    )


class Instances:
    """The instances by id."""

    def __init__(self, instances: Iterable[LocalInstance]) -> None:
        self._by_id = {instance.instance_id: instance for instance in instances}

    def __iter__(self) -> Iterator[LocalInstance]:
        return iter(self._by_id.values())

    def put(self, instance: LocalInstance) -> None:
        """Add or replace one."""
        self._by_id[instance.instance_id] = instance

    def remove(self, instance_id: str) -> None:
        """Release one."""
        del self._by_id[instance_id]

    def get(self, instance_id: str) -> LocalInstance | None:
        """One by id."""
        return self._by_id.get(instance_id)

    def set_state(self, instance_id: str, state: str) -> None:
        """Start, stop, or anything else."""
        self.put(replace(self._by_id[instance_id], state=state))


def workstation_row(instance: LocalInstance) -> dict[str, Any]:
    """As ListWuyingServer lists it."""
    return {
        "WuyingServerId": instance.instance_id,
        "WuyingServerName": instance.name,
        "Status": instance.state,
        "OsType": instance.os_type,
        "BizRegionId": instance.region,
        "InstanceInfoList": [{"InstanceId": session} for session in instance.sub_instances],
    }


def desktop_row(instance: LocalInstance) -> dict[str, Any]:
    """As DescribeDesktops lists it."""
    return {
        "DesktopId": instance.instance_id,
        "DesktopName": instance.name,
        "DesktopStatus": instance.state.capitalize(),
        "OsType": instance.os_type,
        "ManagementFlags": list(instance.flags),
        "ConnectionStatus": "Connected" if instance.state == "RUNNING" else "Disconnected",
    }
