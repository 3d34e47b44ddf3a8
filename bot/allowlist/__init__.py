"""The allowlist file: policies, who has them, and approval rules; read, checked and followed."""

from bot.allowlist.file import Exists, check, inspect, load
from bot.allowlist.live import LiveAllowlist, watch
from bot.allowlist.model import Allowlist, AllowlistBroken, Attachment
from bot.allowlist.statement_checks import Deployment

__all__ = [
    "Allowlist",
    "AllowlistBroken",
    "Attachment",
    "Deployment",
    "Exists",
    "LiveAllowlist",
    "check",
    "inspect",
    "load",
    "watch",
]
