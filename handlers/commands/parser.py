"""The text after `/image`, as a value: what is wanted, or every mistake in it. Pure.

Grammar: README, "Commands". Flags may stand anywhere; `--key value` and `--key=value` are the same; phones'
smart quotes and dashes are read as what was meant. `bot.domain.image` decides whether the fields make sense.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz, process

from bot.domain.image import InstanceType
from bot.domain.text import clean, identifier, narrow, visible
from handlers.commands.commands import (
    Command,
    Create,
    Delegate,
    EndDelegation,
    Help,
    List,
    OnRequest,
    OpenForm,
    ShowDelegation,
    WhoAmI,
)
from handlers.commands.references import channel_of, person_of
from handlers.commands.tokenizer import SWITCHES, Token, split
from handlers.draft import SCOPES, SUBCOMMANDS, Draft, Mistake, Mistaken

FLAGS: Mapping[str, str] = {
    "name": "image_name",
    "description": "description",
    "type": "instance_type",
    "sub-instance": "sub_instance_id",
    "disk": "disk_type",
    "clean-userdata": "auto_clean_userdata",
    "tag": "tags",
    "reason": "reason",
    "notify": "notify",
    "at": "start",
    "break-glass": "break_glass",
}
"""The flags of `create`, and the field that each fills."""
OWN = frozenset({"reason", "notify", "start", "break_glass"})
"""What a draft keeps beside its fields: it is about the request, not about the image."""
REPEATED = frozenset({"tag", "notify"})
LIKE_ENOUGH = 60
LONGEST, MOST_TOKENS, MOST_CHANNELS = 8000, 200, 5
"""Limits of one command: characters, words and flags, channels to notify."""
_REQUEST = re.compile(r"(?<![a-z0-9])r-[a-z0-9]{1,32}")


def parse(text: str) -> Command:
    """Read the text that Slack sent after the command's name; what is longer than any command is not read."""
    if len(text) > LONGEST:
        return Mistaken((Mistake("text-long", str(len(text)), allowed=str(LONGEST)),))
    tokens = split(clean(text))
    if len(tokens) > MOST_TOKENS:
        return Mistaken((Mistake("text-words", str(len(tokens)), allowed=str(MOST_TOKENS)),))
    if not tokens:
        return OpenForm()
    word, rest = tokens[0].text, tokens[1:]
    match narrow(word).casefold():
        case "create" | "why" as wish:
            return _create(rest, wish == "why")
        case "list":
            return _list(rest)
        case "show" | "cancel" | "retry" | "approvers" as wish:
            return _on_request(wish, rest)
        case "whoami":
            return _nothing_after(rest) or WhoAmI()
        case "delegate":
            return _delegate(rest)
        case "help":
            return _help(rest)
    return Mistaken((_unknown_word(word),))


def nearest(given: str, choices: Sequence[str]) -> str:
    """The choice that was probably meant, "" when none is near."""
    found = process.extractOne(given.casefold(), choices, scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH)
    return found[0] if found else ""


def _unknown_word(word: str) -> Mistake:
    if InstanceType.told_by(identifier(word)):
        return Mistake("create-missing", word)
    return Mistake("subcommand-unknown", word, nearest(word, SUBCOMMANDS), ", ".join(SUBCOMMANDS))


def _list(rest: Sequence[Token]) -> Command:
    scope = rest[0].text.casefold() if rest else SCOPES[0]
    if scope not in SCOPES:
        return Mistaken((Mistake("scope-unknown", rest[0].text, nearest(scope, SCOPES), ", ".join(SCOPES)),))
    return _nothing_after(rest[1:]) or List(scope)


def _help(rest: Sequence[Token]) -> Command:
    topic = rest[0].text.casefold() if rest else ""
    return Help(topic) if topic in ("", *SUBCOMMANDS) else Mistaken((_unknown_word(rest[0].text),))


def _on_request(wish: str, rest: Sequence[Token]) -> Command:
    request_id = request_id_in(rest[0].text) if rest else ""
    if not request_id or rest[0].flag:
        return Mistaken((Mistake("request-missing", wish),))
    if wish != "cancel":
        return _nothing_after(rest[1:]) or OnRequest(wish, request_id)
    words = [token.value if token.flag == "reason" else token.text for token in rest[1:]]
    return OnRequest(wish, request_id, " ".join(word for word in words if word))


