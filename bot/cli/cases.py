"""Policy cases: requests with the decision that is expected, in a JSON file that users keep beside their
allowlist.

`cases[]` holds `{id, policies[], request{action, resource, context}, expected}`; a case with `user` (and
`usergroups`) instead of `policies` asks the allowlist. `invalid_documents[]` holds `{id, policy}`, each to
be refused. The format is public: docs/allowlist.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.allowlist import Allowlist
from bot.allowlist.text import UnreadableFileError, parse_json, read
from bot.cli.question_checks import doubts
from bot.cli.simulation import facts_of
from bot.domain.vocabulary import ANYWHERE
from bot.policy import AccessRequest, Decision, Finding, PolicyError, PolicySet, Verdict, parse_policy
from bot.policy.findings import shown

SHAPES = {
    "string_type": "text",
    "list_type": "a list",
    "frozen_set_type": "a list",
    "model_type": "a JSON object",
    "dict_type": "a JSON object",
    "enum": "Allow, ImplicitDeny or ExplicitDeny",
}
"""What each of pydantic's complaints asks for."""


class BadCasesError(Exception):
    """The file isn't one of cases; the message says why, in one line."""


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
    expected: Verdict
    policies: list[Any] | None = None
    user: str | None = None
    usergroups: frozenset[str] = frozenset()

    @model_validator(mode="after")
    def _asks_one_of_two(self) -> Self:
        if (self.policies is None) is (self.user is None):
            raise ValueError("has to have either policies or a user of the allowlist")
        return self


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
            raise BadCasesError(_sentence(written.findings[0]))
        return CaseFile.model_validate(written.value)
    except UnreadableFileError as unreadable:
        raise BadCasesError(_sentence(unreadable.finding)) from None
    except ValidationError as invalid:
        raise BadCasesError(_problem(invalid.errors(include_url=False)[0])) from None


def _sentence(finding: Finding) -> str:
    return f"line {finding.line}: {finding.message}" if finding.line else finding.message


def _problem(error: Mapping[str, Any]) -> str:
    """Say in a user's words what pydantic says in a programmer's: `cases[0].id must be text, not a list`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in error["loc"])
    place = "".join(steps).removeprefix(".") or "the file"
    if error["type"] == "missing":
        return f"{place} is missing"
    if error["type"] == "value_error":
        return f"{place} {error['ctx']['error']}"
    return f"{place} must be {SHAPES[error['type']]}, not {shown(error['input'])}"


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


def notes(file: CaseFile) -> Iterator[str]:
    """Yield what the bot never asks, of the cases that ask the allowlist: such a case proves nothing."""
    for case in file.cases:
        if case.user is not None:
            asked, groups = case.request, sorted(case.usergroups)
            pairs = [(key, value) for key, values in asked.ask().context.items() for value in values]
            resource = asked.resource if "resource" in asked.model_fields_set else None
            found = doubts(case.user, groups, asked.action, resource, facts_of(pairs), ANYWHERE)
            yield from (f"{case.id}: note: {doubt}" for doubt in found)


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
