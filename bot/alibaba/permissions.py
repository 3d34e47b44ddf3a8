"""What RAM has to let the bot's own key do: each operation that the bot calls, and what for.

Sources: Alibaba Cloud, the RAM pages of App Streaming 2021-09-01 and Elastic Desktop Service 2020-09-30. All
of them are authorized on `*` alone: "otherwise the policy will be ineffective".
"""

from collections.abc import Collection
from typing import Any

from bot.alibaba import account, images, instances
from bot.alibaba.client import ECD_VERSION, STS_VERSION, Operation

OPERATIONS = (*images.OPERATIONS, *instances.OPERATIONS, *account.OPERATIONS)
"""Every operation that the bot calls."""


def ram_action(operation: Operation) -> str:
    """Return what RAM calls an operation, "" for one that everybody may call (GetCallerIdentity of STS)."""
    if operation.version == STS_VERSION:
        return ""
    return f"{'ecd' if operation.version == ECD_VERSION else 'appstreaming'}:{operation.name}"


def ram_policy(granted: Collection[str]) -> dict[str, Any]:
    """Return the least policy document; `granted` are the actions that the allowlist can grant."""
    called = (each for each in OPERATIONS if not each.granted_by or each.granted_by in granted)
    needed = [action for each in called if (action := ram_action(each))]
    return {"Version": "1", "Statement": [{"Effect": "Allow", "Action": needed, "Resource": "*"}]}
