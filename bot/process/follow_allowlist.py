"""Follows the allowlist file while the process runs, and tells what became of every edit."""

from collections.abc import Callable
from pathlib import Path

import structlog

from bot.allowlist import Allowlist, LiveAllowlist
from bot.policy import Finding
from handlers.messages.admin_channel import AdminChannel

log = structlog.get_logger(__name__)


class FollowAllowlist:
    """Takes good edits and keeps the old rules over broken ones; log and admin channel hear of both."""

    def __init__(
        self,
        rules: LiveAllowlist,
        path: Path,
        admin_channel: AdminChannel | None,
        reloaded: Callable[[str], None],
    ) -> None:
        self._rules = rules
        self._path = path
        self._admin_channel = admin_channel
        self._reloaded = reloaded
        self._broken = False

    async def run(self) -> None:
        """Follow the file until cancelled; what is worth a warning at the start is told first."""
        _warn(self._rules.current)
        await self._rules.follow(self._path, self._took_edit, self._kept_old_rules)

    async def _took_edit(self, allowlist: Allowlist) -> None:
        log.info("allowlist_taken", policies=len(allowlist.policies), rules=len(allowlist.rules))
        self._reloaded("taken")
        _warn(allowlist)
        was_broken, self._broken = self._broken, False
        if was_broken and self._admin_channel is not None and allowlist.admin_channel:
            await self._admin_channel.mended(allowlist.admin_channel, allowlist)

    async def _kept_old_rules(self, findings: tuple[Finding, ...]) -> None:
        for finding in findings:
            log.error("allowlist_broken", finding=str(finding))
        self._reloaded("broken")
        self._broken = True
        channel = self._rules.current.admin_channel
        if self._admin_channel is not None and channel:
            await self._admin_channel.broken(channel, findings)


def _warn(allowlist: Allowlist) -> None:
    for finding in allowlist.warnings:
        log.warning("allowlist_warning", finding=str(finding))
