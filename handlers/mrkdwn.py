"""Slack's markup as a type: `Markup` is safe to send, plain `str` is not, and mypy keeps them apart.

Escaping stands here and nowhere else (Slack, Formatting text for app surfaces: `&`, `<` and `>` are all that
has to be escaped). What people type comes in as `str` and becomes `Markup` only through `inline`, `quote` and
`code`, so none of it can mention anybody, look like words of ours, or end a block's formatting.
"""

import html
import re
from collections.abc import Iterable
from datetime import UTC, datetime

from bot.domain.text import clean, one_line

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_SIGNS = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "'"})
_ITALIC = re.compile(r"(?<!\w)_+|(?<!_)_+(?!\w)")
"""Runs of underscores at a word's edge; each run is looked at once, however long it is."""
_QUOTE = re.compile(r"^[ \t]*>+", re.MULTILINE)
_EMOJI = re.compile(r":([\w+'-]{1,80}):")
USER_ID = re.compile(r"[UW][A-Z0-9]{1,30}")
_GROUP = re.compile(r"S[A-Z0-9]{1,30}")
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{1,30}")
_BROKEN_END = re.compile(r"(?:&[a-z]{0,4}|<[^>]*)$")


class Markup(str):
    """Text in Slack's mrkdwn whose parts from people are escaped."""

    __slots__ = ()


def inline(text: str) -> Markup:
    """Text from anybody as a value in a sentence or field of ours: on one line, and without formatting.

    Slack has no escape for its formatting signs: each becomes one that looks alike. `Markup` stays as it is.
    """
    return text if isinstance(text, Markup) else _unformatted(one_line(text))


def escape(text: str) -> Markup:
    """Text from anybody inside code type or an address of ours, where Slack formats nothing.

    Everywhere else people's text comes in by `inline` or `quote`. `Markup` stays as it is.
    """
    return text if isinstance(text, Markup) else Markup(clean(text).translate(_ENTITIES))


def _unformatted(text: str) -> Markup:
    """Return cleaned text with every formatting sign as one that looks alike; its lines stay."""
    plain = _QUOTE.sub(lambda signs: "\u203a" * signs[0].count(">"), text.translate(_SIGNS))
    plain = _EMOJI.sub("\u2236\\1\u2236", plain)
    return Markup(_ITALIC.sub(lambda run: "\uff3f" * len(run[0]), plain).translate(_ENTITIES))


def mention(user_id: str) -> Markup:
    """Return a person by name; what is no user id is shown as the text that it is."""
    return Markup(f"<@{user_id}>") if USER_ID.fullmatch(user_id) else inline(user_id)


def group(usergroup_id: str) -> Markup:
    """Return a usergroup by its handle; what is no usergroup id is shown as the text that it is."""
    return Markup(f"<!subteam^{usergroup_id}>") if _GROUP.fullmatch(usergroup_id) else inline(usergroup_id)


def channel(channel_id: str) -> Markup:
    """Return a channel by name; what is no channel id is shown as the text that it is."""
    return Markup(f"<#{channel_id}>") if _CHANNEL.fullmatch(channel_id) else inline(channel_id)


def linked(url: str, label: str) -> Markup:
    """Return a link of our own under a label; what is no address is the label alone."""
    address = re.sub(r"[<>|\s]", "", url)
    is_address = address.startswith(("https://", "http://"))
    return Markup(f"<{escape(address)}|{inline(label)}>") if is_address else inline(label)


def code(text: str) -> Markup:
    """Return an id or a command, in code type; a backtick inside would end it."""
    inside = escape(" ".join(text.replace("`", "'").split()))
    return Markup(f"`{inside}`") if inside else Markup()


def quote(text: str) -> Markup:
    """Return a person's own words, set apart line by line and without formatting: nothing in them is ours."""
    return Markup("\n".join(f">{line}" for line in _unformatted(clean(text)).splitlines()))


def date(at: float, pattern: str) -> Markup:
    """Return a time (epoch seconds) in the reader's own zone; `pattern` is in Slack's date tokens."""
    moment = datetime.fromtimestamp(at, UTC)
    return Markup(f"<!date^{int(at)}^{pattern}|{moment:%Y-%m-%d %H:%M} UTC>")


def join(parts: Iterable[Markup], between: str = "\n") -> Markup:
    """Return the parts that hold something, one after the other; `between` is ours, never a person's."""
    return Markup(between.join(part for part in parts if part))


def fit(markup: Markup, longest: int) -> Markup:
    """Return the markup cut to Slack's limit, never inside an entity or a mention."""
    if len(markup) <= longest:
        return markup
    return Markup(_BROKEN_END.sub("", markup[: longest - 1]) + "…")


def fit_plain(text: str, longest: int) -> str:
    """Plain text cut to Slack's limit."""
    text = clean(text)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def unmarked(markup: Markup) -> str:
    """Our own markup as plain text: without code marks, with real characters."""
    return html.unescape(str(markup).replace("`", ""))
