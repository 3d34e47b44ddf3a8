"""Checks of an edit beyond right or wrong: was the file cut short, is much of it gone?

A file that is cut off while it's written can still be valid YAML: rules vanish, and nothing says so.
"""

from bot.allowlist.model import Allowlist
from bot.policy.findings import Finding, Level

FEW = 2
"""Statements, or attachments, that may go without a warning."""


def findings_of_edit(before: Allowlist, after: Allowlist) -> tuple[Finding, ...]:
    """Return an error when the end mark is gone, and a warning for each part that lost half or more."""
    if before.end_marked and not after.end_marked:
        problem = "the last line `end: true` is gone: the file may be cut short (removed on purpose: restart)"
        return (Finding("end", problem, code="end-missing"),)
    counts = {
        "statements": (_statements(before), _statements(after)),
        "attachments": (len(before.attachments), len(after.attachments)),
        "approval rules": (len(before.rules), len(after.rules)),
    }
    return tuple(
        Finding("", f"this edit removed {was - now} of {was} {part}", None, Level.WARNING, "much-removed")
        for part, (was, now) in counts.items()
        if was - now > FEW and now <= was / 2
    )


def _statements(allowlist: Allowlist) -> int:
    return sum(len(policy.statements) for policy in allowlist.policies.values())
