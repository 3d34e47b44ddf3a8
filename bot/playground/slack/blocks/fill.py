"""What Slack adds to blocks that it accepts: block and action IDs, if the app gave none."""

from collections.abc import Iterable

from bot.playground.slack.ids import Ids
from bot.playground.slack.wire import JsonObject

_WITHOUT_ACTION_ID = ("image", "url", "plain_text", "mrkdwn")
_NESTED = ("child_blocks", "tasks")


def with_ids(blocks: Iterable[JsonObject], ids: Ids) -> list[JsonObject]:
    """Return the blocks, each with a block_id, each interactive element with an action_id."""
    return [_filled(block, ids) for block in blocks]


def _filled(block: JsonObject, ids: Ids) -> JsonObject:
    filled = {"block_id": ids.new("b"), **{key: value for key, value in block.items() if value is not None}}
    for key in ("element", "accessory"):
        if isinstance(filled.get(key), dict):
            filled[key] = _with_action_id(filled[key], ids)
    for key in ("elements", "actions"):
        if key in filled and block["type"] in ("actions", "context_actions", "card"):
            filled[key] = [_with_action_id(element, ids) for element in filled[key]]
    for key in _NESTED:
        if key in filled:
            filled[key] = with_ids(filled[key], ids)
    if block["type"] == "carousel":
        filled["elements"] = with_ids(filled["elements"], ids)
    return filled


def _with_action_id(element: JsonObject, ids: Ids) -> JsonObject:
    if element["type"] in _WITHOUT_ACTION_ID:
        return element
    return {"action_id": ids.new("a"), **{key: value for key, value in element.items() if value is not None}}
