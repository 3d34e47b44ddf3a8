"""The parts of the page that follow along: each is a list of keyed pieces of HTML."""

from dataclasses import dataclass
from datetime import datetime

from bot.playground.page.backstage import Backstage
from bot.playground.page.dates import zone
from bot.playground.page.drawing import Drawing
from bot.playground.page.look import HOME, TABS, Look, channels_of
from bot.playground.page.reading import Reading
from bot.playground.slack import Message
from bot.playground.stage import Stage

Items = dict[str, str]
"""Key to HTML, in order."""


@dataclass(frozen=True, slots=True)
class Regions:
    """Draws what one window shows right now."""

    stage: Stage
    drawing: Drawing
    reading: Reading
    backstage: Backstage

    def of(self, look: Look, unread_after: str) -> dict[str, Items]:
        """Return every region; `unread_after` is the last message read before the window opened."""
        return {
            "messages": self._home(look) if look.place == HOME else self._messages(look, unread_after),
            "thread": self._thread(look),
            "modal": self._modal(look),
            "back": self.backstage.items(look) if look.tab else {},
            "sidebar": self._sidebar(look),  # last: everything drawn above has been read
        }

    def _sidebar(self, look: Look) -> Items:
        slack = self.stage.slack
        theirs = channels_of(slack.workspace, look.persona)
        messages = next((channel.id for channel in theirs if channel.user is not None), "")
        html = self.drawing.draw(
            "sidebar.html",
            look.persona,
            look=look,
            people=[user for user in slack.workspace.users.values() if not user.is_bot],
            channels=[(channel, self.reading.unread(look.persona, channel.id)) for channel in theirs],
            messages=messages,
            messages_unread=self.reading.unread(look.persona, messages) if messages else 0,
            tabs=TABS,
            problems=len(slack.problems),
            faults=self.backstage.faults_on(),
            bot_runs=self.stage.bot.is_running,
        )
        return {"sidebar": html}

    def _messages(self, look: Look, unread_after: str) -> Items:
        """Return the newest messages, with days between them, and a line above the first unread one."""
        person = self.stage.person(look.persona)
        seen = person.sees(look.place)
        items: Items = {}
        if len(seen) > look.last:
            url = look.url(last=look.last * 4)
            items["older"] = (
                f'<p class="older"><a href="{url.replace("&", "&amp;")}">Show older messages</a></p>'
            )
        if not seen:
            items["empty"] = self.drawing.draw("empty.html", look.persona)
        where, day = zone(person.user), None
        first_unread = _first_unread(seen, unread_after, look.persona)
        for message in seen[-look.last :]:
            at = float(message.ts)
            if (today := datetime.fromtimestamp(at, where).date()) != day:
                day, items[f"day-{today}"] = today, self.drawing.draw("day.html", look.persona, at=at)
            if message is first_unread:
                items["new"] = '<p class="new" role="separator">New</p>'
            thread = message.thread_ts or message.ts
            items[message.ts] = self.drawing.message(message, look.persona, look.url(thread=thread))
        self.reading.has_read(look.persona, look.place)
        return items

    def _thread(self, look: Look) -> Items:
        if not look.thread or look.place == HOME:
            return {}
        messages = self.stage.person(look.persona).sees_thread(look.place, look.thread)
        return {message.ts: self.drawing.message(message, look.persona) for message in messages}

    def _home(self, look: Look) -> Items:
        home = self.stage.person(look.persona).home
        return {"home": self.drawing.draw("home.html", look.persona, view=home)}

    def _modal(self, look: Look) -> Items:
        view = self.stage.person(look.persona).modal
        if view is None:
            return {}
        return {view.id: self.drawing.modal(view, look.persona, self.reading.errors_of(view.id))}


def _first_unread(seen: list[Message], unread_after: str, persona: str) -> Message | None:
    """Return the first new message from others; none for somebody who sees the channel for the first time."""
    new = (message for message in seen if message.ts > unread_after and message.user != persona)
    return next(new, None) if unread_after else None
