"""What a message says: read from a call, a command's answer or a response_url, checked as Slack does."""

import json
from dataclasses import dataclass

from bot.playground.slack.blocks import check_blocks, with_ids
from bot.playground.slack.ids import Ids
from bot.playground.slack.web_api.arguments import Arguments
from bot.playground.slack.wire import ApiError, JsonObject

TEXT_KEPT = 40_000
"""Longer text is cut (docs.slack.dev, chat.postMessage, Truncating content)."""
UPDATE_TEXT_LIMIT = 4_000
"""chat.update refuses longer text with ``msg_too_long`` (its error table)."""
MARKDOWN_LIMIT = 12_000
ATTACHMENTS_LIMIT = 100
BLOCKS_TEXT_LIMIT = 13_200
"""Text of all blocks together; undocumented, reported by others (slackapi/bolt-js #2509)."""
METADATA_LIMIT = 16_000
"""Bytes of metadata as JSON; the error is documented, the number is our reading."""


@dataclass(frozen=True, slots=True)
class Content:
    """Text, blocks, attachments and metadata; None means that the caller left it out."""

    text: str | None
    blocks: tuple[JsonObject, ...] | None
    attachments: tuple[JsonObject, ...] | None
    metadata: JsonObject | None

    @property
    def is_empty(self) -> bool:
        """Whether there's nothing to show."""
        return not ((self.text or "").strip() or self.blocks or self.attachments)


def read_content(arguments: Arguments, ids: Ids) -> Content:
    """Return a message's content; ``ApiError`` with Slack's code if Slack would refuse it."""
    content = Content(
        _text(arguments), _blocks(arguments, ids), _attachments(arguments, ids), _metadata(arguments)
    )
    if content.is_empty:
        raise ApiError("no_text")
    return content


def _text(arguments: Arguments) -> str | None:
    if "markdown_text" not in arguments:
        return arguments.text("text")[:TEXT_KEPT] if "text" in arguments else None
    if "text" in arguments or "blocks" in arguments:
        raise ApiError("markdown_text_conflict")
    if len(arguments.text("markdown_text")) > MARKDOWN_LIMIT:
        raise ApiError("msg_too_long")
    return arguments.text("markdown_text")


def _blocks(arguments: Arguments, ids: Ids) -> tuple[JsonObject, ...] | None:
    blocks = arguments.structure("blocks", "invalid_blocks_format")
    if blocks is None:
        return None
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise ApiError("invalid_blocks_format")
    hints = check_blocks(blocks, "message", "/blocks")
    if hints:
        raise invalid_blocks(hints)
    if _text_length(blocks) > BLOCKS_TEXT_LIMIT:
        raise ApiError("msg_blocks_too_long")
    return tuple(with_ids(blocks, ids))


def invalid_blocks(hints: list[str]) -> ApiError:
    """Return Slack's refusal of blocks, which contains the hints twice."""
    return ApiError(
        "invalid_blocks", errors=hints, response_metadata={"messages": [f"[ERROR] {h}" for h in hints]}
    )


def _text_length(value: object) -> int:
    """Count the characters under every ``text`` key."""
    if isinstance(value, list):
        return sum(_text_length(item) for item in value)
    if not isinstance(value, dict):
        return 0
    own = len(value["text"]) if isinstance(value.get("text"), str) else 0
    return own + sum(_text_length(item) for item in value.values())


def _attachments(arguments: Arguments, ids: Ids) -> tuple[JsonObject, ...] | None:
    attachments = arguments.structure("attachments", "invalid_attachments")
    if attachments is None:
        return None
    if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
        raise ApiError("invalid_attachments")
    if len(attachments) > ATTACHMENTS_LIMIT:
        raise ApiError("too_many_attachments")
    for index, one in enumerate(attachments):
        hints = check_blocks(one.get("blocks", []), "message", f"/attachments/{index}/blocks")
        if hints:
            raise invalid_blocks(hints)
    return tuple(
        one | {"blocks": with_ids(one["blocks"], ids)} if "blocks" in one else one for one in attachments
    )


def _metadata(arguments: Arguments) -> JsonObject | None:
    """Return message metadata; an empty object removes it (docs.slack.dev, chat.update)."""
    metadata = arguments.structure("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        raise ApiError("invalid_metadata_format")
    if metadata and not _fits_metadata_schema(metadata):
        raise ApiError("invalid_metadata_schema")
    if len(json.dumps(metadata).encode()) > METADATA_LIMIT:
        raise ApiError("metadata_too_large")
    return metadata


def _fits_metadata_schema(metadata: JsonObject) -> bool:
    event_type, payload = metadata.get("event_type"), metadata.get("event_payload")
    known_keys = metadata.keys() <= {"event_type", "event_payload", "entities"}
    return known_keys and isinstance(event_type, str) and bool(event_type) and isinstance(payload, dict)
