"""Messages and views as HTML: Jinja templates, and what they need to know about Slack's text objects."""

import json
from collections.abc import Mapping
from itertools import groupby

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from bot.playground.page.dates import clock, day, moment, zone
from bot.playground.page.mrkdwn import Mark, Name, Piece, pieces, shown
from bot.playground.page.names import names
from bot.playground.slack import Message, User, View
from bot.playground.slack.wire import JsonObject
from bot.playground.slack.workspace import Workspace


class Drawing:
    """Draws for one workspace. A message that hasn't changed isn't drawn twice for the same person."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._templates = Environment(
            loader=PackageLoader("bot.playground.page"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= {"tojson_attribute": json.dumps, "shown": shown}
        for template in self._templates.list_templates(("html",)):
            self._templates.get_template(template)  # compiled before anybody has to wait for it
        self._drawn: dict[tuple[str, str, str, str], tuple[Message, int, str]] = {}

    def draw(self, template: str, viewer: str, **values: object) -> str:
        """Return a template's HTML for a person."""
        user = self._workspace.users[viewer]
        name = names(self._workspace, user)
        return self._templates.get_template(template).render(
            viewer=user,
            workspace=self._workspace,
            text=lambda given: text_html(given, name),
            clock=lambda epoch: clock(epoch, zone(user)),
            day=lambda epoch: day(epoch, zone(user), self._workspace.clock()),
            moment=lambda epoch: moment(epoch, zone(user)) if epoch else "",
            optional="可选" if user.locale.startswith("zh") else "optional",
            options=self._options,
            grouped=grouped,
            **values,
        )

    def message(self, message: Message, viewer: str, thread_url: str = "") -> str:
        """Return a message; `thread_url` opens its thread, "" inside the thread."""
        replies = self._workspace.conversations.thread(message.channel, message.ts)[1:] if thread_url else []
        key = (viewer, message.channel, message.ts, thread_url)
        kept = self._drawn.get(key)
        if kept is not None and kept[0] is message and kept[1] == len(replies):
            return kept[2]
        author = self._workspace.users.get(message.user, User(message.user, "slackbot", "Slackbot"))
        html = self.draw(
            "message.html",
            viewer,
            message=message,
            author=author,
            replies=replies,
            thread_url=thread_url,
            shortcuts=[each for each in self._workspace.app.shortcuts if each.type == "message"],
        )
        self._drawn[key] = (message, len(replies), html)
        return html

    def modal(self, view: View, viewer: str, errors: Mapping[str, str]) -> str:
        """Return an open form with the errors of its last submission."""
        return self.draw("modal.html", viewer, view=view, errors=errors)

    def _options(self, kind: str) -> list[JsonObject]:
        """Return the options of a select of people or conversations."""
        workspace = self._workspace
        if kind.endswith("users_select"):
            people = [user for user in workspace.users.values() if not user.deleted]
            return [{"value": user.id, "text": {"text": user.display_name}} for user in people]
        channels = [each for each in workspace.channels.values() if each.user is None]
        return [{"value": each.id, "text": {"text": f"#{each.name}"}} for each in channels]


def grouped(element: JsonObject) -> list[JsonObject]:
    """Return an element's options in their groups, or in one unnamed group."""
    one_group = {"label": None, "options": element.get("options") or []}
    return list(element.get("option_groups") or [one_group])


def text_html(given: JsonObject | str | None, name: Name) -> Markup:
    """Return a text object, or a message's own text, as HTML."""
    if given is None:
        return Markup()
    if isinstance(given, dict) and given.get("type") == "plain_text":
        return escape(shown(str(given["text"])) if given.get("emoji", True) else str(given["text"]))
    source = str(given["text"]) if isinstance(given, dict) else given
    parts = [
        Markup("<blockquote>%s</blockquote>") % _set(run) if quoted else _set(run)
        for quoted, run in (
            (quoted, list(run))
            for quoted, run in groupby(pieces(source, name), lambda p: Mark.QUOTE in p.marks)
        )
    ]
    return Markup().join(parts)


_TAGS = {
    Mark.BOLD: (Markup("<strong>"), Markup("</strong>")),
    Mark.ITALIC: (Markup("<em>"), Markup("</em>")),
    Mark.STRIKE: (Markup("<s>"), Markup("</s>")),
    Mark.CODE: (Markup("<code>"), Markup("</code>")),
    Mark.FENCE: (Markup("<pre>"), Markup("</pre>")),
}


def _set(run: list[Piece]) -> Markup:
    return Markup().join(_piece(piece) for piece in run)


def _piece(piece: Piece) -> Markup:
    html = escape(piece.text)
    for mark in sorted(piece.marks & _TAGS.keys()):
        before, after = _TAGS[mark]
        html = before + html + after
    if Mark.MENTION in piece.marks:
        html = Markup('<span class="mention">%s</span>') % html
    if Mark.LINK in piece.marks:
        html = Markup('<a href="%s" target="_blank" rel="noopener noreferrer">%s</a>') % (piece.url, html)
    return html
