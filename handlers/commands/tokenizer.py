"""Command text into words and flags, as people type them on keyboards and phones. Pure, in linear time.

A quote opens only at the start of a word or value and closes only at its end, so an apostrophe (`don't`)
is just an apostrophe. What Slack makes of people, channels and links stays in one piece.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.domain.text import DASHES, narrow
from handlers.commands.references import REFERENCE, readable

SWITCHES = frozenset({"clean-userdata", "break-glass", "stop-first", "anyway"})
"""Flags without a value."""
FREE_TEXT = frozenset({"reason", "description"})
"""Flags whose value is prose: a link in it is shown with its scheme."""
_FAMILIES = (
    '"\u201c\u201d\u201e\u201f\uff02\u00ab\u00bb\u300c\u300d\u300e\u300f',
    "'\u2018\u2019\u201a\u201b\uff07\u2039\u203a",
    "`",
)
"""Quotes that close each other. An open one of the first family is a mistake; the others are signs too."""
_QUOTES = "".join(_FAMILIES)
_LETTER = "A-Za-z\uff21-\uff3a\uff41-\uff5a"
_DASHES = re.compile(rf"[{DASHES}]{{1,4}}(?=[{_LETTER}])")
_FLAG = re.compile(rf"([{_LETTER}][\w{DASHES}]*)([=\uff1d\ufe66:\uff1a]?)")
_SIGN_APART = re.compile("\\s+[=\uff1d\ufe66\uff1a]")
_SPACE = re.compile(r"\s*")
_WORD = re.compile(rf"(?:{REFERENCE.pattern}|[^\s<]|<)*+")
_RUNS = re.compile(f"[_{DASHES}]+")


@dataclass(frozen=True)
class Token:
    """A word, or a flag with its value ("" when it has none); `text` is how a person reads it.

    `raw` is the word or the value as Slack sent it, with the IDs of people and channels. `unclosed` tells
    that it begins with a double quote that nothing closes, and so holds all the rest; `quoted` that the word,
    or the flag's value, stood in quotes.
    """

    text: str
    flag: str | None = None
    value: str = ""
    raw: str = ""
    unclosed: bool = False
    quoted: bool = False


def split(text: str) -> list[Token]:
    """Cut the text into tokens."""
    return list(_Reader(text).tokens())


class _Reader:
    """Reads one text from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._unclosed = self._quoted = False
        self._closers = {family: _closers(text, family) for family in _FAMILIES}

    def tokens(self) -> Iterator[Token]:
        while self._skip_space():
            self._quoted = False
            dashes = _DASHES.match(self._text, self._at)
            token = self._flag(dashes.end()) if dashes else self._plain()
            yield replace(token, unclosed=self._unclosed, quoted=self._quoted)

    def _flag(self, at: int) -> Token:
        name, start = _FLAG.match(self._text, at), self._at
        self._at = name.end() if name else at
        glued = not self._ends_here() and self._text[self._at] in _QUOTES
        if name is None or not (name[2] or glued or self._ends_here()):
            self._at = at
            word = self._word()
            return Token(readable(self._text[start : self._at]), narrow(word).casefold(), raw=word)
        flag = _RUNS.sub("-", narrow(name[1]).casefold())
        signed = bool(name[2]) or (not glued and self._skip_sign())
        is_there = glued or (signed and not self._ends_here())
        has_value = is_there or ((signed or flag not in SWITCHES) and self._takes_value())
        value = self._value() if has_value else ""
        text = readable(self._text[start : self._at].strip())
        return Token(text, flag, readable(value, prose=flag in FREE_TEXT), value)

    def _plain(self) -> Token:
        word = self._value()
        return Token(readable(word), raw=word)

    def _takes_value(self) -> bool:
        """Whether a value follows after a space; another flag isn't one."""
        return self._skip_space() and not _DASHES.match(self._text, self._at)

    def _skip_sign(self) -> bool:
        """Skip an equals sign that is separate from its flag."""
        sign = _SIGN_APART.match(self._text, self._at)
        self._at = sign.end() if sign else self._at
        return sign is not None

    def _ends_here(self) -> bool:
        return self._at >= len(self._text) or self._text[self._at].isspace()

    def _skip_space(self) -> bool:
        space = _SPACE.match(self._text, self._at)
        self._at = space.end() if space else self._at
        return self._at < len(self._text)

    def _value(self) -> str:
        """Read one word, or one quoted text without its quotes."""
        family = next((quotes for quotes in _FAMILIES if self._text[self._at] in quotes), "")
        end = self._closing(family) if family else -1
        if not family or (end < 0 and family != _FAMILIES[0]):
            return self._word()
        self._quoted, self._unclosed = True, end < 0
        start, end = self._at + 1, len(self._text) if end < 0 else end
        self._at = min(end + 1, len(self._text))
        return self._text[start:end]

    def _closing(self, family: str) -> int:
        """Return where a quote of the family ends a word, -1 for nowhere."""
        closers = self._closers[family]
        following = bisect_right(closers, self._at)
        return closers[following] if following < len(closers) else -1

    def _word(self) -> str:
        found, start = _WORD.match(self._text, self._at), self._at
        self._at = found.end() if found else start
        return self._text[start : self._at]


def _closers(text: str, family: str) -> list[int]:
    """Return where a quote of the family is followed by a space or the end."""
    signs = re.compile(f"[{family}](?=\\s|$)")
    return [found.start() for found in signs.finditer(text)]
