"""What is put into a field, what a search offers, and what Slack tells people when something fails."""

from collections.abc import Mapping
from typing import Any

from bot.playground.page.dates import epoch_of, zone
from bot.playground.page.mrkdwn import shown
from bot.playground.slack import Message, Person, View

SAYS = {
    "unknown_command": "{command} is not a valid command. Type / to see those that are.",
    "operation_timeout": "{command} failed with the error “operation_timeout”: the app did not answer.",
    "dispatch_failed": "{command} failed with the error “dispatch_failed”: no app is connected.",
}
"""What Slackbot tells a person whose command or click failed."""
GONE = "That is no longer on the screen."


def why_closed(person: Person, channel: str) -> str:
    """Return why a person has no message box in a conversation, "" if they have one."""
    place = person.channel(channel)
    if person.may_write(place):
        return ""
    if place.user is not None:
        return "Sending messages to this app has been turned off."
    if place.is_archived:
        return "This channel has been archived."
    return "Only admins can post in this channel." if place.has(person.id) else "You are not in this channel."


def shown_option(option: Mapping[str, Any]) -> dict[str, str]:
    """Return a search result for the page."""
    about = option.get("description") or {}
    return {"value": option["value"], "text": shown(option["text"]["text"]), "about": about.get("text", "")}


def value_of(person: Person, where: Message | View, block_id: str, value: object) -> object:
    """Return a field's value as Slack keeps it: no empty texts, and moments as epoch seconds."""
    kinds = {block["block_id"]: (block.get("element") or {}).get("type") for block in where.blocks}
    if value == "":
        return None
    return epoch_of(str(value), zone(person.user)) if kinds.get(block_id) == "datetimepicker" else value
