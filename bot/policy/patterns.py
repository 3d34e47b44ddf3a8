"""RAM's wildcards: `*` is any run of characters, even none, `/` and `:` included; `?` is exactly one.

Source: Alibaba Cloud, RAM, "Policy structure and syntax". No regular expression is involved: ten thousand
patterns compile in milliseconds and no pattern takes exponential time.
"""

LONGEST_CLUE = 32
LONGEST_COMPARED = 300
"""The most characters of a pattern, and of a form, that are compared with each other."""
RUN = "\1"
"""The open part of a form."""


class Pattern:
    """A compiled pattern. It's case-sensitive: fold both sides first if case doesn't matter."""

    __slots__ = ("_head", "_middle", "_open", "_tail", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._head, *rest = text.split("*")
        self._open = bool(rest)
        *self._middle, self._tail = rest or [""]

    @property
    def exact(self) -> bool:
        """Whether it has no wildcards."""
        return not self._open and "?" not in self.text

    @property
    def clues(self) -> tuple[str, ...]:
        """Runs of characters that every matching text contains; none for `*` and the like."""
        return _clues(self.text)

    def matches(self, text: str) -> bool:
        """Whether all of `text` matches."""
        if not self._open:
            return len(text) == len(self._head) and _at(text, self._head, 0)
        start, end = len(self._head), len(text) - len(self._tail)
        if end < start or not _at(text, self._head, 0) or not _at(text, self._tail, end):
            return False
        for piece in self._middle:
            found = _find(text, piece, start, end)
            if found < 0:
                return False
            start = found + len(piece)
        return True


def may_match(pattern: str, form: str) -> bool:
    """Tell whether a pattern can match a text of this form; True if they're too long to tell.

    In a form, `RUN` is any run without colons and slashes; everything else is literal.
    """
    if max(len(pattern), len(form)) > LONGEST_COMPARED:
        return True
    below: list[bool] = []
    for start in range(len(pattern), -1, -1):
        row = [False] * (len(form) + 1)
        for at in range(len(form), -1, -1):
            mine, theirs = pattern[start : start + 1], form[at : at + 1]
            if not mine and not theirs:
                row[at] = True
            elif mine == "*":
                row[at] = below[at] or (theirs != "" and row[at + 1])
            elif theirs == RUN:
                row[at] = row[at + 1] or (mine not in ("", ":", "/") and below[at])
            elif theirs and mine in (theirs, "?"):
                row[at] = below[at + 1]
        below = row
    return below[0]


def stand_in(pattern: str) -> str:
    """Return one text for everything that `pattern` matches: only a `*` fits where it has a wildcard."""
    return pattern.replace("*", "\0").replace("?", "\0")


def _at(text: str, piece: str, position: int) -> bool:
    if "?" not in piece:
        return text.startswith(piece, position)
    return all(wanted in ("?", text[position + offset]) for offset, wanted in enumerate(piece))


def _find(text: str, piece: str, start: int, end: int) -> int:
    if "?" not in piece:
        return text.find(piece, start, end)
    fits = (at for at in range(start, end - len(piece) + 1) if _at(text, piece, at))
    return next(fits, -1)


def _clues(pattern: str) -> tuple[str, ...]:
    """Return both ends of each literal run, cut to a power of two characters: few lengths to look for."""
    clues: dict[str, None] = {}
    for run in pattern.replace("?", "*").split("*"):
        if run:
            length = min(LONGEST_CLUE, 1 << (len(run).bit_length() - 1))
            clues[run[-length:]] = clues[run[:length]] = None
    return tuple(clues)
