"""The grammar of a RAM policy document: what it may say, and where it's wrong.

Source: Alibaba Cloud, RAM, "Policy structure and syntax" and "Policy elements"; NotResource as in the grammar
before 2021. A document is JSON-like: mappings, lists and text. Nothing is ignored: an element that isn't
understood makes the document unusable, because an unread restriction is a permission nobody meant to give.
"""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress

from bot.policy.conditions import OPERATORS, Comparison, Condition, Effect, UnreadableValueError
from bot.policy.findings import Finding, Report, SourceLocation, TooMuchWrong, Unquoted, meant, shown
from bot.policy.patterns import Pattern
from bot.policy.policies import Policy
from bot.policy.resources import AccountPattern, names_account
from bot.policy.statements import Scope, Statement, StatementRef

LONGEST_DOCUMENT = 6144
"""The most characters that RAM accepts (Alibaba Cloud, RAM, "Limits")."""
VERSION = "1"
_ACTION = re.compile(r"[A-Za-z0-9._*?-]+(:[A-Za-z0-9._*?/-]+)?")
_KEY = re.compile(r"[A-Za-z0-9._-]+:[A-Za-z0-9._-]+(/.+)?", re.DOTALL)


_ANY_STATEMENT: dict[str, object] = {"Effect": "Deny", "Action": "*", "Resource": "*"}
"""A placeholder for a statement that already has its finding."""


