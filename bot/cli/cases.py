"""Policy cases: requests with the decision that is expected, in a JSON file that users keep beside their
allowlist.

`cases[]` holds `{id, policies[], request{action, resource, context}, expected}`; a case with `user` (and
`usergroups`) in place of `policies` asks the allowlist. `invalid_documents[]` holds `{id, policy}`, each to
be refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.allowlist import Allowlist
from bot.allowlist.text import UnreadableFileError, parse_json, read
from bot.policy import AccessRequest, Decision, PolicyError, PolicySet, parse_policy


class BadCasesError(Exception):
    """The file is not one of cases; the message says why, in one line."""


class Loose(BaseModel):
    """Fields that the format doesn't need (source, note) are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Request(Loose):
    """What is asked. A context value may be text, a number, a boolean or a list of them; else it is none."""

    action: str
    resource: str = "*"
    context: Mapping[str, Any] = Field(default_factory=dict)

    def ask(self) -> AccessRequest:
        """Return the request as the engine takes it."""
        return AccessRequest(
            self.action, self.resource, {key: _texts(value) for key, value in self.context.items()}
        )


class Case(Loose):
    """One request and the decision that is expected of it."""

    id: str
    request: Request
    expected: str
    policies: list[Any] | None = None
    user: str | None = None
    usergroups: frozenset[str] = frozenset()


class InvalidDocument(Loose):
    """A document that must be refused."""

    id: str
    policy: Any


class CaseFile(Loose):
    """The whole file."""

    cases: list[Case] = Field(default_factory=list)
    invalid_documents: list[InvalidDocument] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case after its run; `mismatch` is None when it passed."""

    id: str
    mismatch: str | None = None


def read_cases(path: Path) -> CaseFile:
    """Return the cases of a file. Raises BadCasesError."""
    try:
        written = parse_json(read(path))
        if written.findings:
            raise BadCasesError(str(written.findings[0]))
        return CaseFile.model_validate(written.value)
    except UnreadableFileError as unreadable:
        raise BadCasesError(str(unreadable)) from None
    except ValidationError as invalid:
        first = invalid.errors(include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or path.name
        raise BadCasesError(f"{place}: {first['msg']}") from None


def run_cases(file: CaseFile, allowlist: Allowlist | None) -> Iterator[Outcome]:
    """Run every case, then every document that is to be refused."""
    for case in file.cases:
        yield Outcome(case.id, _mismatch(case, allowlist))
    for invalid in file.invalid_documents:
        refused = _refusal(invalid.policy) is not None
        yield Outcome(invalid.id, None if refused else "expected to be refused, was accepted")


def needs_allowlist(file: CaseFile) -> bool:
    """Whether a case asks for a user of the allowlist."""
    return any(case.policies is None for case in file.cases)


def _mismatch(case: Case, allowlist: Allowlist | None) -> str | None:
    try:
        decision = _decide(case, allowlist)
    except PolicyError as refused:
        return f"expected {case.expected}, a policy was refused: {refused}"
    if decision.verdict == case.expected:
        return None
    behind = ", ".join(f"{ref.policy}.Statement[{ref.index}]" for ref in decision.deciding) or "no statement"
    return f"expected {case.expected}, got {decision.verdict} by {behind}"


def _decide(case: Case, allowlist: Allowlist | None) -> Decision:
    if case.policies is None:
        return (allowlist or Allowlist()).decide(case.user or "", case.usergroups, case.request.ask())
    named = [
        parse_policy(f"policies[{index}]", each, f"policies[{index}]")
        for index, each in enumerate(case.policies)
    ]
    return PolicySet(named).decide(case.request.ask())


def _refusal(document: object) -> PolicyError | None:
    try:
        parse_policy("policy", document, "policy")
    except PolicyError as refused:
        return refused
    return None


def _texts(value: object) -> tuple[str, ...]:
    """Return the value or values as text; what has no text is left out, as a missing key is."""
    if isinstance(value, list):
        return tuple(text for each in value for text in _texts(each))
    if isinstance(value, bool):
        return (str(value).lower(),)
    return (str(value),) if isinstance(value, str | int | float) else ()
