"""The report: a table for people, JSON for machines."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from bot.process.doctor.finding import Finding, Severity

MARKS = {Severity.OK: "ok", Severity.NOTE: "note", Severity.FINDING: "FINDING"}


def line(found: Finding) -> str:
    """Return a finding as a line of the table, what to do under it."""
    todo = f"\n{'':9}→ {found.todo}" if found.todo else ""
    return f"{MARKS[found.severity]:<9}{found.sentence}{todo}"


def summary(found: Sequence[Finding]) -> str:
    """Return the last line of the table."""
    counted = {severity: sum(each.severity is severity for each in found) for severity in Severity}
    return (
        f"{counted[Severity.OK]} ok, {count(counted[Severity.NOTE], 'note')}, "
        f"{count(counted[Severity.FINDING], 'finding')}"
    )


def as_json(found: Sequence[Finding]) -> str:
    """Return everything as JSON."""
    return json.dumps([asdict(each) for each in found], indent=2, ensure_ascii=False)


def count(number: int, what: str) -> str:
    """Return a number of things in words: "1 note", "2 notes"."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
