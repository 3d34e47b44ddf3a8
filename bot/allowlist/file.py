"""The allowlist file: YAML in, an `Allowlist` out, or every finding with its line."""

import gc
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from bot.allowlist.checks import suspicions
from bot.allowlist.fields import Fields
from bot.allowlist.model import Allowlist, AllowlistBroken, Attachment
from bot.allowlist.rule_checks import impossible_rules
from bot.allowlist.rules import PEOPLE, read_groups, read_rules
from bot.allowlist.slack_ids import USERGROUP
from bot.allowlist.text import UnreadableFileError, Written, parse_json, parse_yaml, read, stamp
from bot.domain.vocabulary import ANYWHERE, Deployment
from bot.policy import Finding, Policy, PolicyReader
from bot.policy.findings import MOST_FINDINGS, Report, SourceLocation, TooMuchWrong, meant, shown

KEYS = ("policies", "attachments", "approvals", "groups", "admin_channel", "end")
Exists = Callable[[str, str], bool]
"""Is there such a one in Slack? Kind (`users`, `usergroups`, `channels`) and id."""


def load(path: Path | str) -> Allowlist:
    """Return the file's allowlist, with the warnings that reading gave. Raises AllowlistBroken."""
    path = Path(path)
    reading = _read(path)
    allowlist, findings = reading.allowlist, reading.findings
    if not any(finding.is_error for finding in findings):
        findings += tuple(impossible_rules(allowlist, reading.tree))
    if any(finding.is_error for finding in findings):
        raise AllowlistBroken(path, findings, allowlist.sources)
    return replace(allowlist, warnings=findings, written=reading.tree)


def inspect(allowlist: Allowlist, deployment: Deployment = ANYWHERE) -> Allowlist:
    """Return the same with everything worth a warning in `warnings`, and ready to decide at once.

    Takes a while for big files: a thread's work while the bot runs.
    """
    for policy in allowlist.policies.values():
        policy.prepare()
    found = islice(suspicions(allowlist, allowlist.written, deployment), MOST_FINDINGS)
    return replace(allowlist, warnings=(*allowlist.warnings, *found), written={})


def check(path: Path | str, exists: Exists | None = None, deployment: Deployment = ANYWHERE) -> list[Finding]:
    """Return everything to know about the file, errors first; `exists` looks IDs up in Slack."""
    try:
        allowlist = inspect(load(path), deployment)
    except AllowlistBroken as broken:
        findings = list(broken.findings)
    else:
        findings = [*allowlist.warnings, *(_strangers(allowlist, exists) if exists else [])]
    return sorted(findings, key=lambda finding: (not finding.is_error, finding.line or 0))


@dataclass(frozen=True, slots=True)
class _Reading:
    allowlist: Allowlist
    findings: tuple[Finding, ...]
    tree: Mapping[str, object]


