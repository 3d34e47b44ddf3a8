"""What RAM has to let the bot's own key do: each operation that the bot calls, and what for.

Sources: Alibaba Cloud, the RAM pages of App Streaming 2021-09-01 and Elastic Desktop Service 2020-09-30. All
of them are authorized on `*` alone: "otherwise the policy will be ineffective". GetCallerIdentity of STS
needs no permission.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from bot.alibaba import account, images, instances
from bot.alibaba.client import ECD_VERSION, Operation
from bot.domain.vocabulary import DISTRIBUTE, STOP_DESKTOP, STOP_WORKSTATION


@dataclass(frozen=True)
class Permission:
    """One operation; `granted_by` are actions of the allowlist without which the bot never calls it."""

    operation: Operation
    granted_by: str = ""

    @property
    def action(self) -> str:
        """What RAM calls it."""
        return f"{'ecd' if self.operation.version == ECD_VERSION else 'appstreaming'}:{self.operation.name}"


PERMISSIONS = (
    Permission(images.CREATE),
    Permission(images.LIST),
    Permission(instances.LIST_WORKSTATIONS),
    Permission(instances.DESCRIBE_DESKTOPS),
    Permission(instances.STOP_WORKSTATION, STOP_WORKSTATION),
    Permission(instances.START_WORKSTATION, STOP_WORKSTATION),
    Permission(instances.STOP_DESKTOPS, STOP_DESKTOP),
    Permission(instances.START_DESKTOPS, STOP_DESKTOP),
    Permission(images.DISTRIBUTE, DISTRIBUTE),
    Permission(account.LIST_REGIONS, DISTRIBUTE),
    Permission(account.DESCRIBE_REGIONS, DISTRIBUTE),
)
NEED_NONE = (account.CALLER,)
"""Operations that everybody may call."""


def ram_policy(granted: Collection[str]) -> dict[str, Any]:
    """Return the least policy document; `granted` are the actions that the allowlist can grant."""
    needed = [each.action for each in PERMISSIONS if not each.granted_by or each.granted_by in granted]
    return {"Version": "1", "Statement": [{"Effect": "Allow", "Action": needed, "Resource": "*"}]}
