"""Files to values: YAML and JSON, read so that no file can do harm and every value keeps its line.

A YAML scalar is its text and nothing else: `on`, `22:00`, `1` and `007` stay what was typed, whatever YAML
1.1 makes of them; only `null`, `~` and nothing at all are None. Aliases, tags and a second document are
refused, and so are keys given twice, big, crowded and deep files. Nothing here recurses.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.policy.findings import Block, Finding, Items, SourceLocation, Unquoted, shown
from bot.policy.signs import named_signs

Stamp = tuple[int, int, int]
"""Tells a file from its earlier self: time of change, inode, size."""
Sources = Mapping[Path, Stamp | None]
"""The files that were read, as they were then; None: it was not there."""
MOST_BYTES = 8 * 1024 * 1024
DEEPEST = 24
MOST_EVENTS = 600_000
"""Values, and beginnings and ends of lists and mappings; 10,000 statements with conditions have a third."""
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_WHOLE = SourceLocation("")
"""The place of what is wrong with a file as a whole."""
_YAML_MISTAKES = {
    "mapping values are not allowed": "a colon where none can be: a key's needs a space after it, "
    "a text with one needs quotes",
    "could not find expected ':'": "a key without its colon, or a line that is not indented enough",
    "did not find expected ',' or": "a bracket that is not closed, or a comma that is missing",
    "did not find expected node content": "the file ends, or a bracket closes, where a value should be",
    "did not find expected '-' indicator": "an item that is not indented as the others",
    "did not find expected key": "a key that is not indented as the others",
    "expected directive name": "a text that begins with % needs quotes",
    "found unexpected end of stream": "a quote that is not closed",
}
_JSON_MISTAKES = {
    "Expecting property name": "a key in double quotes is missing, or a comma is one too many",
    "Illegal trailing comma": "a comma is one too many",
    "Expecting ':'": "a key without its colon",
    "Expecting ','": "a bracket that is not closed, or a comma that is missing",
    "Expecting value": "a value is missing",
    "Extra data": "something follows its end",
    "Unterminated string": "a quote that is not closed",
    "Invalid control character": "a text that goes over the end of its line, or has a tab in it",
    "Invalid \\": "a backslash that begins no escape",
}
_RESOLVERS = yaml.SafeLoader.yaml_implicit_resolvers


class UnreadableFileError(Exception):
    """A file that cannot be read as values at all, and the one reason."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Written:
    """What a file says, and the keys that it says twice."""

    value: object
    findings: tuple[Finding, ...] = ()


def stamp(path: Path) -> Stamp | None:
    """Return what a file looks like now, without reading it; None when it is not there."""
    try:
        status = path.stat()
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return None
    return status.st_mtime_ns, status.st_ino, status.st_size


