"""One HTTP call from the app, with the faults that are switched on, and its entry in the ledger."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from bot.playground.slack.faults import Fault, FaultKind, Faults
from bot.playground.slack.wire import JsonObject, missing_scope
from bot.playground.slack.workspace import Workspace

_BEFORE = (FaultKind.RATE_LIMITED, FaultKind.SERVER_ERROR, FaultKind.REFUSED, FaultKind.DROPPED)
_CUT = (FaultKind.DROPPED, FaultKind.LOST_RESPONSE)
_SECRET_ARGUMENTS = ("token",)


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer: JSON and HTTP status; ``retry_after`` in seconds with 429; ``accepted`` scopes."""

    answer: JsonObject
    status: int = 200
    retry_after: int | None = None
    accepted: str = ""


class Exchange:
    """Answers calls, with faults, ledger and list of problems."""

    def __init__(self, workspace: Workspace, faults: Faults) -> None:
        self._workspace = workspace
        self._faults = faults

    async def run(
        self, request: web.Request, name: str, given: JsonObject, do: Callable[[], Reply]
    ) -> web.Response:
        """Answer the call ``name`` with what ``do`` returns, or fail before or afterwards."""
        fault = self._faults.take(name)
        reply = self._failure(fault) if fault is not None and fault.kind in _BEFORE else do()
        if fault is not None and fault.kind is FaultKind.SLOW:
            await asyncio.sleep(fault.seconds)
        response = self._finish(name, given, reply, fault)
        if fault is not None and fault.kind in _CUT and request.transport is not None:
            request.transport.abort()
        if fault is not None and fault.kind is FaultKind.SERVER_ERROR:
            return web.Response(
                status=fault.status, text="<html>Server Error</html>", content_type="text/html"
            )
        return response

    def _finish(self, name: str, given: JsonObject, reply: Reply, fault: Fault | None) -> web.Response:
        """Write the ledger and the problems, and make the HTTP response."""
        told = {key: value for key, value in given.items() if key not in _SECRET_ARGUMENTS}
        self._workspace.ledger.called(name, told, reply.status, reply.answer, fault.kind if fault else None)
        error = reply.answer.get("error")
        if error is not None and fault is None:
            messages = reply.answer.get("response_metadata", {}).get("messages", [])
            self._workspace.refused(name, error, messages, told)
        headers = {
            "x-oauth-scopes": ",".join(sorted(self._workspace.app.scopes)),
            "x-accepted-oauth-scopes": reply.accepted,
        }
        if reply.retry_after is not None:
            headers["Retry-After"] = str(reply.retry_after)
        return web.json_response(reply.answer, status=reply.status, headers=headers)

    def _failure(self, fault: Fault) -> Reply:
        """Return the answer to a call that isn't done."""
        if fault.kind is FaultKind.RATE_LIMITED:
            return Reply({"ok": False, "error": "ratelimited"}, 429, max(1, round(fault.seconds)))
        if fault.error == "missing_scope":
            return Reply(missing_scope(fault.needed, self._workspace.app.scopes - {fault.needed}).answer())
        status = fault.status if fault.kind is FaultKind.SERVER_ERROR else 200
        return Reply({"ok": False, "error": fault.error}, status)
