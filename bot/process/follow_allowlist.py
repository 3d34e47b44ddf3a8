"""Follows the allowlist file while the process runs, and reports the result of every edit."""

from collections.abc import Callable
from pathlib import Path

import structlog

from bot.allowlist import Allowlist, LiveAllowlist
from bot.domain.message import Subject
from bot.policy import Finding
from bot.store.admin_notices import AdminNotices

log = structlog.get_logger(__name__)

ALLOWLIST = Subject("allowlist", "file")


class FollowAllowlist:
    """Takes good edits and keeps the old rules when an edit is broken; both go to the log and the admin
    channel.
    """

    def __init__(
        self,
        rules: LiveAllowlist,
        path: Path,
        admins: AdminNotices,
        reloaded: Callable[[str], None],
    ) -> None:
        self._rules = rules
        self._path = path
        self._admins = admins
        self._reloaded = reloaded

    async def run(self) -> None:
        """Follow the file until cancelled; what is worth a warning at the start is told first."""
        await self._in_use(self._rules.current)
        await self._rules.follow(self._path, self._took_edit, self._kept_old_rules)

    async def _took_edit(self, allowlist: Allowlist) -> None:
        log.info("allowlist_taken", policies=len(allowlist.policies), rules=len(allowlist.rules))
        self._reloaded("taken")
        await self._in_use(allowlist)

    async def _in_use(self, allowlist: Allowlist) -> None:
        """Report its warnings; without any, report that it's fixed, if anything was wrong."""
        warnings = [str(finding) for finding in allowlist.warnings]
        for warning in warnings:
            log.warning("allowlist_warning", finding=warning)
        if warnings:
            await self._admins.tell(allowlist.admin_channel, ALLOWLIST, "warned", {"findings": warnings})
            return
        counts = {"policies": len(allowlist.policies), "rules": len(allowlist.rules)}
        await self._admins.tell(allowlist.admin_channel, ALLOWLIST, "fixed", counts, only_after_another=True)

    async def _kept_old_rules(self, findings: tuple[Finding, ...]) -> None:
        ranked = [str(finding) for finding in sorted(findings, key=lambda finding: not finding.is_error)]
        for finding in ranked:
            log.error("allowlist_broken", finding=finding)
        self._reloaded("broken")
        channel = self._rules.current.admin_channel
        await self._admins.tell(channel, ALLOWLIST, "broken", {"findings": ranked})
