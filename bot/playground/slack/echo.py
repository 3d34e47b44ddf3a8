"""Apps hear themselves: what an app posts or edits is an event for every subscriber, itself included.

docs.slack.dev, message event: a bot's carries ``bot_id``, an edit has the subtype ``message_changed``.
"""

from bot.playground.slack import payloads
from bot.playground.slack.changes import Change
from bot.playground.slack.delivery import Dispatcher
from bot.playground.slack.wire import JsonObject
from bot.playground.slack.workspace import Workspace


class Echo:
    """Tells the app about apps' messages. Messages from people are reported where they're written."""

    def __init__(self, workspace: Workspace, dispatcher: Dispatcher) -> None:
        self._workspace = workspace
        self._dispatcher = dispatcher
        self._bodies: dict[tuple[str, str], JsonObject] = {}

    async def follow(self) -> None:
        """Follow the workspace until its feed closes."""
        async for change in self._workspace.changes.stream():
            event = self._event(change)
            if event is not None:
                await self._dispatcher.tell(event)

    def _event(self, change: Change) -> JsonObject | None:
        if change.kind not in ("message_posted", "message_changed"):
            return None
        place = self._workspace.channels[str(change.details["channel"])]
        message = self._workspace.conversations.find(place.id, str(change.details["ts"]))
        app = self._workspace.app
        if message is None or message.bot_id is None or not app.hears(f"message.{place.kind}"):
            return None
        body = self._workspace.conversations.wire(message)
        before = self._bodies.get((place.id, message.ts), body)
        self._bodies[place.id, message.ts] = body
        if not place.has(app.bot_user):
            return None
        if change.kind == "message_posted":
            return payloads.message_posted(self._workspace, place, message)
        return payloads.message_changed(self._workspace, place, message, before)