def _read(path: Path) -> _Reading:
    """Read with the cycle collector paused, which finds no cycle but takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        return _read_all(path)
    finally:
        if was_on:
            gc.enable()


def _read_all(path: Path) -> _Reading:
    report = Report()
    reader = _FileReader(path, report)
    allowlist, tree = Allowlist(sources=reader.sources), _NOTHING
    try:
        written = parse_yaml(read(path))
        tree = written.value if isinstance(written.value, dict) else _NOTHING
        allowlist = reader.allowlist(written)
    except UnreadableFileError as unreadable:
        report.add(unreadable.finding)
    except TooMuchWrong:
        pass  # the report says so
    return _Reading(allowlist, report.findings, tree)


class _FileReader:
    """One reading of one file and of the JSON files that it names."""

    def __init__(self, path: Path, report: Report) -> None:
        self.fields = Fields(report)
        self._report = report
        self._path = path
        self.sources = {path: stamp(path)}

    def allowlist(self, written: Written) -> Allowlist:
        """Every part of the file. What it returns counts only without errors."""
        for finding in written.findings:
            self._report.add(finding)
        location = SourceLocation("")
        if written.value is None:
            self.fields.error(location, "is empty", "file-empty")
        top = self.fields.block(written.value, location, KEYS)
        policies = self._policies(top.get("policies"), location.key(top, "policies"))
        groups = self._groups(top.get("groups"), location.key(top, "groups"))
        return Allowlist(
            policies=policies,
            attachments=self._attachments(top, policies, groups),
            rules=read_rules(top.get("approvals"), location.key(top, "approvals"), self.fields, groups),
            groups=groups,
            admin_channel=self.fields.channel(top, "admin_channel", location),
            sources=self.sources,
            end_marked=self._end(top, location),
        )

    def _end(self, top: Mapping[str, object], location: SourceLocation) -> bool:
        """Return the mark behind everything else: a file that has it was written to its end."""
        if "end" not in top:
            return False
        if top["end"] != "true" or list(top)[-1] != "end":
            self.fields.error(
                location.key(top, "end"), "must be the last line of the file: `end: true`", "end"
            )
        return True

    def _policies(self, value: object, location: SourceLocation) -> dict[str, Policy]:
        block = self.fields.block(value, location)
        reader = PolicyReader(self._report)
        policies = {}
        for name, document in block.items():
            at, policies[name] = location.key(block, name), Policy(name, ())
            if not isinstance(document, str):
                policies[name] = reader.policy(name, document, at)
            elif written := self._json(document, at):
                policies[name] = reader.policy(
                    name, written.value, SourceLocation(at.path, file=str(document))
                )
        return policies

    def _json(self, name: str, location: SourceLocation) -> Written | None:
        """Return a document in a file of its own, next to the allowlist; None when it has its finding."""
        path = self._path.parent / name
        self.sources[path] = stamp(path)
        if path.suffix != ".json":
            self.fields.error(
                location, f"must be a policy document or a .json file's path, not {shown(name)}"
            )
            return None
        try:
            written = parse_json(read(path))
        except UnreadableFileError as unreadable:
            found = unreadable.finding
            line = f"line {found.line}: " if found.line else ""
            self.fields.error(location, f"{shown(name)}: {line}{found.message}", found.code)
            return None
        for finding in written.findings:
            self._report.add(replace(finding, place=location.path, file=name))
        return written

    def _groups(self, value: object, location: SourceLocation) -> dict[str, frozenset[str]]:
        block = self.fields.block(value, location)
        for name in block:
            if USERGROUP.fullmatch(name):
                self.fields.error(location.key(block, name), "looks like a Slack usergroup's ID")
        return {
            name: self.fields.ids_in(users, location.key(block, name), "users")
            for name, users in block.items()
        }

    def _attachments(
        self, top: Mapping[str, object], policies: Collection[str], groups: Collection[str]
    ) -> tuple[Attachment, ...]:
        written = self.fields.items(top.get("attachments"), SourceLocation("").key(top, "attachments"))
        return tuple(self._attachment(each, at, policies, groups) for each, at in written)

    def _attachment(
        self, value: object, location: SourceLocation, policies: Collection[str], groups: Collection[str]
    ) -> Attachment:
        block = self.fields.block(value, location, (*PEOPLE, "everyone", "policies"))
        if not isinstance(value, dict):
            return Attachment(policies=())
        if not any(key in block for key in (*PEOPLE, "everyone")):
            self.fields.error(location, "says not for whom: users, usergroups, groups or everyone")
        if "policies" not in block:
            self.fields.error(location, "policies is missing")
        names = self.fields.names(block, "policies", location)
        for name, at in names:
            if name not in policies:
                self.fields.error(
                    at, f"there is no policy {shown(name)}", "policy-unknown", meant(name, policies)
                )
        if block.get("everyone") == "false" and not any(block.get(key) for key in PEOPLE):
            self._report.add(
                location.warning("is for nobody: everyone is false, and nobody is named", "empty")
            )
        return Attachment(
            policies=tuple(name for name, _ in names),
            users=self.fields.ids(block, "users", location),
            usergroups=self.fields.ids(block, "usergroups", location),
            groups=read_groups(block, location, self.fields, groups),
            everyone=self.fields.flag(block, "everyone", location),
        )


_NOTHING: Mapping[str, object] = {}


def _strangers(allowlist: Allowlist, exists: Exists) -> list[Finding]:
    """Ids that Slack does not know."""
    channels = {rule.channel for rule in allowlist.rules} | {allowlist.admin_channel}
    named = [
        ("users", allowlist.users),
        ("usergroups", allowlist.usergroups),
        ("channels", channels - {None}),
    ]
    return [
        Finding(kind, f"Slack knows no {shown(each)}", code="slack-unknown")
        for kind, ids in named
        for each in sorted(filter(None, ids))
        if not exists(kind, each)
    ]