class PolicyError(ValueError):
    """A document that can't be used, with every reason."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(str(finding) for finding in findings))
        self.findings = tuple(findings)


def parse_policy(name: str, document: object, place: str | None = None) -> Policy:
    """Return the compiled policy. Raises PolicyError with every error and where it is."""
    report = Report()
    policy = None
    with suppress(TooMuchWrong):
        policy = PolicyReader(report).policy(name, document, SourceLocation(place or f"policies.{name}"))
    errors = [finding for finding in report.findings if finding.is_error]
    if errors or policy is None:
        raise PolicyError(errors)
    return policy


class PolicyReader:
    """Reads documents and reports what's wrong with them; what it returns is valid only without errors.

    Raises TooMuchWrong once the report is full.
    """

    def __init__(self, report: Report) -> None:
        self._report = report

    def policy(self, name: str, document: object, location: SourceLocation) -> Policy:
        """Return a whole document."""
        if not isinstance(document, dict):
            self._error(location, f"must be a mapping, not {shown(document)}")
            return Policy(name, ())
        block = self._block(document, location, ("Version", "Statement"))
        if "Version" not in block:
            self._error(location, 'Version is missing: RAM knows only "1"')
        elif (version := self._text(block["Version"], location.key(block, "Version"))) not in (None, VERSION):
            self._error(location.key(block, "Version"), f'RAM knows only Version "1", not {shown(version)}')
        length = self._length(document, location)
        return Policy(name, tuple(self._statements(name, block, location)), length)

    def condition(self, value: object, location: SourceLocation) -> Condition:
        """Return a Condition block: operator -> key -> value or values."""
        comparisons: list[Comparison] = []
        operators = self._mapping(value, location)
        for operator, keys in operators.items():
            at = location.key(operators, operator)
            if operator not in OPERATORS:
                self._error(at, "RAM has no such operator", "operator-unknown", meant(operator, OPERATORS))
                continue
            block = self._mapping(keys, at, empty="names no condition key")
            for key, wanted in block.items():
                comparisons += self._comparison(operator, key, wanted, at.key(block, key))
        return Condition(tuple(comparisons))

    def _statements(
        self, name: str, block: Mapping[str, object], location: SourceLocation
    ) -> list[Statement]:
        if "Statement" not in block:
            self._error(location, "Statement is missing")
            return []
        at, written = location.key(block, "Statement"), block["Statement"]
        if isinstance(written, dict):
            return [self._statement(name, 0, written, at)]
        if not isinstance(written, list):
            self._error(at, f"must be a list of statements, not {shown(written)}")
            return []
        if not written:
            self._report.add(at.warning("is empty: the policy says nothing", "policy-empty"))
        return [
            self._statement(name, index, each, at.item(written, index)) for index, each in enumerate(written)
        ]

    def _statement(self, name: str, index: int, value: object, location: SourceLocation) -> Statement:
        if not isinstance(value, dict):
            self._error(location, f"must be a mapping, not {shown(value)}")
            return self._statement(name, index, _ANY_STATEMENT, location)
        known = ("Effect", "Action", "NotAction", "Resource", "NotResource", "Condition")
        block = self._block(value, location, known)
        effect = self._effect(block, location)
        actions = self._scope(block, "Action", location)
        resources = self._scope(block, "Resource", location)
        condition = Condition()
        if "Condition" in block:
            condition = self.condition(block["Condition"], location.key(block, "Condition"))
        return Statement(StatementRef(name, index, effect), actions, resources, condition)

    def _effect(self, block: Mapping[str, object], location: SourceLocation) -> Effect:
        if "Effect" not in block:
            self._error(location, "Effect is missing: Allow or Deny")
            return Effect.DENY
        at = location.key(block, "Effect")
        text = self._text(block["Effect"], at)
        if text in ("Allow", "Deny"):
            return Effect(text)
        if text is not None:
            self._error(at, f"must be Allow or Deny, not {shown(text)}", hint=meant(text, tuple(Effect)))
        return Effect.DENY

    def _scope(self, block: Mapping[str, object], name: str, location: SourceLocation) -> Scope:
        """Read `name` or its Not twin, exactly one of them."""
        twin = f"Not{name}"
        written = [each for each in (name, twin) if each in block]
        if len(written) != 1:
            problem = f"{name} and {twin} exclude each other" if written else f"{name} (or {twin}) is missing"
            self._error(location, problem)
            return Scope(())
        element = written[0]
        at = location.key(block, element)
        check = _check_action if name == "Action" else _check_resource
        texts = self._texts(block[element], at)
        for text, where in texts:
            check(text, where, self._report)
        return _compile_scope(name, [text for text, _ in texts], negated=element == twin)

    def _comparison(
        self, operator: str, key: str, wanted: object, location: SourceLocation
    ) -> list[Comparison]:
        if not _KEY.fullmatch(key):
            self._error(location, "is no condition key: <service>:<key>, in ASCII before any /")
        try:
            return [Comparison(operator, key, tuple(text for text, _ in self._texts(wanted, location)))]
        except UnreadableValueError as unreadable:
            self._error(
                location,
                f"{operator} needs {unreadable.needed}, not {shown(unreadable.value)}",
                "value-format",
            )
            return []

    def _texts(self, value: object, location: SourceLocation) -> list[tuple[str, SourceLocation]]:
        """Read one text or a list of them, each with its place."""
        if not isinstance(value, list):
            text = self._text(value, location)
            return [] if text is None else [(text, location)]
        if not value:
            self._error(location, "is an empty list: name at least one value")
        spots = (location.item(value, index) for index in range(len(value)))
        read = [(self._text(each, at), at) for each, at in zip(value, spots, strict=True)]
        return [(text, at) for text, at in read if text is not None]

    def _text(self, value: object, location: SourceLocation) -> str | None:
        if not isinstance(value, str):
            self._error(location, f"must be text in quotes, not {shown(value)}")
            return None
        if isinstance(value, Unquoted):
            problem = f'write it in quotes, as RAM wants it: "{shown(value)}"'
            self._report.add(location.warning(problem, "unquoted"))
        return value

    def _length(self, document: object, location: SourceLocation) -> int:
        """Return its length as compact JSON, in characters."""
        try:
            length = len(json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str))
        except (RecursionError, ValueError):
            self._error(location, "is nested too deep")
            return 0
        if length > LONGEST_DOCUMENT:
            problem = f"has {length:,} characters, RAM takes {LONGEST_DOCUMENT:,}"
            self._report.add(location.warning(problem, "document-long"))
        return length

    def _block(
        self, block: dict[str, object], location: SourceLocation, known: Sequence[str]
    ) -> Mapping[str, object]:
        for name in block:
            if name not in known:
                problem = f"RAM has no such element here, only {', '.join(known)}"
                self._error(location.key(block, name), problem, "element-unknown", meant(name, known))
        return block

    def _mapping(self, value: object, location: SourceLocation, empty: str = "") -> Mapping[str, object]:
        if not isinstance(value, dict):
            self._error(location, f"must be a mapping, not {shown(value)}")
            return {}
        if empty and not value:
            self._error(location, empty)
        return value

    def _error(
        self, location: SourceLocation, message: str, code: str = "invalid", hint: str | None = None
    ) -> None:
        self._report.add(location.error(message, code, hint))


def _check_action(text: str, location: SourceLocation, report: Report) -> None:
    if not _ACTION.fullmatch(text) or not (":" in text or "*" in text):
        report.add(location.error(f"{shown(text)} is no action: <service>:<action> in ASCII, or *"))


def _check_resource(text: str, location: SourceLocation, report: Report) -> None:
    prefix = "".join(text.split("/", 1)[0].split(":")[:4])
    if not prefix.isascii() or not text.strip():
        report.add(
            location.error(f"{shown(text)} is no resource: acs:<service>:<region>:<account>:<id>, or *")
        )


def _compile_scope(name: str, texts: Sequence[str], *, negated: bool) -> Scope:
    """Compile patterns, actions in lower case; keep resources that name an account apart."""
    if name == "Action":
        return Scope(tuple(Pattern(text.lower()) for text in texts), negated, tuple(texts))
    accounts = tuple(AccountPattern(text) for text in texts if names_account(text))
    plain = tuple(Pattern(text) for text in texts if not names_account(text))
    return Scope(plain, negated, tuple(texts), accounts)
