"""What a check finds: a value that is printed, logged or counted."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is. Only a `FINDING` would fail in use."""

    OK = "ok"
    NOTE = "note"
    FINDING = "finding"


@dataclass(frozen=True)
class Finding:
    """One line of the report: a code for machines, a sentence for people, and what to do about it."""

    code: str
    severity: Severity
    sentence: str
    todo: str = ""


def ok(code: str, sentence: str) -> Finding:
    """Return what is as it should be."""
    return Finding(code, Severity.OK, sentence)


def note(code: str, sentence: str, todo: str = "") -> Finding:
    """Return what is worth knowing and fails nothing."""
    return Finding(code, Severity.NOTE, sentence, todo)


def finding(code: str, sentence: str, todo: str) -> Finding:
    """Return what would fail in use."""
    return Finding(code, Severity.FINDING, sentence, todo)
