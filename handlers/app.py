"""The table of listeners: what comes from Slack, and what answers it."""

import logging
import re

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from handlers.listeners.card_buttons import Buttons
from handlers.listeners.command import Commands
from handlers.listeners.command_buttons import CommandButtons
from handlers.listeners.context import ListenerContext
from handlers.listeners.errors import App, ErrorHandler
from handlers.listeners.form import Forms
from handlers.listeners.home import Home
from handlers.listeners.options import Options
from handlers.listeners.private_buttons import PrivateButtons
from handlers.listeners.shortcuts import Shortcuts
from handlers.transport.manifest import COMMAND, MESSAGE_SHORTCUT, SHORTCUT
from handlers.views import (
    answers,
    card_actions,
    choices,
    command_buttons,
    emergency_access,
    form,
    form_state,
    home,
    reasons,
    requests_list,
)
from handlers.views import confirmation as question


def build_app(slack: AsyncWebClient, context: ListenerContext) -> AsyncApp:
    """Return a Bolt app that answers as the table says.

    `process_before_response`: the acknowledgement leaves when the listener returns, so after the commit and
    without Bolt's polling. `handlers.transport.http_mode` checks signatures before Bolt sees a request.
    `authorize` is ours so that no request waits for auth.test. Bolt's warnings hold whole bodies: not logged.
    """
    logger = logging.getLogger("slack_bolt.image_bot")
    logger.setLevel(logging.ERROR)

    async def authorize() -> AuthorizeResult:
        """Act as the one workspace whose token we have."""
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=slack.token)

    app = App(
        ErrorHandler(context),
        client=AsyncWebClient(base_url=slack.base_url, session=slack.session),
        authorize=authorize,
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        request_verification_enabled=False,
        logger=logger,
    )
    register(app, context)
    return app


def register(app: AsyncApp, context: ListenerContext) -> None:
    """Register every listener."""
    _register_command(app, context)
    _register_home(app, context)
    _register_form(app, context)
    _register_buttons(app, context)


def _register_command(app: AsyncApp, context: ListenerContext) -> None:
    """Register what begins something: the command, shortcuts, direct messages."""
    shortcuts = Shortcuts(context)
    app.command(COMMAND)(Commands(context).on_image)
    app.event("message")(shortcuts.on_message)
    for callback_id in (SHORTCUT, MESSAGE_SHORTCUT):
        app.shortcut(callback_id)(shortcuts.on_shortcut)


def _register_home(app: AsyncApp, context: ListenerContext) -> None:
    """Register App Home."""
    at_home = Home(context)
    app.event("app_home_opened")(at_home.on_opened)
    for choice in (choices.TOLD, choices.WAITING, choices.QUIET_FROM, choices.QUIET_UNTIL):
        app.action(choice)(at_home.on_choice)
    app.action(re.compile(rf"{home.TURN}:\w+:\w+"))(at_home.on_turn)


def _register_form(app: AsyncApp, context: ListenerContext) -> None:
    """Register the form that asks for an image."""
    forms, options = Forms(context), Options(context)
    app.action(answers.OPEN_FORM)(forms.on_open)
    app.action(form.MORE)(forms.on_more)
    app.view(form.CALLBACK_ID)(forms.on_submit)
    for block_id in (form_state.INSTANCE_ID, form_state.INSTANCE_TYPE):
        app.block_action({"block_id": block_id, "action_id": form_state.VALUE})(forms.on_change)
    app.options({"block_id": form_state.INSTANCE_ID, "action_id": form_state.VALUE})(options.on_machines)


def _register_buttons(app: AsyncApp, context: ListenerContext) -> None:
    """Register the buttons and menus of messages, and the forms that ask for a reason."""
    buttons, private, typed = Buttons(context), PrivateButtons(context), CommandButtons(context)
    for action, listener in (
        (card_actions.APPROVE, buttons.on_approve),
        (card_actions.REJECT, buttons.on_reject),
        (card_actions.CANCEL, buttons.on_cancel),
        (card_actions.RETRY, buttons.on_retry),
        (card_actions.SIGN_OFF, buttons.on_sign_off),
        (question.WHY, private.on_why),
        (emergency_access.BREAK_GLASS, private.on_break_glass),
        (requests_list.MENU, typed.on_menu),
        (re.compile(rf"{command_buttons.RUN}:\d+"), typed.on_run),
        (re.compile(rf"{command_buttons.TURN}:\d+"), typed.on_turn),
    ):
        app.action(action)(listener)
    app.view(reasons.APPROVE)(buttons.on_approve_reason)
    app.view(reasons.REJECT)(buttons.on_reject_reason)
