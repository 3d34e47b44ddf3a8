"""The table: what comes from Slack, and who answers it. Beside it the one answer to whatever breaks."""

import json
import logging
import secrets
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import StoreUnavailable
from handlers import incoming
from handlers.buttons import Buttons
from handlers.command import Commands
from handlers.desk import Desk
from handlers.form import Forms
from handlers.incoming import Body
from handlers.mrkdwn import Markup, unmarked
from handlers.views import answers, card, form, reasons

log = structlog.get_logger(__name__)


def build_app(slack: AsyncWebClient, desk: Desk) -> AsyncApp:
    """A Bolt app that answers as the table says.

    `process_before_response`: the acknowledgement leaves when the listener returns, so after the commit and
    without Bolt's polling. Signatures are checked by `handlers.http_mode` before Bolt sees a request.
    `authorize` is ours so that no request waits for auth.test. Bolt's warnings hold whole bodies: not logged.
    """
    logger = logging.getLogger("slack_bolt.image_bot")
    logger.setLevel(logging.ERROR)

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=slack.token)

    app = App(
        Breakage(desk),
        client=AsyncWebClient(base_url=slack.base_url, session=slack.session),
        authorize=authorize,
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        request_verification_enabled=False,
        logger=logger,
    )
    register(app, desk)
    return app


class App(AsyncApp):
    """Bolt, answering too where Bolt itself breaks: on payloads that lack what it takes for granted."""

    def __init__(self, breakage: "Breakage", **settings: Any) -> None:  # noqa: ANN401 - Bolt's own
        super().__init__(**settings)
        self._breakage = breakage
        self.error(breakage.on_error)

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Find the listener for a delivery and return its answer."""
        try:
            return await super().async_dispatch(req)
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is answered
            return await self._breakage.on_error(error, req.body)


def register(app: AsyncApp, desk: Desk) -> None:
    """Put every listener where it belongs."""
    commands, forms, buttons = Commands(desk), Forms(desk), Buttons(desk)
    app.command("/image")(commands.on_image)
    for action, listener in (
        (card.APPROVE, buttons.on_approve),
        (card.REJECT, buttons.on_reject),
        (card.CANCEL, buttons.on_cancel),
        (card.RETRY, buttons.on_retry),
        (answers.OPEN_FORM, forms.on_open),
    ):
        app.action(action)(listener)
    app.block_action({"block_id": form.INSTANCE_TYPE, "action_id": form.VALUE})(forms.on_type)
    for callback_id, listener in (
        (form.CALLBACK_ID, forms.on_submit),
        (reasons.APPROVE, buttons.on_approve_reason),
        (reasons.REJECT, buttons.on_reject_reason),
    ):
        app.view(callback_id)(listener)


class Breakage:
    """Whatever breaks, the person gets a sentence with a reference, and the log the trace under it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def on_error(self, error: Exception, body: Body) -> BoltResponse:
        """Answer what no listener did, as its kind of delivery wants it."""
        reference = secrets.token_hex(4)
        key = _key(error)
        if key == "broken":
            log.error("listener_broke", reference=reference, exc_info=error)
        else:
            log.warning("not_answered", reference=reference, why=key)
        words = await self._desk.words(incoming.person(body).user_id)
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
                self._desk.reply(incoming.address(body), answers.said(sentence))
        return BoltResponse(status=200)


def _key(error: Exception) -> str:
    if isinstance(error, StoreUnavailable):
        return "broken-store"
    return "broken-unknown" if isinstance(error, BoltUnhandledRequestError) else "broken"


def _json(payload: dict[str, object]) -> BoltResponse:
    return BoltResponse(status=200, body=json.dumps(payload), headers={"content-type": "application/json"})


def _first_field(body: Body) -> str:
    """The first field of the form that can carry an error."""
    blocks = incoming.view(body).get("blocks") or []
    fields = [block.get("block_id") for block in blocks if block.get("type") == "input"]
    return str(fields[0]) if fields else form.INSTANCE_ID
