"""What goes over a WebSocket: envelopes out, acknowledgements in (docs.slack.dev, Using Socket Mode)."""

import json

from bot.playground.slack.delivery import Envelope
from bot.playground.slack.wire import JsonObject


def frame_of(envelope: Envelope) -> JsonObject:
    """Return the frame of an envelope."""
    frame: JsonObject = {
        "envelope_id": envelope.id,
        "type": envelope.kind,
        "payload": envelope.payload,
        "accepts_response_payload": envelope.accepts_response_payload,
    }
    if envelope.kind == "events_api":
        frame |= {"retry_attempt": envelope.attempt, "retry_reason": envelope.retry_reason or ""}
    return frame


def parsed_ack(text: str) -> tuple[str, JsonObject | None]:
    """Return the envelope_id and payload of an acknowledgement; ValueError for anything else."""
    match json.loads(text):
        case {"envelope_id": str(envelope_id), "payload": dict(payload)}:
            return envelope_id, payload
        case {"envelope_id": str(envelope_id), **more} if more.get("payload") is None:
            return envelope_id, None
    raise ValueError("not an acknowledgement")
