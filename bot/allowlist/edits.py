"""What an edit of the allowlist does beyond being right or wrong: was the file cut short, did much go?

A file that is cut short while it is written can still be valid YAML: rules vanish, and nothing says so.
"""

from bot.allowlist.model import Allowlist
from bot.policy.findings import Finding, Level

FEW = 2
"""So many statements, or attachments, may go without a word."""


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
