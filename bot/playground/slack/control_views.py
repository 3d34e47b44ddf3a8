"""Messages, channels and screens as the control endpoint shows them."""

from bot.playground.slack.people import Person
from bot.playground.slack.screen import Answer, Submission
from bot.playground.slack.state import Channel, Message
from bot.playground.slack.surfaces import View
from bot.playground.slack.wire import JsonObject
from bot.playground.slack.workspace import Workspace


def message_json(workspace: Workspace, message: Message) -> JsonObject:
    """Slack's message object with metadata, and ``channel``, ``only_for``, ``is_broadcast``."""
    body = workspace.conversations.wire(message, with_metadata=True)
    more = {"channel": message.channel, "only_for": message.only_for, "is_broadcast": message.broadcast}
    return body | more


def channel_json(workspace: Workspace, channel: Channel) -> JsonObject:
    """Slack's conversation object with its ``members``."""
    return channel.wire(workspace.app.bot_user) | {"members": sorted(channel.members or ())}


def view_json(workspace: Workspace, view: View | None) -> JsonObject | None:
    """Slack's view object, None for none."""
    return None if view is None else view.wire(workspace.app)


def screen_json(workspace: Workspace, person: Person) -> JsonObject:
    """A person's modals (the top one last), home tab and direct messages."""
    return {
        "modals": [view_json(workspace, view) for view in workspace.surfaces.stack(person.id)],
        "home": view_json(workspace, person.home),
        "direct_messages": [message_json(workspace, message) for message in person.direct_messages()],
    }


def answer_json(workspace: Workspace, answer: Answer) -> JsonObject:
    """What came of a command or click."""
    messages = [message_json(workspace, message) for message in answer.messages]
    return {"error": answer.error, "text": answer.text, "messages": messages, "ack": answer.ack}


def submission_json(workspace: Workspace, submission: Submission) -> JsonObject:
    """What came of a submitted modal."""
    return {
        "outcome": submission.outcome,
        "errors": submission.errors,
        "error": submission.error,
        "sent": submission.sent,
        "view": view_json(workspace, submission.view),
    }
