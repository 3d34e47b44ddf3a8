"""conversations.*"""

from collections.abc import Collection

from bot.playground.slack.message import Message
from bot.playground.slack.state import Channel
from bot.playground.slack.web_api import lookups
from bot.playground.slack.web_api.arguments import Arguments
from bot.playground.slack.web_api.pages import page
from bot.playground.slack.wire import ApiError, JsonObject
from bot.playground.slack.workspace import Workspace

DISTRIBUTED_PAGE = 15
_TYPES = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}


def info(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """conversations.info"""
    channel = lookups.conversation(workspace, arguments.required("channel"))
    lookups.require_scope(workspace, f"{channel.kind}:read")
    return {"channel": channel.wire(workspace.app.bot_user)}


def list_channels(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """conversations.list: public channels and, of the other ``types``, those that the app is in."""
    kinds = [_TYPES.get(name.strip()) for name in arguments.text("types", "public_channel").split(",")]
    if None in kinds:
        raise ApiError("invalid_types")
    for kind in kinds:
        lookups.require_scope(workspace, f"{kind}:read")
    bot = workspace.app.bot_user
    visible = [
        c for c in workspace.channels.values() if c.kind in kinds and (c.kind == "channels" or c.has(bot))
    ]
    if arguments.flag("exclude_archived"):
        visible = [c for c in visible if not c.is_archived]
    channels, metadata = page(visible, arguments, 100, 1000)
    return {"channels": [channel.wire(bot) for channel in channels], **metadata}


def open_dm(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """conversations.open with one user, or with a conversation's ID."""
    if "channel" in arguments:
        return {"channel": {"id": lookups.conversation(workspace, arguments.text("channel")).id}}
    users = [user for user in arguments.text("users").split(",") if user]
    if not users:
        raise ApiError("users_list_not_supplied")
    if len(users) > 1:
        raise ApiError("method_not_supported_for_channel_type")
    known = {channel.user for channel in workspace.channels.values()}
    channel = lookups.direct_message(workspace, users[0])
    already = {"no_op": True, "already_open": True} if users[0] in known else {}
    body = channel.wire(workspace.app.bot_user) if arguments.flag("return_im") else {"id": channel.id}
    return {**already, "channel": body}


def join(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """conversations.join: public channels only."""
    channel = lookups.conversation(workspace, arguments.required("channel"))
    if channel.kind != "channels":
        raise ApiError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise ApiError("is_archived")
    bot = workspace.app.bot_user
    already = {"warning": "already_in_channel"} if channel.has(bot) else {}
    (channel.members or set()).add(bot)
    workspace.changes.record("channel_changed", channel=channel.id)
    return {"channel": channel.wire(bot), **already}


def members(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """conversations.members"""
    channel = lookups.conversation(workspace, arguments.required("channel"))
    lookups.require_scope(workspace, f"{channel.kind}:read")
    ids, metadata = page(sorted(_members_of(channel, workspace)), arguments, 100, 1000)
    return {"members": ids, **metadata}


def _members_of(channel: Channel, workspace: Workspace) -> Collection[str]:
    """Return the members; everybody, for a public channel without a member list."""
    return workspace.users if channel.members is None else channel.members


def history(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """conversations.history: newest first, thread replies left out unless sent to the channel too."""
    channel = _readable(workspace, arguments)
    stored = [m for m in workspace.conversations.stored(channel.id) if m.in_channel]
    messages, metadata = page(_between(stored, arguments)[::-1], arguments, *_sizes(workspace, 100, 999))
    return _listing(workspace, messages, metadata, arguments)


def replies(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """conversations.replies: the first message, then its replies, oldest first."""
    channel = _readable(workspace, arguments)
    ts = arguments.required("ts")
    message = workspace.conversations.find(channel.id, ts)
    if message is None:
        raise ApiError("thread_not_found")
    thread = workspace.conversations.thread(channel.id, message.thread_ts or ts)
    root = thread[:1] if "cursor" not in arguments else []
    rest, metadata = page(_between(thread[1:], arguments), arguments, *_sizes(workspace, 1000, 1000))
    return _listing(workspace, root + rest, metadata, arguments)


def _sizes(workspace: Workspace, default: int, at_most: int) -> tuple[int, int]:
    """Return the default and the largest size of a page (docs.slack.dev, Rate limit changes of May 2025)."""
    return (DISTRIBUTED_PAGE, DISTRIBUTED_PAGE) if workspace.conditions.distributed else (default, at_most)


def _readable(workspace: Workspace, arguments: Arguments) -> Channel:
    channel = lookups.conversation(workspace, arguments.required("channel"))
    lookups.require_scope(workspace, f"{channel.kind}:history")
    return lookups.joined_conversation(workspace, channel.id)


def _between(messages: list[Message], arguments: Arguments) -> list[Message]:
    """Return the messages after ``oldest`` and before ``latest``, these two themselves only when
    ``inclusive``.
    """
    oldest = _moment(arguments, "oldest", 0.0)
    latest = _moment(arguments, "latest", float("inf"))
    inside = [m for m in messages if oldest < float(m.ts) < latest]
    if not arguments.flag("inclusive"):
        return inside
    return [m for m in messages if oldest <= float(m.ts) <= latest]


def _moment(arguments: Arguments, name: str, default: float) -> float:
    text = arguments.text(name)
    try:
        return float(text) if text else default
    except ValueError:
        raise ApiError(f"invalid_ts_{name}") from None


def _listing(
    workspace: Workspace, messages: list[Message], metadata: JsonObject, arguments: Arguments
) -> JsonObject:
    with_metadata = arguments.flag("include_all_metadata")
    bodies = [workspace.conversations.wire(message, with_metadata=with_metadata) for message in messages]
    more = bool(metadata["response_metadata"]["next_cursor"])
    return {"messages": bodies, "has_more": more, **metadata}
