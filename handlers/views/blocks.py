"""The blocks that the bot uses, as Slack wants them: within its limits, never empty, never parsed for names.

Limits: Slack, Block Kit reference, "Blocks", "Block elements" and "Composition objects".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.text import clean, one_line
from handlers.mrkdwn import Markup, fit, fit_plain

Block = dict[str, Any]

SECTION, FIELD, FIELDS, CONTEXT = 3000, 2000, 10, 10
BUTTON, BUTTON_VALUE, OPTION, PLACEHOLDER = 75, 2000, 75, 150
HEADER = 150
TITLE, LABEL = 24, 2000
CONFIRM_TITLE, CONFIRM_TEXT, CONFIRM_BUTTON = 100, 300, 30
MESSAGE_TEXT, MESSAGE_BLOCKS, PRIVATE_METADATA = 3900, 50, 3000
INPUT = 3000
FIELD_ERROR = 300  # Slack documents no limit; anything longer hides the form
NOTHING = Markup("—")


@dataclass(frozen=True)
class Post:
    """What a message shows: its blocks, and a `text` that makes sense on its own (as in notifications)."""

    text: Markup
    blocks: tuple[Block, ...] = field(default=())

    def payload(self) -> dict[str, Any]:
        """Return what chat.postMessage, chat.update and a response_url take."""
        return {
            "text": fit(self.text, MESSAGE_TEXT) or NOTHING,
            "blocks": list(self.blocks[:MESSAGE_BLOCKS] or (section(self.text),)),
        }


def mrkdwn(text: Markup, longest: int = SECTION) -> Block:
    """Return a text object. `verbatim`: Slack must not turn words into names and channels."""
    return {"type": "mrkdwn", "text": fit(text, longest).strip() or NOTHING, "verbatim": True}


def plain(text: str, longest: int) -> Block:
    """Return a plain-text object; emoji codes stay as typed."""
    return {"type": "plain_text", "text": fit_plain(text, longest).strip() or NOTHING, "emoji": True}


def field_error(text: str) -> str:
    """Return the error under a form's field."""
    return fit_plain(text, FIELD_ERROR)


def header(text: str) -> Block:
    """Return a title. An emoji's code in a name stays as typed."""
    return {"type": "header", "text": plain(one_line(text), HEADER) | {"emoji": False}}


def section(text: Markup, button: Block | None = None) -> Block:
    """Return a paragraph, with an optional button next to it."""
    return {"type": "section", "text": mrkdwn(text)} | ({"accessory": button} if button else {})


def fields(pairs: Iterable[tuple[str, Markup]]) -> list[Block]:
    """Return names and values in two columns, without those that have no value; no block if none is left."""
    texts = [mrkdwn(Markup(f"*{name}*\n{value}"), FIELD) for name, value in pairs if value]
    rows = [texts[start : start + FIELDS] for start in range(0, len(texts), FIELDS)]
    return [{"type": "section", "fields": row} for row in rows]


def context(*texts: Markup) -> list[Block]:
    """Return small print; no block when there's nothing to say."""
    elements = [mrkdwn(text, FIELD) for text in texts[:CONTEXT] if text]
    return [{"type": "context", "elements": elements}] if elements else []


def button(
    action_id: str, label: str, value: str, style: str | None = None, ask: Block | None = None
) -> Block:
    """Return a button; `style` is primary or danger, `ask` a confirm dialog."""
    block = {
        "type": "button",
        "action_id": action_id,
        "text": plain(label, BUTTON),
        "value": value[:BUTTON_VALUE],
    }
    return block | ({"style": style} if style else {}) | ({"confirm": ask} if ask else {})


def confirm(title: str, text: str, yes: str, refusal_view: str, style: str | None = None) -> Block:
    """Return a dialog that asks for confirmation."""
    block = {
        "title": plain(title, CONFIRM_TITLE),
        "text": plain(text, CONFIRM_TEXT),
        "confirm": plain(yes, CONFIRM_BUTTON),
        "deny": plain(refusal_view, CONFIRM_BUTTON),
    }
    return block | ({"style": style} if style else {})


def actions(buttons: Sequence[Block]) -> list[Block]:
    """Return a row of buttons; no block when there are none."""
    return [{"type": "actions", "elements": list(buttons)}] if buttons else []


def overflow(action_id: str, options: Sequence[Block]) -> Block:
    """Return a menu behind three dots; Slack takes five options."""
    return {"type": "overflow", "action_id": action_id, "options": list(options)}


def option(text: str, value: str) -> Block:
    """Return an option; `value` is ours and short."""
    return {"text": plain(text, OPTION), "value": value}


def entry(
    block_id: str, label: str, element: Block, *, hint: str = "", optional: bool = True, watched: bool = False
) -> Block:
    """Return a field of a form: its block has the field's name, its element is `value`.

    `watched` tells changes.
    """
    block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, LABEL),
        "element": element | {"action_id": "value"},
        "optional": optional,
    }
    return (
        block
        | ({"hint": plain(hint, LABEL)} if hint else {})
        | ({"dispatch_action": True} if watched else {})
    )


def text_input(given: str = "", placeholder: str = "", longest: int = INPUT, lines: bool = False) -> Block:
    """Return a text box, filled with the given text."""
    block: Block = {"type": "plain_text_input", "max_length": longest, "multiline": lines}
    return (
        block
        | ({"initial_value": clean(given)[:longest]} if clean(given) else {})
        | ({"placeholder": plain(placeholder, PLACEHOLDER)} if placeholder else {})
    )


def select(
    options: Sequence[Block], chosen: str = "", kind: str = "static_select", many: bool = False
) -> Block:
    """Return a menu for one choice, or checkboxes for several; `chosen` is what's selected already."""
    initial = [option for option in options if option["value"] == chosen]
    name = "initial_options" if many else "initial_option"
    return {"type": kind, "options": list(options)} | (
        {name: initial if many else initial[0]} if initial else {}
    )


def modal(
    callback_id: str, title: str, submit: str, close: str, blocks: Sequence[Block], metadata: str = ""
) -> Block:
    """Return a modal form.

    `metadata` holds only IDs, because it comes back through the client.
    """
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, TITLE),
        "submit": plain(submit, TITLE),
        "close": plain(close, TITLE),
        "private_metadata": metadata[:PRIVATE_METADATA],
        "blocks": list(blocks),
    }
