"""chat.*"""

from dataclasses import replace

from bot.playground.slack.content import UPDATE_TEXT_LIMIT, Content, read_content
from bot.playground.slack.message import Message
from bot.playground.slack.state import Channel
from bot.playground.slack.web_api import lookups
from bot.playground.slack.web_api.arguments import Arguments
from bot.playground.slack.wire import ApiError, JsonObject
from bot.playground.slack.workspace import Workspace


def post_message(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """chat.postMessage: to a channel, a thread, or a person."""
    channel = lookups.destination(workspace, arguments.required("channel"))
    content = read_content(arguments, workspace.ids)
    thread_ts = _thread(workspace, channel, arguments)
    draft = draft_of(workspace, channel.id, content, thread_ts)
    draft = replace(draft, broadcast=bool(thread_ts) and arguments.flag("reply_broadcast"))
    return _posted(workspace, workspace.conversations.post(draft))


def post_ephemeral(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """chat.postEphemeral: seen by one member of the channel, stored nowhere."""
    channel = lookups.destination(workspace, arguments.required("channel"))
    user = lookups.user(workspace, arguments.required("user"))
    if not channel.has(user.id) or user.deleted:
        raise ApiError("user_not_in_channel")
    content = read_content(arguments, workspace.ids)
    thread_ts = _thread(workspace, channel, arguments)
    draft = replace(draft_of(workspace, channel.id, content, thread_ts), only_for=user.id)
    return {"message_ts": workspace.conversations.post(draft).ts}


def update(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """chat.update: anything left out stays, but text without blocks removes the blocks."""
    channel, old = _own_message(workspace, arguments, "cant_update_message")
    if channel.is_archived:
        raise ApiError("is_inactive")
    content = read_content(arguments, workspace.ids)
    if content.text is not None and len(content.text) > UPDATE_TEXT_LIMIT:
        raise ApiError("msg_too_long")
    new = workspace.conversations.change(edited(workspace, old, content))
    return {**_posted(workspace, new), "text": new.text}


def delete(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """chat.delete"""
    channel, message = _own_message(workspace, arguments, "cant_delete_message")
    workspace.conversations.delete(message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """chat.getPermalink"""
    channel = lookups.conversation(workspace, arguments.required("channel"))
    message = lookups.stored_message(workspace, channel, arguments.required("message_ts"))
    address = f"{workspace.url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        address += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": address}


def draft_of(workspace: Workspace, channel: str, content: Content, thread_ts: str | None) -> Message:
    """Return a message from the app, not posted yet."""
    app = workspace.app
    return Message(
        channel=channel,
        ts="",
        user=app.bot_user,
        text=content.text or "",
        blocks=content.blocks or (),
        attachments=content.attachments or (),
        metadata=content.metadata or None,
        thread_ts=thread_ts,
        bot_id=app.bot_id,
        app_id=app.id,
    )


def edited(workspace: Workspace, old: Message, content: Content) -> Message:
    """Return the next version of a message; editing only blocks isn't shown as edited."""
    keeps_blocks = content.text is None
    blocks = content.blocks if content.blocks is not None else (old.blocks if keeps_blocks else ())
    attachments = content.attachments
    return replace(
        old,
        text=old.text if content.text is None else content.text,
        blocks=blocks,
        attachments=attachments if attachments is not None else (old.attachments if keeps_blocks else ()),
        metadata=old.metadata if content.metadata is None else content.metadata or None,
        edited_ts=old.edited_ts if content.blocks is not None else workspace.ids.ts(),
    )


def _own_message(workspace: Workspace, arguments: Arguments, not_ours: str) -> tuple[Channel, Message]:
    channel = lookups.conversation(workspace, arguments.required("channel"))
    message = lookups.stored_message(workspace, channel, arguments.required("ts"))
    if message.app_id != workspace.app.id:
        raise ApiError(not_ours)
    return channel, message


def _thread(workspace: Workspace, channel: Channel, arguments: Arguments) -> str | None:
    """Return the first message of the thread to reply in.

    Slack documents one refusal of replies, ``cannot_reply_to_message``; that it's used for a missing message
    is our reading.
    """
    if "thread_ts" not in arguments:
        return None
    root = workspace.conversations.find(channel.id, arguments.text("thread_ts"))
    if root is None:
        raise ApiError("cannot_reply_to_message")
    return root.thread_ts or root.ts


def _posted(workspace: Workspace, message: Message) -> JsonObject:
    body = workspace.conversations.wire(message, with_metadata=True)
    return {"channel": message.channel, "ts": message.ts, "message": body}
