"""Slack's mrkdwn, parsed into marked pieces for HTML and for a terminal.

Rules: Slack, "Formatting text for app surfaces": `*bold*`, `_italic_`, `~strike~`, `code`, fences, quotes,
`<@U…>`, `<#C…>`, `<!subteam^S…>`, `<!here>`, `<!date^…>`, `<url|text>`, `:emoji:`, and three entities.
"""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from rich.emoji import Emoji


class Mark(StrEnum):
    """How a piece is formatted."""

    BOLD = "b"
    ITALIC = "i"
    STRIKE = "s"
    CODE = "code"
    FENCE = "pre"
    QUOTE = "blockquote"
    MENTION = "mention"
    LINK = "a"


@dataclass(frozen=True, slots=True)
class Piece:
    """Text with one formatting. `url` is set for links."""

    text: str
    marks: frozenset[Mark] = frozenset()
    url: str = ""


Name = Callable[[str, str], str]
"""(kind, id) to what is shown; kind is `user`, `channel`, `usergroup`, or `date` with its body as the id."""

_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_QUOTE = re.compile(r"^(?:>|&gt;) ?", re.MULTILINE)
_TOKEN = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<(?P<angle>[^<>\n]+)>"
    r"|(?<![\w*])\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>[^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])"
    r"|(?<![\w~])~(?P<strike>[^\s~](?:[^~\n]*[^\s~])?)~(?![\w~])"
)
_NESTED = {"bold": Mark.BOLD, "italic": Mark.ITALIC, "strike": Mark.STRIKE}


def pieces(text: str, name: Name) -> Iterator[Piece]:
    """Parse mrkdwn. Quoted lines have `Mark.QUOTE`; the newlines around them stay outside."""
    at = 0
    for fence in _FENCE.finditer(text):
        yield from _lines(text[at : fence.start()], name)
        yield Piece(html.unescape(fence[1]), frozenset({Mark.FENCE}))
        at = fence.end()
    yield from _lines(text[at:], name)


def _lines(text: str, name: Name) -> Iterator[Piece]:
    """Group consecutive lines that are quoted, or that aren't."""
    run: list[str] = []
    quoted = False
    for line in text.splitlines(keepends=True):
        if bool(_QUOTE.match(line)) != quoted:
            yield from _run(run, name, quoted=quoted)
            run, quoted = [], not quoted
        run.append(_QUOTE.sub("", line) if quoted else line)
    yield from _run(run, name, quoted=quoted)


def _run(lines: list[str], name: Name, *, quoted: bool) -> Iterator[Piece]:
    if quoted:
        yield from _inline("".join(lines).rstrip("\n"), name, frozenset({Mark.QUOTE}))
    elif lines:
        yield from _inline("".join(lines), name, frozenset())


def _inline(text: str, name: Name, marks: frozenset[Mark]) -> Iterator[Piece]:
    at = 0
    for token in _TOKEN.finditer(text):
        if token.start() > at:
            yield Piece(shown(text[at : token.start()]), marks)
        kind = str(token.lastgroup)
        if kind == "code":
            yield Piece(html.unescape(token["code"]), marks | {Mark.CODE})
        elif kind == "angle":
            yield _angle(token["angle"], name, marks)
        else:
            yield from _inline(token[kind], name, marks | {_NESTED[kind]})
        at = token.end()
    if at < len(text):
        yield Piece(shown(text[at:]), marks)


def _angle(body: str, name: Name, marks: frozenset[Mark]) -> Piece:
    """Return what's between `<` and `>`."""
    target, _, label = body.partition("|")
    if target[0] == "@":
        return Piece(f"@{name('user', target[1:])}", marks | {Mark.MENTION})
    if target[0] == "#":
        return Piece(f"#{name('channel', target[1:])}", marks | {Mark.MENTION})
    if target.startswith("!subteam^"):
        return Piece(f"@{name('usergroup', target.split('^')[1])}", marks | {Mark.MENTION})
    if target.startswith("!date^"):
        return Piece(name("date", body), marks)
    if target[0] == "!":
        return Piece(f"@{target[1:]}", marks | {Mark.MENTION})
    if target.startswith(("https://", "http://", "mailto:")):
        return Piece(shown(label or target), marks | {Mark.LINK}, html.unescape(target))
    return Piece(html.unescape(f"<{body}>"), marks)


def shown(text: str) -> str:
    """Return plain text as Slack shows it: entities and emoji codes become characters."""
    return Emoji.replace(html.unescape(text))
