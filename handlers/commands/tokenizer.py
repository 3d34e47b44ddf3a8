"""Command text into words and flags, as people type them on keyboards and phones. Pure.

A quote opens only where a word or a value begins and closes only where one ends, so an apostrophe (`don't`)
is just an apostrophe. Slack escapes `&`, `<`, `>` and turns channels, people and links into `<…>`
(Slack, Slash commands, "Escape channels, users, and links").
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

SWITCHES = frozenset({"clean-userdata", "break-glass"})
"""Flags that stand alone."""
_DOUBLE = '"\u201c\u201d\u201e'
_SINGLE = "'\u2018\u2019\u201a"
_LONG_DASHES = "\u2013\u2014\u2015"
_DASHES = re.compile(rf"(?:--|[{_LONG_DASHES}]-?|-)(?=[A-Za-z])")
_FLAG = re.compile(r"([\w-]+)(=?)")
_LINK = re.compile(r"<(?:https?|mailto):[^|>]*\|([^>]*)>|<((?:https?|mailto):[^|>]*)>")
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>|([UW][A-Z0-9]{6,})")
_CHANNEL = re.compile(r"<#([CGD][A-Z0-9]+)(?:\|[^>]*)?>|([CG][A-Z0-9]{6,})|(#[^\s<>#]{1,80})")


@dataclass(frozen=True)
class Token:
    """A word, or a flag with its value ("" when it has none); `text` is how it was typed.

    `unclosed` tells that it begins with a double quote that nothing closes, and so holds all the rest.
    """

    text: str
    flag: str | None = None
    value: str = ""
    unclosed: bool = False


def split(text: str) -> list[Token]:
    """Cut the text into tokens."""
    return list(_Reader(text).tokens())


def channel_of(value: str) -> str:
    """The channel in a value: the id of `<#C…|name>`, a bare id or `#name` as it is, "" for none."""
    found = _CHANNEL.fullmatch(value.strip())
    return next((part for part in found.groups() if part), "") if found else ""


def person_of(value: str) -> str:
    """The user id in `<@U…|name>` or alone, "" for none."""
    found = _PERSON.fullmatch(value.strip())
    return next((part for part in found.groups() if part), "") if found else ""


class _Reader:
    """Reads one text from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._unclosed = False

    def tokens(self) -> Iterator[Token]:
        while self._skip_space():
            dashes = _DASHES.match(self._text, self._at)
            token = self._flag(dashes.end()) if dashes else Token(_unescape(self._value()))
            yield replace(token, unclosed=self._unclosed)

    def _flag(self, at: int) -> Token:
        name = _FLAG.match(self._text, at)
        start = self._at
        self._at = name.end() if name else at
        if name is None or not (name[2] or self._ends_here()):
            self._at = at
            word = self._word()
            return Token(_unescape(self._text[start : self._at]), word.casefold())
        flag = name[1].casefold().replace("_", "-")
        has_value = not self._ends_here() if name[2] else flag not in SWITCHES and self._value_follows()
        value = self._value() if has_value else ""
        return Token(_unescape(self._text[start : self._at].strip()), flag, _unescape(value))

    def _value_follows(self) -> bool:
        return self._skip_space() and not _DASHES.match(self._text, self._at)

    def _ends_here(self) -> bool:
        return self._at >= len(self._text) or self._text[self._at].isspace()

    def _skip_space(self) -> bool:
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1
        return self._at < len(self._text)

    def _value(self) -> str:
        """Read one word, or one quoted text without its quotes."""
        family = next((quotes for quotes in (_DOUBLE, _SINGLE) if self._text[self._at] in quotes), "")
        end = self._closing(family)
        if not family or (end < 0 and family is _SINGLE):
            return self._word()
        self._unclosed = end < 0
        start, end = self._at + 1, len(self._text) if end < 0 else end
        self._at = min(end + 1, len(self._text))
        return self._text[start:end]

    def _closing(self, family: str) -> int:
        """Where a quote of the family ends a word, -1 for nowhere."""
        for at in range(self._at + 1, len(self._text)):
            if self._text[at] in family and self._text[at + 1 : at + 2].strip() == "":
                return at
        return -1

    def _word(self) -> str:
        start = self._at
        while not self._ends_here():
            self._at += 1
        return self._text[start : self._at]


def _unescape(text: str) -> str:
    """What was typed, from what Slack made of it: a link is its own text, entities are characters."""
    plain = _LINK.sub(lambda link: link[1] or link[2], text)
    return plain if plain.startswith(("<#", "<@", "<!")) else html.unescape(plain)
