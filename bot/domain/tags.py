"""Tags of an image, as people write them: `team=build, env=prod`, one per line, or one per flag."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from bot.domain.field_errors import refuse, text_of
from bot.domain.text import clean, one_line

MARK_TAG = "image-bot-request"
"""Key of the tag with a request's mark; the image's Description starts with the mark too."""
TAG_LENGTH = 128
TAG_COUNT = 19
"""The most tags that a person can give: the cloud accepts 20, and one is the bot's."""

_RESERVED = re.compile(r"acs:|aliyun|system/|https?://", re.IGNORECASE)
_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\uff02\u00ab\u00bb\u300c\u300d\u300e\u300f", '"'))
_BETWEEN = "\n,\uff0c\u3001;\uff1b"
_KEPT = {ord(sign): 0xE000 + at for at, sign in enumerate(_BETWEEN + " ")}
"""What separates tags, and its replacement inside quotes: private characters, which `clean` drops."""
_PLAIN = {kept: sign for sign, kept in _KEPT.items()}
_QUOTED = re.compile(r'"([^"\n]*)"')
_SEPARATOR = re.compile(f"[{_BETWEEN}]")
_NEXT_TAG = re.compile(r" (?=[^ =]+=)")
_QUOTED_TAG = re.compile(r"[\ue000-\ue006]+(?=[^\ue000-\ue006= ]+=)")
_FULL_WIDTH_SIGN = re.compile("[\uff1d\uff1a]")


def is_reserved(text: str) -> bool:
    """Tell whether a tag's key or value has a prefix reserved by Alibaba Cloud."""
    return bool(_RESERVED.match(text))


@dataclass(frozen=True)
class Ambiguous:
    """Text that could be one tag or several, and the tags that were understood."""

    text: str
    understood: str


class Tag(BaseModel):
    """One tag, within the limits of the Tag service: lengths, reserved prefixes, no empty value."""

    model_config = ConfigDict(frozen=True)

    key: str
    value: str

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, tag: object) -> object:
        if isinstance(tag, Ambiguous):
            refuse("tag-ambiguous", tag.text, tag.understood)
        if not isinstance(tag, str):
            return tag
        key, equals, value = tag.partition("=")
        if not equals:
            refuse("tag-shape", tag, "KEY=VALUE")
        return {"key": key, "value": value}

    @field_validator("key", "value", mode="before")
    @classmethod
    def _within_limits(cls, given: object) -> str:
        text = one_line(str(given))
        if len(text) > TAG_LENGTH:
            refuse("tag-length", text, TAG_LENGTH)
        if is_reserved(text):
            refuse("tag-reserved", text, "acs: aliyun System/ http:// https://")
        return text

    @model_validator(mode="after")
    def _has_both(self) -> "Tag":
        if not text_of(self.key):  # nor with an invisible key
            refuse("tag-shape", str(self), "KEY=VALUE")
        return self if text_of(self.value) else refuse("tag-value-missing", self.key, "KEY=VALUE")

    def __str__(self) -> str:
        return f"{self.key}={self.value}"


def as_tags(given: object) -> list[object]:
    """Return an item for each tag in a form's text or in the values of a command's flags; see `split_tags`.

    A `Tag`, or a mapping with its key and value, is used as is.
    """
    several = [given] if isinstance(given, str) or not isinstance(given, Iterable) else given
    return [tag for item in several for tag in _tags_in(item)]


def _tags_in(item: object) -> Iterator[object]:
    if isinstance(item, Tag):
        yield item
    elif isinstance(item, Mapping):
        yield {"key": str(item.get("key") or ""), "value": str(item.get("value") or "")}
    elif text_of(item):
        yield from split_tags(str(item))


def split_tags(text: str) -> Iterator[str | Ambiguous]:
    """Cut text into tags: at line ends, commas, semicolons of both keyboards, and at a space before `KEY=`.

    A quoted tag or value keeps its separators. Anything with two readings is returned as `Ambiguous`.
    """
    text = _QUOTED.sub(lambda quoted: quoted[1].translate(_KEPT), clean(text).translate(_QUOTES))
    for piece in _SEPARATOR.split(text):
        yield from _tags_of_piece(" ".join(piece.split()))


def _tags_of_piece(piece: str) -> Iterator[str | Ambiguous]:
    if "=" not in piece:
        piece = _FULL_WIDTH_SIGN.sub("=", piece, count=1)
    piece = re.sub(" ?= ?", "=", piece, count=1)
    parts = _NEXT_TAG.split(piece)
    quoted = _QUOTED_TAG.split(piece)
    if len(quoted) > 1 or (len(parts) > 1 and any(" " in part for part in parts)):
        understood = (part for part in _QUOTED_TAG.split(" ".join(parts)) for part in _NEXT_TAG.split(part))
        yield Ambiguous(piece.translate(_PLAIN), ", ".join(understood).translate(_PLAIN))
    else:
        yield from (part.translate(_PLAIN) for part in parts if part)
