"""What a person types and opens: commands, messages, shortcuts, and the app's tabs."""

from dataclasses import replace

from bot.playground.slack import interactions, payloads
from bot.playground.slack.delivery import Ack, Dispatcher
from bot.playground.slack.escaping import escaped
from bot.playground.slack.message import Message
from bot.playground.slack.replies import reply
from bot.playground.slack.screen import Answer, NotOnScreenError, Screen
from bot.playground.slack.state import Channel
from bot.playground.slack.view import View
from bot.playground.slack.wire import ApiError
from bot.playground.slack.workspace import Workspace


class Composing(Screen):
    """A person at the message box."""

    def __init__(self, user_id: str, workspace: Workspace, dispatcher: Dispatcher) -> None:
        super().__init__(user_id, workspace)
        self._dispatcher = dispatcher

    async def types(self, text: str, channel: str) -> Answer:
        """Type a slash command into the message box; Slack escapes it if the manifest says so."""
        name, _, rest = text.partition(" ")
        command = self._workspace.app.command(name)
        escapes = command is not None and command.should_escape
        return await self.command(
            name, escaped(self._workspace, rest.strip()) if escapes else rest.strip(), channel
        )

    async def command(self, command: str, text: str, channel: str) -> Answer:
        """Send a slash command whose text is already in Slack's format.

        Slack itself may say ``unknown_command`` or ``not_in_channel``.
        """
        place = self.channel(channel)
        problem = self._cannot_type(place, command)
        if problem:
            return Answer(error=problem)
        url = self._workspace.response_urls.issue(self.id, channel)
        payload = payloads.slash_command(self._workspace, self.user, place, command, text, url)
        started = self._workspace.ids.ts()
        ack = await self._dispatcher.ask("slash_commands", payload)
        try:
            posted = reply(self._workspace, url, ack.payload) if ack.payload else None
        except ApiError as refusal:
            self._workspace.refused("ack", refusal.error, [], ack.payload or {})
            return Answer(error=refusal.error, ack=ack.payload)
        answer = self._answer(ack, channel, started)
        in_channel = (posted,) if posted is not None and posted.only_for is None else ()
        return replace(answer, messages=(*answer.messages, *in_channel))

    async def say(self, channel: str, text: str, thread_ts: str | None = None) -> Message:
        """Write a message; the app gets it if it subscribed to ``message.channels`` and the like."""
        place = self.channel(channel)
        if not self.may_write(place):
            raise NotOnScreenError(self.id, f"a message box in {channel}", [])
        message = self._workspace.conversations.post(Message(channel, "", self.id, text, thread_ts=thread_ts))
        app = self._workspace.app
        if app.hears(f"message.{place.kind}") and place.has(app.bot_user):
            await self._dispatcher.tell(payloads.message_posted(self._workspace, place, message))
        return message

    def may_write(self, place: Channel) -> bool:
        """Whether Slack shows a message box there."""
        app = self._workspace.app
        if place.user is not None:
            return app.messages_tab_enabled and not app.messages_tab_read_only
        return (
            place.has(self.id) and not place.is_archived and (not place.is_restricted or self.user.is_admin)
        )

    async def open_home(self) -> View | None:
        """Open the app's home tab; return what it shows once the app has acknowledged."""
        await self._open_tab("home")
        return self.home

    async def open_messages(self) -> list[Message]:
        """Open the app's Messages tab; return what it shows once the app has acknowledged."""
        await self._open_tab("messages")
        return self.direct_messages()

    async def shortcut(self, callback_id: str, message: Message | None = None) -> Answer:
        """Use a global shortcut, or one on a message. Raises ``NotOnScreenError`` for an undeclared one."""
        kind = "global" if message is None else "message"
        declared = [each.callback_id for each in self._workspace.app.shortcuts if each.type == kind]
        if callback_id not in declared or not self._workspace.app.interactive:
            raise NotOnScreenError(self.id, callback_id, declared)
        if message is None:
            payload = interactions.shortcut(self._workspace, self.user, callback_id)
        else:
            message = self.visible(message)
            if message.only_for is not None:
                raise NotOnScreenError(self.id, f"shortcuts on {message.ts}", [])
            payload = interactions.message_action(self._workspace, self.user, callback_id, message)
        started = self._workspace.ids.ts()
        ack = await self._dispatcher.ask("interactive", payload)
        return self._answer(ack, message.channel if message else None, started)

    async def _open_tab(self, tab: str) -> None:
        app = self._workspace.app
        shown = app.home_enabled if tab == "home" else app.messages_tab_enabled
        if shown and app.hears("app_home_opened"):
            await self._dispatcher.tell(payloads.home_opened(self._workspace, self.user, tab))

    def _answer(self, ack: Ack, channel: str | None, started: str) -> Answer:
        """Return the ack, with what the app has shown this person since ``started``."""
        seen = self._workspace.conversations.seen_by(self.id, channel) if channel else []
        fresh = tuple(m for m in seen if m.ts > started and m.only_for == self.id)
        return Answer(ack.error, fresh, ack.payload)

    def _cannot_type(self, channel: Channel, command: str) -> str | None:
        """Return why Slack doesn't even send the command."""
        app = self._workspace.app
        if app.command(command) is None or "commands" not in app.scopes:
            return "unknown_command"
        if self.user.deleted:
            return "account_inactive"
        if channel.is_archived:
            return "is_archived"
        return None if channel.has(self.id) else "not_in_channel"
