"""Finding what a call refers to, or refusing it with the code that Slack uses."""

from bot.playground.slack.message import Message
from bot.playground.slack.state import Channel, User
from bot.playground.slack.wire import ApiError, missing_scope
from bot.playground.slack.workspace import Workspace


def conversation(workspace: Workspace, channel_id: str) -> Channel:
    """Return the conversation by ID; private ones without the app don't exist for it."""
    channel = workspace.channels.get(channel_id)
    if channel is None or (channel.kind != "channels" and not channel.has(workspace.app.bot_user)):
        raise ApiError("channel_not_found")
    return channel


def joined_conversation(workspace: Workspace, channel_id: str) -> Channel:
    """Return a conversation that the app is a member of."""
    channel = conversation(workspace, channel_id)
    if not channel.has(workspace.app.bot_user):
        raise ApiError("not_in_channel")
    return channel


def destination(workspace: Workspace, target: str) -> Channel:
    """Return where a message goes: a channel by ID or name, or the direct message with a user."""
    if target in workspace.users:
        target = direct_message(workspace, target).id
    named = workspace.channel_named(target)
    channel = conversation(workspace, named.id if named else target)
    if channel.is_archived:
        raise ApiError("is_archived")
    if channel.is_restricted:
        raise ApiError("restricted_action")
    if channel.user is not None and not workspace.app.messages_tab_enabled:
        raise ApiError("messages_tab_disabled")
    may_post_publicly = channel.kind == "channels" and "chat:write.public" in workspace.app.scopes
    if not channel.has(workspace.app.bot_user) and not may_post_publicly:
        raise ApiError("not_in_channel")
    return channel


def direct_message(workspace: Workspace, user_id: str) -> Channel:
    """Return the direct message with a person, if they can receive one."""
    person = user(workspace, user_id)
    if person.deleted:
        raise ApiError("user_disabled")
    if person.is_bot:
        raise ApiError("cannot_dm_bot")
    return workspace.direct_message(user_id)


def stored_message(workspace: Workspace, channel: Channel, ts: str) -> Message:
    """Return the message by its timestamp; ephemeral ones aren't found."""
    message = workspace.conversations.find(channel.id, ts)
    if message is None:
        raise ApiError("message_not_found")
    return message


def user(workspace: Workspace, user_id: str) -> User:
    """Return the user by ID."""
    found = workspace.users.get(user_id)
    if found is None:
        raise ApiError("user_not_found")
    return found


def require_scope(workspace: Workspace, scope: str) -> None:
    """Refuse with ``missing_scope`` if the app wasn't granted ``scope``."""
    granted = workspace.app.scopes
    if scope not in granted:
        raise missing_scope(scope, granted)
