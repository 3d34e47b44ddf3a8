"""What is wrong with a file, and where: findings and the places they point to."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from bot.policy import signs

SHORTEST_PART = 4
"""Characters of a name that tell what was meant when they are all that was typed."""
MOST_FINDINGS = 200
"""Errors, and warnings, of one file that are worth listing."""


class Level(StrEnum):
    """An error makes a file unusable; a warning is worth reading."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about a file: its place (`policies.ops.Statement[1].Effect`) and line.

    The place is empty for a file as a whole. `code` names the kind of finding, `hint` what was probably
    meant; `file` is the policy file that it stands in, when that isn't the allowlist itself.
    """

    place: str
    message: str
    line: int | None = None
    level: Level = Level.ERROR
    code: str = "invalid"
    hint: str | None = None
    file: str | None = None

    @property
    def is_error(self) -> bool:
        """Whether the file cannot be used because of it."""
        return self.level is Level.ERROR

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        place = f"{self.place}: " if self.place else ""
        hint = f". Did you mean {self.hint}?" if self.hint else ""
        return f"{self.level}: {where}{place}{self.message}{hint} [{self.code}]"


class TooMuchWrong(Exception):
    """A report is full of errors: reading on would only make it longer."""


class Report:
    """Findings as they come. Errors beyond `MOST_FINDINGS` raise TooMuchWrong; such warnings are dropped."""

    def __init__(self) -> None:
        self._found: list[Finding] = []
        self._count = Counter[Level]()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, in the order of reading."""
        return tuple(self._found)

    def add(self, finding: Finding) -> None:
        """One more finding."""
        self._count[finding.level] += 1
        if self._count[finding.level] <= MOST_FINDINGS:
            self._found.append(finding)
        elif finding.is_error:
            more = Finding(
                finding.place, f"and more, after {MOST_FINDINGS} errors", finding.line, code="too-many"
            )
            self._found.append(more)
            raise TooMuchWrong


class Block(dict[str, object]):
    """A mapping that remembers the line of each key."""

    __slots__ = ("lines",)

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}


class Items(list[object]):
    """A list that remembers the line of each item."""

    __slots__ = ("lines",)

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


class Unquoted(str):
    """Text that YAML 1.1 would have read as a number, boolean or date for want of quotes."""

    __slots__ = ()


class SourceLocation:
    """A place in a file while it is read; its path is put together only when something is wrong there."""

    __slots__ = ("_file", "_parent", "_step", "line")

    def __init__(
        self,
        step: str | int,
        line: int | None = None,
        parent: "SourceLocation | None" = None,
        file: str | None = None,
    ) -> None:
        self.line = line
        self._step = step
        self._parent = parent
        self._file = file

    @property
    def file(self) -> str | None:
        """The file that it is in, when that isn't the allowlist itself."""
        return self._file or (self._parent.file if self._parent else None)

    @property
    def path(self) -> str:
        """As findings name it: `policies.ops.Statement[1].Effect`."""
        if self._parent is None:
            return str(self._step)
        if isinstance(self._step, int):
            return f"{self._parent.path}[{self._step}]"
        above = self._parent.path
        return f"{above}.{signs.step(self._step)}" if above else signs.step(self._step)

    def key(self, block: Mapping[str, object], key: str) -> "SourceLocation":
        """Return the value under `key` of the mapping that stands here."""
        line = block.lines.get(key) if isinstance(block, Block) else None
        return SourceLocation(key, line or self.line, self)

    def item(self, items: Sequence[object], index: int) -> "SourceLocation":
        """Return the item at `index` of the list that stands here."""
        line = items.lines[index] if isinstance(items, Items) else None
        return SourceLocation(index, line or self.line, self)

    def error(self, message: str, code: str = "invalid", hint: str | None = None) -> Finding:
        """Return what is wrong here."""
        return Finding(self.path, message, self.line, Level.ERROR, code, hint, self.file)

    def warning(self, message: str, code: str, hint: str | None = None) -> Finding:
        """Return what is worth knowing about what stands here."""
        return Finding(self.path, message, self.line, Level.WARNING, code, hint, self.file)


def meant(given: str, known: Iterable[str]) -> str | None:
    """Return the one of `known` that was probably meant; None when nothing comes near."""
    folded, typed = {name.casefold(): name for name in known}, given[: signs.LONGEST_SHOWN].casefold()
    longer = [name for name in folded if typed in name] if len(typed) >= SHORTEST_PART else []
    close = sorted(longer, key=len) or get_close_matches(typed, folded, n=1, cutoff=0.75)
    return folded[close[0]] if close else None


def shown(value: object) -> str:
    """Return `value` for a finding: a text as `bot.policy.signs` shows it, else what kind of value it is."""
    return signs.shown(value) if isinstance(value, str) else _kind(value)


def _kind(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    return str(value).lower() if isinstance(value, bool) else f"the number {value}"
