"""When something breaks, the person gets a sentence with a reference, and the log has the traceback under
it.
"""

import json
import secrets
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from structlog.contextvars import bound_contextvars

from bot.errors import NOT_ALLOWED, StoreOutcomeUnknown, StoreUnavailable
from handlers.listeners.context import ListenerContext
from handlers.mrkdwn import Markup, unmarked
from handlers.transport import payloads
from handlers.transport.api_errors import code_of
from handlers.transport.payloads import Body
from handlers.views import answers, form_state

log = structlog.get_logger(__name__)


class ErrorHandler:
    """Answers deliveries that no listener answered, each in the way its kind requires."""

    def __init__(self, context: ListenerContext) -> None:
        self._context = context

    async def on_error(self, error: Exception, body: Body) -> BoltResponse:
        """Log the error and answer the person; Bolt's error listener."""
        reference = secrets.token_hex(4)
        key = _key(error)
        if key == "broken-not-allowed":
            log.error("not_allowed", reference=reference, code=code_of(error))
        elif key == "broken":
            log.error("listener_broke", reference=reference, exc_info=error)
        else:
            log.warning("not_answered", reference=reference, why=key)
        words = await self._context.words(self._context.person(body).user_id)
        return self._answer(words(key, reference=reference), body)

    def _answer(self, sentence: Markup, body: Body) -> BoltResponse:
        if "command" in body:
            return _json({"response_type": "ephemeral", **answers.said(sentence).payload()})
        match body.get("type"):
            case "view_submission":
                return _json(
                    {"response_action": "errors", "errors": {_first_field(body): unmarked(sentence)}}
                )
            case "block_suggestion":
                return _json({"options": []})
            case "block_actions" | "shortcut" | "message_action":
                self._context.reply(self._context.address(body), answers.said(sentence))
        return BoltResponse(status=200)


def _key(error: Exception) -> str:
    if isinstance(error, StoreOutcomeUnknown):
        return "broken-store-unknown"
    if isinstance(error, StoreUnavailable):
        return "broken-store"
    if isinstance(error, SlackApiError) and code_of(error) in NOT_ALLOWED:
        return "broken-not-allowed"
    return "broken-unknown" if isinstance(error, BoltUnhandledRequestError) else "broken"


def _json(payload: dict[str, object]) -> BoltResponse:
    return BoltResponse(status=200, body=json.dumps(payload), headers={"content-type": "application/json"})


def _first_field(body: Body) -> str:
    """Return the first field of the form that can carry an error."""
    blocks = payloads.view(body).get("blocks") or []
    fields = [block.get("block_id") for block in blocks if block.get("type") == "input"]
    return str(fields[0]) if fields else form_state.INSTANCE_ID


class App(AsyncApp):
    """Bolt, which also answers payloads without the fields that Bolt itself would fail on."""

    def __init__(self, breakage: ErrorHandler, **settings: Any) -> None:  # noqa: ANN401 - Bolt's own
        """Take Bolt's own settings, all by name."""
        super().__init__(name="image-bot", **settings)  # without a name Bolt looks at the whole stack for one
        self._breakage = breakage
        self.error(breakage.on_error)

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Find the listener for a delivery and return its answer."""
        with bound_contextvars(trigger=_trigger(req.body)):
            try:
                return await super().async_dispatch(req)
            except Exception as error:  # noqa: BLE001 - whatever it is, the person is answered
                return await self._breakage.on_error(error, req.body)


def _trigger(body: Body) -> str:
    """Return what tells deliveries apart in logs: the trigger without the part that opens forms."""
    return ".".join(str(body.get("trigger_id") or "").split(".")[:2])
