"""Payloads as they were on the wire, written down as TypeScript constants of Slack's types."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.playground.slack.ledger import Call, Delivery

Json = dict[str, Any]

IMPORTS = """\
import type {
  BlockAction, BlockElementAction, BlockSuggestion, EnvelopedEvent, GlobalShortcut, MessageShortcut,
  SlashCommand, ViewClosedAction, ViewSubmitAction,
} from "@slack/bolt";
import type {
  AppHomeOpenedEvent, BotMessageEvent, GenericMessageEvent, KnownBlock, View,
} from "@slack/types";
// Where the types say less, or more, than what Slack sends:
type Click = BlockAction<BlockElementAction & { style?: string }>; // a styled button comes with its style
type ViewClick = Omit<Click, "response_url">; // a click in a view has none
type Typed = Omit<GenericMessageEvent, "subtype"> // a message without a subtype lacks the key
  & { app_id?: string }; // an app's message names it
"""
INCOMING = {
    "shortcut": "GlobalShortcut",
    "message_action": "MessageShortcut",
    "view_submission": "ViewSubmitAction",
    "view_closed": "ViewClosedAction",
    "block_suggestion": "BlockSuggestion",
}
EVENTS = {"app_home_opened": "EnvelopedEvent<AppHomeOpenedEvent>"}


def typescript(deliveries: Iterable[Delivery], calls: Iterable[Call]) -> str:
    """Return a module with one constant per payload; payloads of the same shape are in it once."""
    constants: dict[str, str] = {}
    for kind, payload in (*_incoming(deliveries), *_outgoing(calls)):
        constants.setdefault(_shape(kind, payload), f"{kind} = {json.dumps(payload)};")
    lines = (f"const p{number}: {constant}" for number, constant in enumerate(constants.values()))
    return "\n".join((IMPORTS, *lines, "export {};\n"))


def _incoming(deliveries: Iterable[Delivery]) -> Iterator[tuple[str, Json]]:
    for delivery in deliveries:
        payload = delivery.payload
        yield _type_of(payload), payload
        for ack in delivery.acks:
            yield from _blocks_of(ack.payload or {})


def _type_of(payload: Json) -> str:
    kind = payload.get("type")
    if kind is None:
        return "SlashCommand"
    if kind == "event_callback":
        event = payload["event"]
        legacy = event.get("subtype") == "bot_message"  # from incoming webhooks; apps' messages have none
        typed = "EnvelopedEvent<BotMessageEvent>" if legacy else "EnvelopedEvent & { event: Typed }"
        return EVENTS.get(event["type"], typed)
    if kind == "block_actions":
        return "Click" if "response_url" in payload else "ViewClick"
    return INCOMING[kind]


def _outgoing(calls: Iterable[Call]) -> Iterator[tuple[str, Json]]:
    for call in calls:
        if call.status == 200 and call.answer.get("ok", True):
            yield from _blocks_of(call.arguments)


def _blocks_of(arguments: Json) -> Iterator[tuple[str, Any]]:
    blocks, view = (_decoded(arguments.get(name)) for name in ("blocks", "view"))
    if blocks:
        yield "KnownBlock[]", blocks
    if view:
        yield "View", view


def _decoded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _shape(kind: str, value: Any) -> str:
    """Return what two payloads have in common when only their texts differ."""

    def outline(part: Any, name: str = "") -> Any:
        if isinstance(part, dict):
            return {key: outline(child, key) for key, child in sorted(part.items())}
        if isinstance(part, list):
            return [outline(child) for child in part]
        return part if name in ("type", "style") else type(part).__name__

    return kind + json.dumps(outline(value))
