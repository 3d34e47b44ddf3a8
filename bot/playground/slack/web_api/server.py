"""The way of one Web API call: fault, token, scope, arguments, method, ledger."""

import asyncio
import json
from dataclasses import dataclass

from aiohttp import web

from bot.playground.slack.faults import Fault, FaultKind, Faults
from bot.playground.slack.rates import Rates
from bot.playground.slack.web_api.arguments import Arguments, read_arguments
from bot.playground.slack.web_api.methods import METHODS, Method
from bot.playground.slack.wire import ApiError, JsonObject
from bot.playground.slack.workspace import Workspace

_BEFORE = (FaultKind.RATE_LIMITED, FaultKind.SERVER_ERROR, FaultKind.REFUSED, FaultKind.DROPPED)
_SECRET_ARGUMENTS = ("token",)


@dataclass(frozen=True, slots=True)
class _Reply:
    """What goes back: HTTP status and JSON; a ``retry_after`` in seconds with 429."""

    answer: JsonObject
    status: int = 200
    retry_after: int | None = None


class WebApi:
    """Answers ``/api/<method>`` as Slack does: 200 with ``ok``, refusals included."""

    def __init__(self, workspace: Workspace, faults: Faults) -> None:
        self._workspace = workspace
        self._faults = faults
        self._rates = Rates(workspace.clock)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one call."""
        name = request.match_info["method"]
        fault = self._faults.take(name)
        try:
            given = await read_arguments(request)
        except ApiError as refusal:
            return self._finish(name, {}, _Reply(refusal.answer()), None)
        if fault is not None and fault.kind in _BEFORE:
            return self._fail(request, name, given, fault)
        reply = self._answer(name, request, Arguments(given))
        if fault is not None and fault.kind is FaultKind.SLOW:
            await asyncio.sleep(fault.seconds)
        response = self._finish(name, given, reply, fault)
        if fault is not None and fault.kind is FaultKind.LOST_RESPONSE:
            _cut(request)
        return response

    def _answer(self, name: str, request: web.Request, arguments: Arguments) -> _Reply:
        """Do what was asked, or say why not."""
        try:
            method = METHODS.get(name)
            if method is None:
                raise ApiError("unknown_method", req_method=name)  # noqa: TRY301 - one way out for all refusals
            self._check_token(method, request, arguments)
            wait = self._rates.wait(name, method, arguments) if self._faults.rate_limits else 0
            if wait:
                return _Reply({"ok": False, "error": "ratelimited"}, 429, wait)
            return _Reply({"ok": True, **method.call(self._workspace, arguments)})
        except ApiError as refusal:
            return _Reply(refusal.answer())

    def _check_token(self, method: Method, request: web.Request, arguments: Arguments) -> None:
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
            raise ApiError("missing_scope", needed=method.scope, provided=",".join(sorted(granted)))

    def _fail(self, request: web.Request, name: str, given: JsonObject, fault: Fault) -> web.StreamResponse:
        """Fail before anything is done."""
        error = "ratelimited" if fault.kind is FaultKind.RATE_LIMITED else fault.error
        reply = _Reply({"ok": False, "error": error})
        if fault.kind is FaultKind.RATE_LIMITED:
            reply = _Reply(reply.answer, 429, max(1, round(fault.seconds)))
        response = self._finish(name, given, reply, fault)
        if fault.kind is FaultKind.DROPPED:
            _cut(request)
        if fault.kind is FaultKind.SERVER_ERROR:
            return web.Response(
                status=fault.status, text="<html>Server Error</html>", content_type="text/html"
            )
        return response

    def _finish(self, name: str, given: JsonObject, reply: _Reply, fault: Fault | None) -> web.Response:
        """Write the ledger and the problems, and make the HTTP response."""
        told = {key: value for key, value in given.items() if key not in _SECRET_ARGUMENTS}
        self._workspace.ledger.called(name, told, reply.status, reply.answer, fault.kind if fault else None)
        error = reply.answer.get("error")
        if error is not None and fault is None:
            messages = reply.answer.get("response_metadata", {}).get("messages", [])
            self._workspace.refused(name, error, messages, told)
        headers = {"x-oauth-scopes": ",".join(sorted(self._workspace.app.scopes))}
        if reply.retry_after is not None:
            headers["Retry-After"] = str(reply.retry_after)
        return web.json_response(reply.answer, status=reply.status, headers=headers, dumps=json.dumps)


def _cut(request: web.Request) -> None:
    """Cut the connection under the client."""
    if request.transport is not None:
        request.transport.abort()
