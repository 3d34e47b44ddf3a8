"""What a message's metadata and blocks say about its request."""

from bot.playground.slack import Message, NotOnScreenError, View

CARD = "image_request"
"""The `event_type` of a card's metadata."""


def event_type(message: Message) -> str:
    """Return the type of the message's metadata, "" for none."""
    return str((message.metadata or {}).get("event_type") or "")


def status_of(message: Message) -> str:
    """Return the request's status from the message's metadata, "" for none."""
    return str(((message.metadata or {}).get("event_payload") or {}).get("status") or "")


def request_of(message: Message) -> str:
    """Return the request's ID from the message's metadata, "" for none."""
    return str(((message.metadata or {}).get("event_payload") or {}).get("request_id") or "")


def label(where: Message | View, action_id: str, value: str | None = None) -> str:
    """Return the label of the button, or of the menu option, that has this value."""
    for block in where.blocks:
        for element in [*block.get("elements", ()), block.get("accessory") or {}]:
            if element.get("action_id") == action_id:
                chosen = [each for each in element.get("options", ()) if each["value"] == value]
                return str((chosen or [element])[0]["text"]["text"])
    raise NotOnScreenError("the story", action_id, [])
