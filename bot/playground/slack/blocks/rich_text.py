"""The rich_text block: sections, lists, quotes and preformatted text, and what's in them.

docs.slack.dev/reference/block-kit/blocks/rich-text-block. Lines marked "our reading" aren't documented there.
"""

from bot.playground.slack.blocks.elements import by_kind
from bot.playground.slack.blocks.parts import BLOCK_ID, URL
from bot.playground.slack.blocks.specs import (
    ByType,
    Flag,
    Many,
    Shape,
    Spec,
    String,
    Whole,
    choice,
    only,
    shape,
)

_STYLE = Shape(
    {},
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), Flag()
    ),
)
_ID = String(50)


def _part(kind: str, required: dict[str, Spec], optional: dict[str, Spec] | None = None) -> Shape:
    return shape(kind, required, {**(optional or {}), "style": _STYLE})


PARTS = by_kind(
    _part("text", {"text": String(at_least=1)}),
    _part("channel", {"channel_id": _ID}),
    _part("user", {"user_id": _ID}),
    _part("emoji", {"name": String(100)}, {"skin_tone": Whole(1, 6), "unicode": String()}),
    _part("link", {"url": URL}, {"text": String(), "unsafe": Flag()}),
    _part("team", {"team_id": _ID}),
    _part("usergroup", {"usergroup_id": _ID}),
    _part("date", {"timestamp": Whole(), "format": String()}, {"url": URL, "fallback": String()}),
    _part("broadcast", {"range": choice("here", "channel", "everyone")}),
    _part("color", {"value": String(7, pattern="#[0-9A-Fa-f]{6}")}),
)
_INSIDE = Many(ByType(PARTS, frozenset(PARTS)), at_least=0)
_PREFORMATTED = Many(only(PARTS, "text", "link"), at_least=0)
_BORDER = Whole(0, 1)
_SECTION = shape("rich_text_section", {"elements": _INSIDE}, {})
BODIES = by_kind(
    _SECTION,
    shape(
        "rich_text_list",
        {
            "elements": Many(only(by_kind(_SECTION), "rich_text_section")),
            "style": choice("bullet", "ordered"),
        },
        {"indent": Whole(0, 8), "offset": Whole(), "border": _BORDER},
    ),
    shape("rich_text_preformatted", {"elements": _PREFORMATTED}, {"border": _BORDER, "language": String()}),
    shape("rich_text_quote", {"elements": _INSIDE}, {"border": _BORDER}),
)

RICH_TEXT = shape("rich_text", {"elements": Many(ByType(BODIES, frozenset(BODIES)))}, {"block_id": BLOCK_ID})
