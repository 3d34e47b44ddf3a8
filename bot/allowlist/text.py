"""Files to values: YAML and JSON, read so that no file can do harm and every value keeps its line.

A YAML scalar is its text and nothing else: `on`, `22:00`, `1` and `007` stay what was typed, whatever YAML
1.1 makes of them; only `null`, `~` and nothing at all are None. Aliases, tags and a second document are
refused, and so are keys given twice, big, crowded and deep files. Nothing here recurses.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.policy.findings import Block, Finding, Items, SourceLocation, Unquoted, shown

Stamp = tuple[int, int, int]
"""Tells a file from its earlier self: time of change, inode, size."""
Sources = Mapping[Path, Stamp | None]
"""The files that were read, as they were then; None: it was not there."""
MOST_BYTES = 8 * 1024 * 1024
DEEPEST = 24
MOST_EVENTS = 600_000
"""Values, and beginnings and ends of lists and mappings; 10,000 statements with conditions have a third."""
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
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
    """What a file looks like now, without reading it; None when it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino, status.st_size


def read(path: Path) -> str:
    """The text of a file. Raises UnreadableFileError when it is missing, too big or not UTF-8."""
    spot = SourceLocation(path.name)
    try:
        if not path.is_file():
            raise UnreadableFileError(spot.error("there is no such file"))
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as failure:
        raise UnreadableFileError(spot.error(f"cannot be read: {failure.strerror}")) from None
    if len(content) > MOST_BYTES:
        raise UnreadableFileError(spot.error(f"is larger than {MOST_BYTES // 1024 // 1024} MiB"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        line = content.count(b"\n", 0, failure.start) + 1
        raise UnreadableFileError(SourceLocation(path.name, line).error("is not UTF-8 text")) from None


def parse_yaml(text: str, name: str) -> Written:
    """The one document of a YAML text; `name` stands for it in findings. Raises UnreadableFileError."""
    tree = _Tree(name)
    try:
        for number, event in enumerate(iter(yaml.CSafeLoader(text).get_event, None)):
            if number > MOST_EVENTS:
                raise UnreadableFileError(SourceLocation(name).error("holds too many values"))
            tree.take(event)
    except yaml.MarkedYAMLError as failure:
        mark = failure.problem_mark or failure.context_mark
        line = mark.line + 1 if mark else None
        raise UnreadableFileError(
            SourceLocation(name, line).error(f"is no YAML: {failure.problem}")
        ) from None
    except (yaml.YAMLError, ValueError) as failure:
        raise UnreadableFileError(SourceLocation(name).error(f"is no YAML: {shown(str(failure))}")) from None
    return Written(tree.root, tuple(tree.findings))


def parse_json(text: str, name: str) -> Written:
    """A JSON text. Raises UnreadableFileError."""
    findings: list[Finding] = []

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        block: dict[str, object] = {}
        for key, value in pairs:
            if key in block:
                findings.append(SourceLocation(name).error(f"gives {shown(key)} twice"))
            block.setdefault(key, value)
        return block

    try:
        return Written(json.loads(text, object_pairs_hook=unique), tuple(findings))
    except json.JSONDecodeError as failure:
        raise UnreadableFileError(
            SourceLocation(name, failure.lineno).error(f"is no JSON: {failure.msg}")
        ) from None
    except (RecursionError, ValueError):
        raise UnreadableFileError(
            SourceLocation(name).error("is nested too deep or has a number too long")
        ) from None


class _Open:
    """A mapping or list whose end has not come yet; `key` waits for its value, or had it last."""

    __slots__ = ("container", "key", "waits")

    def __init__(self, container: Block | Items) -> None:
        self.container = container
        self.key = ""
        self.waits = False


class _Tree:
    """Values built from parser events, one at a time."""

    def __init__(self, name: str) -> None:
        self.root: object = None
        self.findings: list[Finding] = []
        self._name = name
        self._open: list[_Open] = []
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """The next event of the parser."""
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
                SourceLocation(self._path() or self._name, line).error(f"gives {shown(key)} twice")
            )
        parent.container.lines.setdefault(key, line)
        parent.key, parent.waits = key, True

    def _start(self, container: Block | Items, line: int) -> None:
        if len(self._open) >= DEEPEST:
            self._refuse(line, f"is nested deeper than {DEEPEST} levels")
        self._put(container, line)
        self._open.append(_Open(container))

    def _put(self, value: object, line: int) -> None:
        """Puts a value where it belongs; a key that came before keeps its first value."""
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
        spot = SourceLocation("")
        for outer in self._open[:-1]:
            items = isinstance(outer.container, Items)
            spot = SourceLocation(len(outer.container) - 1 if items else outer.key, None, spot)
        return spot.path

    def _refuse_tag(self, tag: str, line: int) -> None:
        self._refuse(line, f"tags ({shown(tag)}) are not read")

    def _refuse(self, line: int, message: str) -> None:
        raise UnreadableFileError(SourceLocation(self._name, line).error(message))


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
