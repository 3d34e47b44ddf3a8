"""The instances that images are made of: workstations with sub-instances, and cloud desktops.

Power takes time on the clock: RUNNING, STOPPING, STOPPED, STARTING, RUNNING.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.playground.cloud.clock import Clock
from bot.playground.cloud.habits import Habits

WORKSTATION = "WuyingServer"
DESKTOP = "CloudDesktop"
_WHILE = {"STOPPED": "STOPPING", "RUNNING": "STARTING"}


@dataclass(frozen=True, slots=True)
class LocalInstance:
    """One instance. `state` is RUNNING, STOPPED or any other word; a desktop writes it as Running, Stopped.

    `users` are connected while it runs. `image_supported` and `node_exists`, when false, make the cloud
    refuse to image it, each with its own code.
    """

    instance_id: str
    name: str = ""
    kind: str = WORKSTATION
    state: str = "STOPPED"
    os_type: str = "Windows"
    region: str = "cn-shanghai"
    sub_instances: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    image_id: str = "imgc-system-base"
    image_supported: bool = True
    node_exists: bool = True

    def to_json(self) -> dict[str, Any]:
        """For the control endpoint."""
        return asdict(self)


def some_instances() -> tuple[LocalInstance, ...]:
    """Return a handful to play with."""
    return (
        LocalInstance("ws-0buj1s9gm000001", "design-station", sub_instances=("p-0cc7s3n1l00001",)),
        LocalInstance(
            "ws-0buj1s9gm000002",
            "render-farm",
            state="RUNNING",
            os_type="Linux",
            sub_instances=("p-0cc7s3n1l00002", "p-0cc7s3n1l00003"),
            users=("render.bot",),
        ),
        LocalInstance("ecd-7w78ozhjcwa3u0001", "finance-desktop", DESKTOP),
        LocalInstance(
            "ecd-7w78ozhjcwa3u0002", "support-desktop", DESKTOP, state="RUNNING", users=("sam.support",)
        ),
        LocalInstance("ecd-7w78ozhjcwa3u0003", "night-desktop", DESKTOP, flags=("Hibernated",)),
    )


def odd_instances() -> tuple[LocalInstance, ...]:
    """Return machines with names as in real life, an unusual ID, two with one name, another region."""
    return (
        LocalInstance("aig-5k2v7n0001", "agent-pool", sub_instances=("p-0cc7s3n1l00009",)),
        LocalInstance("ws-0buj1s9gm000011", "🚀 build *tools* <@U0ALICE> & `more`"),
        LocalInstance("ws-0buj1s9gm000012", "מכונת-בנייה"),
        LocalInstance("ws-0buj1s9gm000013", "twin"),
        LocalInstance("ecd-7w78ozhjcwa3u0014", "twin", DESKTOP),
        LocalInstance("ecd-7w78ozhjcwa3u0015", "设计工作站", DESKTOP, region="cn-hangzhou"),
    )


@dataclass(frozen=True, slots=True)
class _Turn:
    """On its way to a state, at a moment of the clock; None is never."""

    state: str
    at: float | None


class Instances:
    """The instances by ID.

    Attributes:
        seconds: how long stopping or starting takes, on the clock.
    """

    def __init__(self, instances: Iterable[LocalInstance], clock: Clock, seconds: float = 2.0) -> None:
        self._by_id = {instance.instance_id: instance for instance in instances}
        self._turns: dict[str, _Turn] = {}
        self._clock = clock
        self.seconds = seconds

    def __iter__(self) -> Iterator[LocalInstance]:
        return iter([self._now(instance) for instance in self._by_id.values()])

    def put(self, instance: LocalInstance) -> None:
        """Add or replace one."""
        self._turns.pop(instance.instance_id, None)
        self._by_id[instance.instance_id] = instance

    def remove(self, instance_id: str) -> None:
        """Release one."""
        self._turns.pop(instance_id, None)
        del self._by_id[instance_id]

    def get(self, instance_id: str) -> LocalInstance | None:
        """Return one by ID."""
        instance = self._by_id.get(instance_id)
        return instance and self._now(instance)

    def set_state(self, instance_id: str, state: str) -> None:
        """Set any state, without a delay."""
        self.put(replace(self._by_id[instance_id], state=state))

    def turn(self, instance_id: str, state: str, *, never: bool = False) -> None:
        """Begin to stop or to start; with `never` it gets stuck on the way."""
        at = None if never else self._clock.now() + self.seconds
        self.put(replace(self._by_id[instance_id], state=_WHILE[state]))
        self._turns[instance_id] = _Turn(state, at)

    def turning(self) -> bool:
        """Tell whether any is about to change its state."""
        return any(turn.at is not None and turn.at > self._clock.now() for turn in self._turns.values())

    def _now(self, instance: LocalInstance) -> LocalInstance:
        turn = self._turns.get(instance.instance_id)
        if turn is None or turn.at is None or self._clock.now() < turn.at:
            return instance
        self.put(replace(instance, state=turn.state))
        return self._by_id[instance.instance_id]


def workstation_row(instance: LocalInstance) -> dict[str, Any]:
    """Return it as ListWuyingServer lists it."""
    users = instance.users if instance.state == "RUNNING" else ()
    return {
        "WuyingServerId": instance.instance_id,
        "WuyingServerName": instance.name,
        "Status": instance.state,
        "OsType": instance.os_type,
        "BizRegionId": instance.region,
        "ImageId": instance.image_id,
        "InstanceInfoList": [{"InstanceId": session} for session in instance.sub_instances],
        "ResourceSessionStatus": "CONNECTED" if users else "DISCONNECTED",
        "Sessions": [{"UserId": user} for user in users],
    }


def desktop_row(instance: LocalInstance, habits: Habits) -> dict[str, Any]:
    """Return it as DescribeDesktops lists it; "no flags" is a flag there."""
    users = instance.users if instance.state == "RUNNING" else ()
    return {
        "DesktopId": instance.instance_id,
        "DesktopName": instance.name,
        "DesktopStatus": instance.state.capitalize(),
        "OsType": instance.os_type,
        "ImageId": instance.image_id,
        "ManagementFlags": list(instance.flags) or [habits.no_flag] * bool(habits.no_flag),
        "ConnectionStatus": "Connected" if users else "Disconnected",
        "Sessions": [{"EndUserId": user} for user in users],
    }
