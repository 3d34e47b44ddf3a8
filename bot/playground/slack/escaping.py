"""What a person types, as Slack sends it: names become IDs, links are marked, three characters are escaped.

docs.slack.dev, Formatting message text, and Slash commands, "Escaping users, channels, and links".
"""

import re

from bot.playground.slack.wire import JsonObject
from bot.playground.slack.workspace import Workspace

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_EVERYBODY = ("here", "channel", "everyone")
_DOMAINS = "app|cloud|cn|co|com|de|dev|edu|eu|gov|info|io|net|org|uk"
"""Some of the endings by which Slack's client recognizes a bare host name; the selection is ours."""
_MARK = re.compile(
    r"(?P<url>https?://[^\s<>|]+[^\s<>|.,;:!?)\]}\"'])"
    r"|(?P<mail>(?<![\w.])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w@#/.])(?P<sign>[@#])(?P<name>[\w.-]*\w)"
    rf"|(?<![\w@./-])(?P<host>(?:[a-z0-9-]+\.)+(?:{_DOMAINS})(?:/[^\s<>|]*)?)(?![\w.-])"
)


def escaped(workspace: Workspace, text: str) -> str:
    """Return the text with ``<@U…|name>``, ``<#C…|name>``, ``<!subteam^S…|@handle>``, ``<!here>`` and
    links.
    """
    names = _names(workspace)
    written, at = [], 0
    for found in _MARK.finditer(text):
        mark = _marked(found, names)
        if mark is not None:
            written += [text[at : found.start()].translate(_ENTITIES), mark]
            at = found.end()
    return "".join([*written, text[at:].translate(_ENTITIES)])


def _marked(found: re.Match[str], names: JsonObject) -> str | None:
    """Return the markup of one match; None if nobody and nothing has that name."""
    whole = found.group().translate(_ENTITIES)
    match found.lastgroup:
        case "url":
            return f"<{whole}>"
        case "mail":
            return f"<mailto:{whole}|{whole}>"
        case "host":
            return f"<http://{whole}|{whole}>"
    return names.get(found["sign"] + found["name"].casefold())


def _names(workspace: Workspace) -> dict[str, str]:
    """Return what can be mentioned, by what is typed: ``@alice``, ``#images``, ``@operations``, ``@here``."""
    known = {f"@{name}": f"<!{name}>" for name in _EVERYBODY}
    for group in workspace.usergroups.values():
        if group.is_enabled:
            known[f"@{group.handle.casefold()}"] = f"<!subteam^{group.id}|@{group.handle}>"
    for user in workspace.users.values():
        known[f"@{user.handle.casefold()}"] = f"<@{user.id}|{user.handle}>"
    for channel in workspace.channels.values():
        if channel.name:
            known[f"#{channel.name.casefold()}"] = f"<#{channel.id}|{channel.name}>"
    return known