def read(path: Path) -> str:
    """Return the text of a file. Raises UnreadableFileError when it is missing, too big or not UTF-8."""
    try:
        if not path.is_file():
            is_there = "is a directory, not a file" if path.is_dir() else "isn't a regular file"
            missing = is_there if path.exists() else "there is no such file"
            raise UnreadableFileError(_WHOLE.error(missing, "file-missing"))
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as failure:
        reason = getattr(failure, "strerror", None) or "its path is not one"
        raise UnreadableFileError(_WHOLE.error(f"cannot be read: {reason}", "file-unreadable")) from None
    if len(content) > MOST_BYTES:
        problem = f"is larger than {MOST_BYTES // 1024 // 1024} MiB"
        raise UnreadableFileError(_WHOLE.error(problem, "file-too-large"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        line = content.count(b"\n", 0, failure.start) + 1
        raise UnreadableFileError(
            SourceLocation("", line).error("is not UTF-8 text", "file-unreadable")
        ) from None


def parse_yaml(text: str) -> Written:
    """Return the one document of a YAML text. Raises UnreadableFileError."""
    tree = _Tree()
    try:
        for number, event in enumerate(iter(yaml.CSafeLoader(text).get_event, None)):
            if number > MOST_EVENTS:
                raise UnreadableFileError(_WHOLE.error("holds too many values", "file-too-large"))
            tree.take(event)
    except yaml.MarkedYAMLError as failure:
        raise UnreadableFileError(_yaml_error(failure, text)) from None
    except (yaml.YAMLError, ValueError) as failure:
        raise UnreadableFileError(_WHOLE.error(f"is no YAML: {shown(str(failure))}", "yaml")) from None
    return Written(tree.root, tuple(tree.findings))


def _yaml_error(failure: yaml.MarkedYAMLError, text: str) -> Finding:
    """Say in our own words what the parser stumbled over, where it is one of the usual mistakes."""
    mark, problem = failure.problem_mark or failure.context_mark, str(failure.problem)
    line = mark.line + 1 if mark else None
    said = next((words for part, words in _YAML_MISTAKES.items() if part in problem), shown(problem))
    if mark and (wide := _wide_signs(text.splitlines()[: mark.line + 1])):
        line, signs = wide
        said = f"{signs} instead of the plain sign; type it on an English keyboard"
    elif mark and "cannot start" in problem:
        found = text[mark.index : mark.index + 1]
        said = (
            "a tab; indent with spaces" if found == "\t" else f"a text that begins with {found} needs quotes"
        )
    return SourceLocation("", line).error(f"is no YAML: {said}", "yaml")


def _wide_signs(lines: Sequence[str]) -> tuple[int, str] | None:
    """Return the number of the line that the parser stumbled over and the signs in it that aren't ASCII's.

    None when there are none. What it takes for a text that goes on began on the line before.
    """
    written = [(number, line) for number, line in enumerate(lines, 1) if line.strip(" #")]
    found = ((number, named_signs(_outside_quotes(line))) for number, line in reversed(written[-2:]))
    return next(((number, signs) for number, signs in found if signs), None)


def _outside_quotes(line: str) -> str:
    """Return a line without what is in plain quotes, and without its comment: any sign may stand there."""
    return re.sub(r""""[^"]*"|'[^']*'|(^| )#.*""", "", line)


def parse_json(text: str) -> Written:
    """Return a JSON text. Raises UnreadableFileError."""
    findings: list[Finding] = []
    if not text.strip():
        raise UnreadableFileError(_WHOLE.error("is empty", "file-empty"))

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        block: dict[str, object] = {}
        for key, value in pairs:
            if key in block:
                findings.append(_WHOLE.error(f"gives {shown(key)} twice", "key-twice"))
            block.setdefault(key, value)
        return block

    try:
        return Written(json.loads(text, object_pairs_hook=unique), tuple(findings))
    except json.JSONDecodeError as failure:
        raise UnreadableFileError(
            SourceLocation("", failure.lineno).error(f"is no JSON: {_json_mistake(failure)}", "json")
        ) from None
    except (RecursionError, ValueError):
        raise UnreadableFileError(
            _WHOLE.error("is nested too deep or has a number too long", "file-too-large")
        ) from None


def _json_mistake(failure: json.JSONDecodeError) -> str:
    sign = named_signs(failure.doc[failure.pos : failure.pos + 1])
    said = next((words for part, words in _JSON_MISTAKES.items() if part in failure.msg), failure.msg)
    return f"{sign} instead of the plain sign" if sign else said


class _Open:
    """A mapping or list whose end has not come yet; `key` waits for its value, or had it last."""

    __slots__ = ("container", "key", "waits")

    def __init__(self, container: Block | Items) -> None:
        self.container = container
        self.key = ""
        self.waits = False


class _Tree:
    """Values built from parser events, one at a time."""

    def __init__(self) -> None:
        self.root: object = None
        self.findings: list[Finding] = []
        self._open: list[_Open] = []
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """Return the next event of the parser."""
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.ScalarEvent):
            if event.tag is not None and True not in event.implicit:
                self._refuse_tag(event.tag, line)
            self._scalar(event, line)
        elif isinstance(event, yaml.CollectionStartEvent):
            if event.tag is not None and not event.implicit:
                self._refuse_tag(event.tag, line)
            self._start(Block() if isinstance(event, yaml.MappingStartEvent) else Items(), line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(line, f"aliases (*{shown(event.anchor)}) are not read: write it out")
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._refuse(line, "holds a second document")

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        parent = self._open[-1] if self._open else None
        if parent is None or parent.waits or isinstance(parent.container, Items):
            self._put(_scalar(event), line)
            return
        key = event.value
        if key in parent.container:
            self.findings.append(
                SourceLocation(self._path(), line).error(f"gives {shown(key)} twice", "key-twice")
            )
        parent.container.lines.setdefault(key, line)
        parent.key, parent.waits = key, True

    def _start(self, container: Block | Items, line: int) -> None:
        if len(self._open) >= DEEPEST:
            self._refuse(line, f"is nested deeper than {DEEPEST} levels")
        self._put(container, line)
        self._open.append(_Open(container))

    def _put(self, value: object, line: int) -> None:
        """Put a value where it belongs; a key that came before keeps its first value."""
        if not self._open:
            self.root = value
            return
        parent = self._open[-1]
        if isinstance(parent.container, Items):
            parent.container.append(value)
            parent.container.lines.append(line)
        elif parent.waits:
            parent.container.setdefault(parent.key, value)
            parent.waits = False
        else:
            self._refuse(line, "a key must be plain text")

    def _path(self) -> str:
        """Where the innermost open mapping or list stands."""
        location = SourceLocation("")
        for outer in self._open[:-1]:
            items = isinstance(outer.container, Items)
            location = SourceLocation(len(outer.container) - 1 if items else outer.key, None, location)
        return location.path

    def _refuse_tag(self, tag: str, line: int) -> None:
        self._refuse(line, f"tags ({shown(tag)}) are not read")

    def _refuse(self, line: int, message: str) -> None:
        raise UnreadableFileError(SourceLocation("", line).error(message, "yaml"))


def _scalar(event: yaml.ScalarEvent) -> str | None:
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text in _NULLS:
        return None
    return Unquoted(text) if any(_readings(text)) else text


def _readings(text: str) -> Iterator[bool]:
    """Whether each of YAML 1.1's types that begin like `text` would claim it."""
    return (bool(pattern.match(text)) for _, pattern in _RESOLVERS.get(text[:1], ()))
