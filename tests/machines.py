"""Machines to search for, without a cloud."""

from pathlib import Path

from bot.alibaba import InstanceIndex
from bot.allowlist import Allowlist, load
from bot.allowlist.authorizer import Authorizer
from bot.domain.image import InstanceType
from bot.domain.request import InstanceState
from bot.domain.vocabulary import Deployment
from bot.ports import Instance
from bot.service.instances import Instances
from tests.ports import Clock, FakeCloud, FakeDirectory

RULES = Path(__file__).parent / "data" / "house.yaml"


def machine(
    instance_id: str = "ws-0buj1s9gm000001",
    name: str = "design-station",
    state: InstanceState = InstanceState.STOPPED,
    sessions: tuple[str, ...] = ("p-1",),
    users: tuple[str, ...] = (),
) -> Instance:
    """One machine; its ID tells its type."""
    kind = InstanceType.told_by(instance_id) or InstanceType.WUYING_SERVER
    held = sessions if kind is InstanceType.WUYING_SERVER else ()
    return Instance(instance_id, name, kind, state, os_type="Windows", sub_instances=held, users=users)


def instances(
    *machines: Instance,
    cloud: FakeCloud | None = None,
    directory: FakeDirectory | None = None,
    allowlist: Allowlist | None = None,
) -> Instances:
    """Return machines to search under an allowlist: the house's by default."""
    cloud = cloud or FakeCloud()
    cloud.listed = machines
    rules = allowlist or load(RULES)
    rights = Authorizer(lambda: rules, directory or FakeDirectory(), Deployment("cn-shanghai"), Clock())
    return Instances(InstanceIndex(cloud.instances), cloud, rights)


def nowhere() -> Instances:
    """Return machines nobody can see, because Slack doesn't say who asks."""
    return instances(directory=FakeDirectory(down=True))
