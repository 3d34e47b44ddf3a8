"""How Slack encodes people, channels, groups and links in a command, and how people read them. Pure.

Source: Slack, Slash commands, "Escaping users, channels, and links"; Formatting text, "Special mentions".
"""

import html
import re

REFERENCE = re.compile(r"<(?:[@#!]|(?:https?|ftp|mailto|tel|slack):)[^<>]*>")
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>|([UW][A-Z0-9]{6,})")
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)(?:\|[^>]*)?>|([CG][A-Z0-9]{6,})")
_LINK = re.compile(r"<?https://[^\s<>|]{1,100}/archives/([CG][A-Z0-9]{6,30})(?:\|[^>]*)?>?", re.IGNORECASE)
_AROUND = (
    "`*_\"'()[].,;:!?\u201c\u201d\u2018\u2019\u300c\u300d\u300e\u300f\u00ab\u00bb\u3010\u3011"
    "\uff08\uff09\uff0c\u3002\u3001\uff1b\uff1a\uff01\uff1f"
)
"""Quotes, brackets and punctuation of both keyboards that surround an ID but aren't part of it."""
_PIECE = re.compile(r"<[^<>]*>|[^\s<,;\uff0c\u3001\uff1b]+")


def channels_of(value: str) -> list[str]:
    """Return each channel in a value, "" for anything else, whatever separates or surrounds them.

    A channel is the ID in `<#C…|name>`, a bare ID or the one in a link. A bare name isn't one, because Slack
    sends the ID of every channel that exists.
    """
    pieces = [piece.strip(_AROUND) for piece in _PIECE.findall(value)]
    return [_channel(piece) for piece in pieces if piece]


def _channel(piece: str) -> str:
    if link := _LINK.fullmatch(piece):
        return link[1].upper()
    found = _CHANNEL.fullmatch(piece)
    return (found[1] or found[2]) if found else ""


def person_of(value: str) -> str:
    """Return the user ID in `<@U…|name>` or a bare one, "" for none."""
    found = _PERSON.fullmatch(value.strip().strip(_AROUND))
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
