"""Slack's IDs as people give them: plain, in small letters, or as in a mention (`<@U0ALICE|alice>`)."""

import re
from typing import Literal

from bot.allowlist.doubt import Doubt
from bot.policy.findings import shown

IdKind = Literal["users", "usergroups", "channels"]
USER = re.compile(r"[UW][A-Z0-9]+", re.ASCII)
USERGROUP = re.compile(r"S[A-Z0-9]+", re.ASCII)
CHANNEL = re.compile(r"[CG][A-Z0-9]+", re.ASCII)
SHAPES = {"users": USER, "usergroups": USERGROUP, "channels": CHANNEL}
CALLED = {
    "users": "a Slack user ID such as U0ALICE",
    "usergroups": "a Slack usergroup ID such as S0OPS",
    "channels": "a Slack channel ID such as C0SECURE",
}
_MENTION = re.compile(r"<(?:[@#]|!subteam\^)([A-Z0-9]+)(?:\|[^>]*)?>", re.ASCII)
"""Slack, "Formatting text for app surfaces", "Advanced formatting"."""


def unwrapped(text: str) -> str:
    """Return the ID in a mention; any other text without the space around it."""
    mention = _MENTION.fullmatch(text.strip())
    return mention[1] if mention else text.strip()


def id_doubt(text: str, kind: IdKind) -> Doubt | None:
    """Return why a text is no ID of this kind; None when it is one."""
    shape = SHAPES[kind]
    if shape.fullmatch(text):
        return None
    meant = unwrapped(text).upper()
    likely = shape.fullmatch(meant) and any(map(str.isdigit, meant))
    return Doubt(f"{shown(text)} isn't {CALLED[kind]}", "id-shape", meant if likely else None)
