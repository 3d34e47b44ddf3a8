"""The steps of one Web API call: arguments, method, token, scope, rate."""

from aiohttp import web

from bot.playground.slack.exchange import Exchange, Reply
from bot.playground.slack.faults import Faults
from bot.playground.slack.rates import Rates
from bot.playground.slack.web_api.arguments import Arguments, read_arguments
from bot.playground.slack.web_api.methods import METHODS, Method
from bot.playground.slack.wire import ApiError, JsonObject, missing_scope
from bot.playground.slack.workspace import Workspace


class WebApi:
    """Answers ``/api/<method>`` like Slack: 200 with ``ok``, refusals included."""

    def __init__(self, workspace: Workspace, faults: Faults) -> None:
        self._workspace = workspace
        self._exchange = Exchange(workspace, faults)
        self._rates = Rates(workspace)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one call."""
        name = request.match_info["method"]
        given: JsonObject = {}
        try:
            given = await read_arguments(request)
        except ApiError as refusal:
            unread = Reply(refusal.answer())
            return await self._exchange.run(request, name, given, lambda: unread)
        return await self._exchange.run(
            request, name, given, lambda: self._answer(name, request, Arguments(given))
        )

    def _answer(self, name: str, request: web.Request, arguments: Arguments) -> Reply:
        """Do the call, or say why not."""
        accepted = METHODS[name].accepted if name in METHODS else ""
        try:
            method = _method(name)
            self._check_token(method, request, arguments)
            wait = self._rates.wait(name, method, arguments)
            if wait:
                return Reply({"ok": False, "error": "ratelimited"}, 429, wait, accepted)
            return Reply({"ok": True, **method.call(self._workspace, arguments)}, accepted=accepted)
        except ApiError as refusal:
            return Reply(refusal.answer(), accepted=accepted)

    def _check_token(self, method: Method, request: web.Request, arguments: Arguments) -> None:
        """Refuse a call whose token is missing, unknown, of the other kind, or lacks the scope."""
        app = self._workspace.app
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            token = "" if method.app_level else arguments.text("token")
        if not token:
            raise ApiError("not_authed")
        if token not in (app.bot_token, app.app_token):
            raise ApiError("invalid_auth")
        if token != (app.app_token if method.app_level else app.bot_token):
            raise ApiError("not_allowed_token_type")
        granted = app.app_scopes if method.app_level else app.scopes
        if method.scope is not None and method.scope not in granted:
            raise missing_scope(method.scope, granted)


def _method(name: str) -> Method:
    if name not in METHODS:
        raise ApiError("unknown_method", req_method=name)
    return METHODS[name]
