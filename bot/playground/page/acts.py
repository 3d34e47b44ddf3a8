"""What people do on the page, done in Slack on their behalf: type, click, choose, submit, close, search."""

from collections.abc import Mapping
from typing import Any

from bot.playground.page.entering import GONE, SAYS, shown_option, value_of, why_closed
from bot.playground.page.reading import Reading
from bot.playground.slack import Answer, Message, Person, View
from bot.playground.slack.escaping import escaped
from bot.playground.slack.inputs import NoSuchOptionError
from bot.playground.slack.screen import NotOnScreenError
from bot.playground.stage import Stage

Body = Mapping[str, Any]


class Acts:
    """One method per thing that a person can do; each returns the page's answer as JSON."""

    def __init__(self, stage: Stage, reading: Reading) -> None:
        self._stage = stage
        self._reading = reading

    async def do(self, name: str, body: Body) -> object:
        """Do it. Raises LookupError for an unknown act."""
        acts = {
            "type": self.on_type,
            "click": self.on_click,
            "choose": self.on_choose,
            "change": self.on_change,
            "search": self.on_search,
            "submit": self.on_submit,
            "close": self.on_close,
            "shortcut": self.on_shortcut,
        }
        try:
            return await acts[name](self._stage.person(str(body["as"])), body)
        except (NotOnScreenError, NoSuchOptionError):
            return {"toast": GONE}

    async def on_type(self, person: Person, body: Body) -> object:
        """Send what's in the message box: a command or a message."""
        text, channel, thread = str(body["text"]).strip(), str(body["channel"]), body.get("thread") or None
        if not text:
            return {}
        if closed := why_closed(person, channel):
            return {"toast": closed}
        if not text.startswith("/") or thread:
            if text.startswith("/"):
                return {"toast": "Slash commands do not work in threads."}
            await person.say(channel, escaped(self._stage.slack.workspace, text), thread)
            return {}
        self._told(person, channel, await person.types(text, channel), text.split()[0])
        return {}

    async def on_click(self, person: Person, body: Body) -> object:
        """Press a button."""
        where = self._where(person, body)
        answer = await person.click(where, str(body["action"]), str(body["value"]) or None)
        return self._after(person, where, answer)

    async def on_choose(self, person: Person, body: Body) -> object:
        """Choose in an element of a message, or next to a text."""
        where, value = self._where(person, body), body["value"]
        if isinstance(value, list):
            answer = await person.change(where, str(body["block"]), value)
        else:
            answer = await person.click(where, str(body["action"]), value or None)
        return self._after(person, where, answer)

    async def on_change(self, person: Person, body: Body) -> object:
        """Type or choose in a field of a form."""
        where = self._where(person, body)
        if isinstance(where, View):
            self._reading.changed(where.id, str(body["block"]))
        block = str(body["block"])
        answer = await person.change(where, block, value_of(person, where, block, body["value"]))
        return self._after(person, where, answer)

    async def on_search(self, person: Person, body: Body) -> object:
        """Search in an external select."""
        found = await person.suggest(self._where(person, body), str(body["action"]), str(body["query"]))
        return {"options": [shown_option(each) for each in found]}

    async def on_submit(self, person: Person, body: Body) -> object:
        """Submit the open form with everything in it."""
        view = person.modal
        if view is None or view.id != body["view"]:
            return {"toast": GONE}
        inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
        values = {
            block: value_of(person, view, block, value)
            for block, value in dict(body["values"]).items()
            if block in inputs
        }
        outcome = await person.fill(values).submit()
        self._reading.submitted(view.id, outcome)
        self._stage.slack.changes.record("form_submitted", view_id=view.id, outcome=outcome.outcome)
        return {"errors": list(outcome.errors)}

    async def on_shortcut(self, person: Person, body: Body) -> object:
        """Use a shortcut: from the message box, or from a message's menu."""
        where = self._where(person, body) if body.get("where") else None
        message = where if isinstance(where, Message) else None
        answer = await person.shortcut(str(body["action"]), message)
        return {"toast": "The app did not answer. Try again?"} if answer.error else {}

    async def on_close(self, person: Person, _: Body) -> object:
        """Dismiss the open form."""
        if person.modal is not None:
            await person.close()
        return {}

    def _where(self, person: Person, body: Body) -> Message | View:
        """Return the message or view that the page refers to, as the person sees it."""
        place, _, key = str(body["where"]).partition("/")
        if place == "view":
            views = [view for view in (person.modal, person.home) if view is not None and view.id == key]
            seen: list[Message | View] = [*views]
        else:
            conversations = self._stage.slack.workspace.conversations
            seen = [message for message in conversations.seen_by(person.id, place) if message.ts == key]
        if not seen:
            raise NotOnScreenError(person.id, key, [])
        return seen[0]

    def _after(self, person: Person, where: Message | View, answer: Answer) -> object:
        if isinstance(where, View):
            return {"toast": "The app did not answer. Try again?"} if answer.error else {}
        self._told(person, where.channel, answer, "That")
        return {}

    def _told(self, person: Person, channel: str, answer: Answer, command: str) -> None:
        """Let Slackbot tell the person, and nobody else, why nothing happened."""
        if answer.error is not None:
            sentence = SAYS.get(answer.error, "{command} failed with the error “{error}”.")
            text = sentence.format(command=command, error=answer.error)
            slackbot = Message(channel, "", "USLACKBOT", text, only_for=person.id)
            self._stage.slack.workspace.conversations.post(slackbot)
