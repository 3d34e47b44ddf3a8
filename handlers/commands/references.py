"""What Slack makes of people, channels, groups and links in a command, and what a person reads there. Pure.

Source: Slack, Slash commands, "Escaping users, channels, and links"; Formatting text, "Special mentions".
"""

import html
import re

REFERENCE = re.compile(r"<(?:[@#!]|(?:https?|ftp|mailto|tel|slack):)[^<>]*>")
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>|([UW][A-Z0-9]{6,})")
_CHANNEL = re.compile(r"<#([CGD][A-Z0-9]+)(?:\|[^>]*)?>|([CG][A-Z0-9]{6,})|(#[^\s<>#]{1,80})")


def channel_of(value: str) -> str:
    """Return the channel in a value: the id of `<#C…|name>`, a bare id or `#name` as it is, "" for none."""
    found = _CHANNEL.fullmatch(value.strip())
    return next((part for part in found.groups() if part), "") if found else ""


def person_of(value: str) -> str:
    """Return the user id in `<@U…|name>` or alone, "" for none."""
    found = _PERSON.fullmatch(value.strip())
    return next((part for part in found.groups() if part), "") if found else ""


def readable(text: str, *, prose: bool = False) -> str:
    """Return what was typed, from what Slack made of it: @name, #name, @here, addresses; entities are
    characters.

    A domain that Slack made a link of is the domain again, but in prose, where every link has its scheme.
    """
    return html.unescape(REFERENCE.sub(lambda found: _read(found[0][1:-1], prose), text))


def _read(inside: str, prose: bool) -> str:
    target, _, label = inside.partition("|")
    match target[0]:
        case "@" | "#" as sign:
            return f"{sign}{label.removeprefix(sign) or target[1:]}"
        case "!":
            return _special(target[1:], label)
    scheme, _, address = target.partition(":")
    if scheme in ("mailto", "tel"):
        return address
    return label if label and not prose and label == address.removeprefix("//") else target


def _special(target: str, label: str) -> str:
    name = target.partition("^")[0]
    if name == "date":
        return label
    shown = label.removeprefix("@") or (target.partition("^")[2] if name == "subteam" else name)
    return f"@{shown}"