def request_id_in(text: str) -> str:
    """The request's ID in a word, in any case and whatever it is wrapped in; else the word as an ID."""
    bare = identifier(text)
    found = _REQUEST.search(bare.lower())
    return found[0] if found else bare


def _delegate(rest: Sequence[Token]) -> Command:
    if not rest:
        return ShowDelegation()
    if rest[0].text.casefold() == "off":
        return _nothing_after(rest[1:]) or EndDelegation()
    to, until = person_of(rest[0].raw), " ".join(token.text for token in rest[1:])
    mistakes = [] if to else [Mistake("person-unknown", rest[0].text)]
    mistakes += [] if until else [Mistake("time-missing")]
    return Mistaken(tuple(mistakes)) if mistakes else Delegate(to, until)


def _nothing_after(rest: Sequence[Token]) -> Mistaken | None:
    return Mistaken((Mistake("words-extra", " ".join(token.text for token in rest)),)) if rest else None


def _create(tokens: Sequence[Token], asks_why: bool) -> Command:
    words = [token.text for token in tokens if token.flag is None]
    if asks_why and words[:1] == ["create"]:
        words = words[1:]
    flags, mistakes = _flags(tokens)
    if len(words) > 1:
        mistakes.append(Mistake("words-extra", " ".join(words[1:])))
    draft = _draft(words, flags)
    return Mistaken(tuple(mistakes), draft) if mistakes else Create(draft, asks_why)


def _flags(tokens: Sequence[Token]) -> tuple[dict[str, list[str]], list[Mistake]]:
    """Gather the values of each known flag, and what is wrong with any."""
    values: dict[str, list[str]] = {}
    mistakes = [Mistake("quote-open", token.text) for token in tokens if token.unclosed]
    for token in tokens:
        if token.flag is not None:
            mistakes += _wrong(token, token.flag in values)
            values.setdefault(token.flag, []).append(_value(token))
    channels = len(values.get("notify", ()))
    if channels > MOST_CHANNELS:
        mistakes.append(Mistake("channels-many", str(channels), allowed=str(MOST_CHANNELS)))
    return values, mistakes


def _value(token: Token) -> str:
    """The value that a field is given: a channel keeps its ID, a quoted tag its quotes."""
    if token.flag == "notify":
        return token.raw
    return f'"{token.value}"' if token.flag == "tag" and token.quoted else token.value


def _wrong(token: Token, seen: bool) -> Iterator[Mistake]:
    flag = token.flag or ""
    if flag not in FLAGS:
        meant = nearest(flag, tuple(FLAGS))
        yield Mistake("flag-unknown", f"--{flag}", f"--{meant}" if meant else "", _dashed(FLAGS))
    elif flag in SWITCHES:
        if token.value.casefold() not in ("", "true", "false"):
            yield Mistake("switch-value", token.value, f"--{flag}")
    elif not visible(token.value):
        yield Mistake("flag-needs-value", f"--{flag}")
    elif seen and flag not in REPEATED:
        yield Mistake("flag-twice", f"--{flag}")
    elif flag == "notify" and not channel_of(token.raw):
        yield Mistake("channel-unknown", token.value)


def _dashed(flags: Mapping[str, str]) -> str:
    return ", ".join(f"--{flag}" for flag in flags)


def _draft(words: Sequence[str], flags: Mapping[str, Sequence[str]]) -> Draft:
    fields: dict[str, Any] = {"instance_id": words[0]} if words else {}
    for flag, values in flags.items():
        name = FLAGS.get(flag)
        if name == "auto_clean_userdata":
            fields[name] = values[-1].casefold() != "false"
        elif name and name not in OWN:
            fields[name] = tuple(values) if flag in REPEATED else values[-1]
    notify = tuple(dict.fromkeys(channel_of(value) or value for value in flags.get("notify", ())))
    reason, start = ((flags.get(flag) or ("",))[-1] for flag in ("reason", "at"))
    breaks = [value.casefold() != "false" for value in flags.get("break-glass", ())]
    return Draft(fields, reason, notify, start, any(breaks[-1:]))
