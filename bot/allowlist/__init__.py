"""The allowlist file: policies, who has them, and approval rules; read, checked and followed."""

from bot.allowlist.asking import access_request
from bot.allowlist.file import Exists, check, inspect, load
from bot.allowlist.live import LiveAllowlist, watch
from bot.allowlist.model import Allowlist, AllowlistBroken, Attachment, located

__all__ = [
    "Allowlist",
    "AllowlistBroken",
    "Attachment",
    "Exists",
    "LiveAllowlist",
    "access_request",
    "check",
    "inspect",
    "load",
    "located",
    "watch",
]
