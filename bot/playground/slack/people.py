"""People at their Slack: they click, choose, fill in forms, and see what Slack would show them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from bot.playground.slack import interactions
from bot.playground.slack.blocks import check_options
from bot.playground.slack.composing import Composing
from bot.playground.slack.delivery import Dispatcher
from bot.playground.slack.form_rules import client_errors
from bot.playground.slack.inputs import STATE_KEYS, Values, entered, options_of
from bot.playground.slack.message import Message
from bot.playground.slack.screen import Answer, Submission, find_element, find_input
from bot.playground.slack.submissions import submitted
from bot.playground.slack.view import View
from bot.playground.slack.wire import JsonObject
from bot.playground.slack.workspace import Workspace

_DEFAULT_QUERY_LENGTH = 3


class Person(Composing):
    """One person. Every method does what they do and returns what they see."""

    def __init__(self, user_id: str, workspace: Workspace, dispatcher: Dispatcher) -> None:
        super().__init__(user_id, workspace, dispatcher)
        self._offered: defaultdict[tuple[str, str], dict[str, JsonObject]] = defaultdict(dict)

    async def click(self, where: Message | View, action_id: str, value: str | None = None) -> Answer:
        """Press a button (``value`` tells apart two with one action_id), or choose ``value`` in a menu.

        It may be an old version of a message: what counts is what the person saw.
        """
        block, element = find_element(self.id, list(where.blocks), action_id, value)
        if element["type"] in STATE_KEYS or element["type"] == "overflow":
            return await self._act(where, block, element, value)
        return await self._send_action(where, block, element, {})

    async def change(self, where: Message | View, block_id: str, value: object) -> Answer:
        """Type or choose in a block; the app is told if Slack would tell it."""
        block, element = find_input(self.id, list(where.blocks), block_id)
        return await self._act(where, block, element, value)

    async def suggest(self, where: Message | View, action_id: str, query: str) -> list[JsonObject]:
        """Search in an external select; return the options offered, none for a query that's too short."""
        where = self.current(where) if isinstance(where, View) else self.visible(where)
        block, element = find_element(self.id, list(where.blocks), action_id)
        if len(query) < element.get("min_query_length", _DEFAULT_QUERY_LENGTH):
            return []
        payload = interactions.block_suggestion(
            self._workspace, self.user, where, block["block_id"], action_id, query
        )
        ack = await self._dispatcher.ask("interactive", payload)
        hints = check_options(ack.payload) if ack.error is None else [ack.error]
        if hints or ack.payload is None:
            self._workspace.refused("block_suggestion", "invalid_options", hints, ack.payload or {})
            return []
        options = options_of(ack.payload)
        self._offered[block["block_id"], action_id] |= {option["value"]: option for option in options}
        return options

    async def pick(self, block_id: str, query: str) -> Answer:
        """Search in an external select of the open modal, and pick the first result."""
        block, element = find_input(self.id, self.top().blocks, block_id)
        offered = await self.suggest(self.top(), element["action_id"], query)
        return await self._act(self.top(), block, element, offered[0]["value"] if offered else query)

    def fill(self, values: Mapping[str, object]) -> "Person":
        """Fill in the open modal: block_id to the text or choice."""
        for block_id, value in values.items():
            view = self.top()
            block, element = find_input(self.id, view.blocks, block_id)
            self._workspace.surfaces.replace(self._with_value(view, block, element, value))
        return self

    async def submit(self) -> Submission:
        """Press the open modal's submit button."""
        view = self.top()
        errors = client_errors(view)
        if errors:
            return Submission("errors", errors, sent=False, view=view)
        ack = await self._dispatcher.ask(
            "interactive", interactions.view_submission(self._workspace, self.user, view)
        )
        return submitted(self._workspace, view, ack)

    async def close(self, *, all_views: bool = False) -> None:
        """Dismiss the open modal, or the whole stack. The app is told if it asked for that."""
        gone = self._workspace.surfaces.stack(self.id) if all_views else [self.top()]
        self._workspace.surfaces.close(self.id, all_views=all_views)
        for view in reversed(gone):
            if view.body.get("notify_on_close"):
                payload = interactions.view_closed(self._workspace, self.user, view, is_cleared=all_views)
                await self._dispatcher.ask("interactive", payload)

    async def send_raw(self, kind: str, payload: JsonObject) -> Answer:
        """Send a hand-made payload as ``slash_commands``, ``interactive`` or ``events_api``."""
        started = self._workspace.ids.ts()
        return self._answer(await self._dispatcher.ask(kind, payload), None, started)

    async def _act(
        self, where: Message | View, block: JsonObject, element: JsonObject, value: object
    ) -> Answer:
        """Put a value into an element and tell the app, unless its input block doesn't dispatch."""
        if element["type"] == "overflow":
            chosen = {
                "selected_option": entered({**element, "type": "static_select"}, value)["selected_option"]
            }
            return await self._send_action(where, block, element, chosen)
        state = entered(element, value, self._offers(block, element))
        if isinstance(where, View):
            where = self._workspace.surfaces.replace(
                self._with_value(self.current(where), block, element, value)
            )
        else:
            self._message_values(where)[block["block_id"]][element["action_id"]] = state
        if block["type"] == "input" and not block.get("dispatch_action"):
            return Answer()
        return await self._send_action(where, block, element, state)

    async def _send_action(
        self, where: Message | View, block: JsonObject, element: JsonObject, chosen: JsonObject
    ) -> Answer:
        where = self.current(where) if isinstance(where, View) else self.visible(where)
        if isinstance(where, Message) and where.app_id != self._workspace.app.id:
            return Answer()  # another app's message isn't the app's business
        values = where.values if isinstance(where, View) else self._message_values(where)
        kept = ("action_id", "type", "text", "value", "style", "placeholder")
        action = (
            {key: element[key] for key in kept if key in element} | chosen | {"block_id": block["block_id"]}
        )
        started = self._workspace.ids.ts()
        payload = interactions.block_actions(self._workspace, self.user, where, values, action)
        ack = await self._dispatcher.ask("interactive", payload)
        return self._answer(ack, None if isinstance(where, View) else where.channel, started)

    def _with_value(self, view: View, block: JsonObject, element: JsonObject, value: object) -> View:
        state = entered(element, value, self._offers(block, element))
        inside = {**view.values.get(block["block_id"], {}), element["action_id"]: state}
        return replace(view, values={**view.values, block["block_id"]: inside})

    def _offers(self, block: JsonObject, element: JsonObject) -> list[JsonObject]:
        """Return what an external select has offered so far; earlier options can still be chosen."""
        return list(self._offered[block["block_id"], element["action_id"]].values())

    def _message_values(self, message: Message) -> Values:
        """Return what this person has chosen in a message so far."""
        return self._workspace.choices.of(self.id, message.channel, message.ts, message.blocks)
