"""What Slack delivers, as values: who acts, where, and where to answer. Pure.

Slash commands are flat, interactions nest (Slack, "Interaction payloads"). The IDs of people and workspaces
come from Slack itself; values of buttons and private_metadata come from the client.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.request import Person
from bot.domain.text import clean

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Address:
    """Where to answer a person in private: through the response_url, else in the channel, else directly."""

    user_id: str
    channel_id: str = ""
    response_url: str = ""
    team_id: str = ""


def person(body: Body) -> Person:
    """Return who acts, and where, as Slack tells us; "" for anything that it leaves out with a form.

    The workspace is the one that they act in. On Enterprise Grid `user.team_id` isn't that, but a fixed
    workspace of theirs, or the organization.
    """
    user_id = body.get("user_id") or _part(body, "user").get("id") or ""
    return Person(str(user_id), team(body), channel(body), trigger(body))


def team(body: Body) -> str:
    """Return the workspace in which somebody acts, "" if Slack doesn't say or names an organization."""
    named = str(_part(body, "team").get("id") or body.get("team_id") or "")
    return "" if named.startswith("E") else named


def address(body: Body) -> Address:
    """Return where to answer the person who acts."""
    return Address(person(body).user_id, channel(body), str(body.get("response_url") or ""))


def channel(body: Body) -> str:
    """Return the channel of the command or of the message with the button, "" for a form."""
    named = (
        body.get("channel_id")
        or _part(body, "channel").get("id")
        or _part(body, "container").get("channel_id")
    )
    return str(named or "")


def message(body: Body) -> str:
    """Return the message with the button, by channel and ts."""
    return f"{channel(body)}:{_part(body, 'container').get('message_ts') or trigger(body)}"


def view(body: Body) -> Body:
    """Return the form of an interaction, {} for none."""
    return _part(body, "view")


def typed(body: Body) -> Body:
    """Return the values in the form of an interaction, by block."""
    return _part(_part(view(body), "state"), "values")


def pressed(body: Body) -> str:
    """Return the value of the button that was pressed, "" for none."""
    actions = body.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else {}
    value = first.get("value") if isinstance(first, Mapping) else None
    return clean(value) if isinstance(value, str) else ""


def selected(body: Body) -> str:
    """Return the value that was chosen in a menu, "" for none."""
    actions = body.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else {}
    value = _part(first, "selected_option").get("value") if isinstance(first, Mapping) else None
    return clean(value) if isinstance(value, str) else ""


def trigger(body: Body) -> str:
    """Return the right to open one form, within three seconds. No two deliveries share one."""
    return str(body.get("trigger_id") or "")


def _part(body: Body, name: str) -> Body:
    part = body.get(name)
    return part if isinstance(part, Mapping) else {}
