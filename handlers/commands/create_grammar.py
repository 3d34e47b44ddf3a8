"""The grammar of `create` and `why`: one instance, and flags. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.text import identifier, visible
from handlers.commands.grammar import nearest
from handlers.commands.references import channels_of
from handlers.commands.tokenizer import SWITCHES, Token
from handlers.draft import MOST_CHANNELS, Draft, Mistake, Mistaken
from handlers.views.form_state import regions_in

FLAGS: Mapping[str, str] = {
    "name": "image_name",
    "description": "description",
    "type": "instance_type",
    "instance": "instance_id",
    "sub-instance": "sub_instance_id",
    "disk": "disk_type",
    "clean-userdata": "auto_clean_userdata",
    "tag": "tags",
    "reason": "reason",
    "notify": "notify",
    "at": "start",
    "stop-first": "stop_first",
    "distribute": "regions",
    "break-glass": "break_glass",
    "anyway": "anyway",
}
"""The flags, and the field that each fills. Each has its line in help: `flag-<name>`."""
OWN = frozenset({"reason", "notify", "start", "stop_first", "regions", "break_glass", "anyway"})
"""What a draft keeps besides its fields: it's about the request, not the image."""
REPEATED = frozenset({"tag", "notify", "distribute"})
_COMMAS, _SIGNS = (",", "\uff0c", "\u3001", ";", "\uff1b"), ("=", "\uff1d")
_BETWEEN = "".join(_COMMAS) + " "
_EQUALS = re.compile("[=\uff1d]")
_DOUBLE = '"\u201c\u201d\u201e\uff02'
_OPEN_VALUE = re.compile(f"[=\uff1d][{_DOUBLE}][^{_DOUBLE}]*$")
"""A tag whose value starts with a quote that isn't closed yet."""


def read(tokens: Sequence[Token]) -> Draft | Mistaken:
    """Return the draft from the words and flags, or every mistake in them with what could be read."""
    tokens = _gathered(tokens)
    words = [token.text for token in tokens if token.flag is None]
    flags, mistakes = _flags(tokens)
    if len(words) > 1:
        mistakes.append(Mistake("words-extra", " ".join(words[1:])))
    draft = _draft(words, flags)
    return Mistaken(tuple(mistakes), draft) if mistakes else draft


def _gathered(tokens: Sequence[Token]) -> list[Token]:
    """Join the rest of a list to its flag: `--tag a=1, b=2` and `--tag a="b c"` are typed with spaces."""
    gathered: list[Token] = []
    for token in tokens:
        last = gathered[-1] if gathered else None
        if last is not None and token.flag is None and _goes_on(last, token):
            value, raw = f"{_value(last)} {_quoted(token)}", f"{last.raw} {token.raw}"
            gathered[-1] = replace(last, value=value, raw=raw, quoted=False)
        else:
            gathered.append(token)
    return gathered


def _goes_on(last: Token, token: Token) -> bool:
    """Whether a word belongs to the list before it: after a comma, or as another tag."""
    if last.flag not in REPEATED:
        return False
    open_ended = not last.quoted and last.value.endswith(_COMMAS)
    if open_ended or last.flag != "tag":
        return open_ended
    key = _EQUALS.split(token.text, maxsplit=1)
    is_tag = len(key) > 1 and key[0].casefold() not in FLAGS
    is_cut = not last.quoted and (last.value.endswith(_SIGNS) or bool(_OPEN_VALUE.search(last.value)))
    return is_tag or is_cut


def _quoted(token: Token) -> str:
    return f'"{token.text}"' if token.quoted else token.text


def _flags(tokens: Sequence[Token]) -> tuple[dict[str, list[str]], list[Mistake]]:
    """Collect the values of each known flag, and what's wrong with them."""
    values: dict[str, list[str]] = {}
    mistakes = [Mistake("quote-open", token.text) for token in tokens if token.unclosed]
    for token in tokens:
        if token.flag is not None:
            mistakes += _wrong(token, token.flag in values)
            values.setdefault(token.flag, []).append(_value(token))
    channels = len(_channels(values))
    if channels > MOST_CHANNELS:
        mistakes.append(Mistake("channels-many", str(channels), allowed=str(MOST_CHANNELS)))
    return values, mistakes


def _value(token: Token) -> str:
    """Return a field's value: a channel keeps its ID, a quoted tag its quotes."""
    if token.flag == "notify":
        return token.raw
    return f'"{token.value}"' if token.flag == "tag" and token.quoted else token.value


def _wrong(token: Token, seen: bool) -> Iterator[Mistake]:
    flag = token.flag or ""
    if flag not in FLAGS:
        meant = nearest(flag, tuple(FLAGS))
        yield Mistake("flag-unknown", f"--{flag}", f"--{meant}" if meant else "", _dashed(FLAGS))
    elif flag in SWITCHES:
        if identifier(token.value).casefold() not in ("", "true", "false"):
            yield Mistake("switch-value", token.value, f"--{flag}")
    elif not visible(token.value) or (flag == "tag" and not token.value.strip(_BETWEEN)):
        yield Mistake("flag-needs-value", f"--{flag}")
    elif seen and flag not in REPEATED:
        yield Mistake("flag-twice", f"--{flag}")
    elif flag == "notify" and not all(channels_of(token.raw) or ("",)):
        yield Mistake("channel-unknown", token.value)


def _dashed(flags: Mapping[str, str]) -> str:
    return ", ".join(f"--{flag}" for flag in flags)


def _draft(words: Sequence[str], flags: Mapping[str, Sequence[str]]) -> Draft:
    fields: dict[str, Any] = {"instance_id": words[0]} if words else {}
    for flag, values in flags.items():
        name = FLAGS.get(flag)
        if name and name not in OWN:
            fields[name] = _of_image(flag, values)
    reason, start = ((flags.get(flag) or ("",))[-1] for flag in ("reason", "at"))
    return Draft(
        fields,
        reason,
        _channels(flags),
        start,
        break_glass=_is_on(flags, "break-glass"),
        stop_first=_is_on(flags, "stop-first"),
        anyway=_is_on(flags, "anyway"),
        regions=_regions(flags.get("distribute", ())),
    )


def _channels(flags: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return every channel to notify, once."""
    named = (channel for value in flags.get("notify", ()) for channel in channels_of(value))
    return tuple(dict.fromkeys(filter(None, named)))


def _regions(values: Sequence[str]) -> tuple[str, ...]:
    """Return every region, once; keep a value without one, so that it's refused."""
    return tuple(dict.fromkeys(region for value in values for region in regions_in(value) or (value,)))


def _of_image(flag: str, values: Sequence[str]) -> object:
    if flag in SWITCHES:
        return identifier(values[-1]).casefold() != "false"
    return tuple(values) if flag in REPEATED else values[-1]


def _is_on(flags: Mapping[str, Sequence[str]], flag: str) -> bool:
    return flag in flags and identifier(flags[flag][-1]).casefold() != "false"
