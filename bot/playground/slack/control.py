"""The JSON control endpoint ``/_control/…``: what ``LocalSlack`` offers in Python, for other processes.

GET: ``state``, ``messages``, ``thread``, ``screen``, ``ledger``, ``problems``, ``changes`` (waits up to
``wait`` seconds for one), ``stream`` (one JSON object a line, without end). POST with a JSON object: ``act``
(as a person), ``fault``, ``switches``, ``sockets``, ``admin``. Errors: 400 with ``{"error": …}``; 403 for a
page from elsewhere.
"""

import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web

from bot.playground.slack.control_acts import ACTS, ADMIN
from bot.playground.slack.control_views import channel_json, message_json, screen_json
from bot.playground.slack.faults import Fault, FaultKind
from bot.playground.slack.inputs import NoSuchOptionError
from bot.playground.slack.screen import NotOnScreenError
from bot.playground.slack.wire import JsonObject

if TYPE_CHECKING:
    from bot.playground.slack.server import LocalSlack

_LOCAL = ("127.0.0.1", "localhost")
_LONGEST_WAIT = 60.0
_SWITCHES = ("rate_limits", "refused_tickets", "duplicated_envelopes", "silent")
_WRONG_USE = (LookupError, NotOnScreenError, NoSuchOptionError, ValueError, TypeError)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Control:
    """The routes of the control endpoint."""

    def __init__(self, slack: "LocalSlack") -> None:
        self._slack = slack

    def routes(self) -> list[web.RouteDef]:
        """One route per thing to read or do."""
        reads = {"state": self._state, "messages": self._messages, "thread": self._thread,
                 "screen": self._screen, "ledger": self._ledger,
                 "problems": self._problems, "changes": self._changes}  # fmt: skip
        writes = {"act": self._act, "fault": self._fault, "switches": self._switch, "sockets": self._sockets,
                  "admin": self._admin}  # fmt: skip
        gets = [web.get(f"/_control/{name}", _answering(read)) for name, read in reads.items()]
        posts = [web.post(f"/_control/{name}", _answering(write)) for name, write in writes.items()]
        return [*gets, *posts, web.get("/_control/stream", self._stream)]

    async def _state(self, _request: web.Request) -> object:
        workspace = self._slack.workspace
        return {
            "users": [user.wire(with_locale=True) for user in workspace.users.values()],
            "channels": [channel_json(workspace, channel) for channel in workspace.channels.values()],
            "usergroups": [group.wire(include_users=True) for group in workspace.usergroups.values()],
            "faults": [asdict(fault) for fault in self._slack.faults.waiting],
            "switches": {name: getattr(self._slack.faults, name) for name in _SWITCHES},
            "connections": len(self._slack.sockets.connections),
            "last_change": self._slack.changes.last,
        }

    async def _messages(self, request: web.Request) -> object:
        """``channel``; with ``person`` as they see it, else all that is stored."""
        channel = request.query["channel"]
        person = request.query.get("person")
        seen = self._slack.person(person).sees(channel) if person else self._slack.messages(channel)
        return [message_json(self._slack.workspace, message) for message in seen]

    async def _thread(self, request: web.Request) -> object:
        """``channel``, ``ts``; with ``person`` as they see it."""
        channel, ts = request.query["channel"], request.query["ts"]
        person = request.query.get("person")
        thread = (
            self._slack.person(person).sees_thread(channel, ts) if person else self._slack.thread(channel, ts)
        )
        return [message_json(self._slack.workspace, message) for message in thread]

    async def _screen(self, request: web.Request) -> object:
        """``person``: their modals, home tab and direct messages."""
        return screen_json(self._slack.workspace, self._slack.person(request.query["person"]))

    async def _ledger(self, request: web.Request) -> object:
        """Calls and deliveries with a number greater than ``after``."""
        after = int(request.query.get("after", "0"))
        ledger = self._slack.ledger
        return {
            "calls": [asdict(call) for call in ledger.calls if call.number > after],
            "deliveries": [asdict(delivery) for delivery in ledger.deliveries if delivery.number > after],
        }

    async def _problems(self, _request: web.Request) -> object:
        return self._slack.problems

    async def _changes(self, request: web.Request) -> object:
        """Changes with a number greater than ``after``, waiting ``wait`` seconds for the first."""
        after = int(request.query.get("after", "0"))
        seconds = min(float(request.query.get("wait", "0")), _LONGEST_WAIT)
        changes = self._slack.changes
        try:
            await changes.until(lambda: changes.last > after, seconds)
        except TimeoutError:
            return []
        return [asdict(change) for change in changes.after(after)]

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        _refuse_strangers(request)
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await response.prepare(request)
        after = request.query.get("after")
        with suppress(ConnectionError):
            async for change in self._slack.stream(int(after) if after else None):
                await response.write(json.dumps(asdict(change)).encode() + b"\n")
        return response

    async def _act(self, request: web.Request) -> object:
        """``person``, ``do`` and its arguments: the rows of ``control_acts.ACTS``."""
        body = await _body(request)
        return await ACTS[body["do"]](self._slack, self._slack.person(body["person"]), body)

    async def _fault(self, request: web.Request) -> object:
        """The fields of ``Fault``; ``{"clear": true}`` switches everything off."""
        body = await _body(request)
        if body.get("clear"):
            self._slack.faults.clear()
        else:
            self._slack.faults.set(Fault(**{**body, "kind": FaultKind(body["kind"])}))
        return {"waiting": [asdict(fault) for fault in self._slack.faults.waiting]}

    async def _switch(self, request: web.Request) -> object:
        """Any of ``rate_limits``, ``refused_tickets``, ``duplicated_envelopes``, ``silent``."""
        for name, value in (await _body(request)).items():
            if name not in _SWITCHES:
                raise LookupError(f"no switch {name}")
            setattr(self._slack.faults, name, value)
        return {name: getattr(self._slack.faults, name) for name in _SWITCHES}

    async def _sockets(self, request: web.Request) -> object:
        """``do``: ``disconnect`` (with ``reason``), ``drop`` or ``reset``."""
        body = await _body(request)
        if body["do"] == "disconnect":
            await self._slack.sockets.disconnect(body.get("reason", "refresh_requested"))
        else:
            await self._slack.sockets.drop(reset=body["do"] == "reset")
        return {"connections": len(self._slack.sockets.connections)}

    async def _admin(self, request: web.Request) -> object:
        """``do`` and its arguments: a method of ``Admin``."""
        body = await _body(request)
        ADMIN[body.pop("do")](self._slack.admin, **body)
        return {"ok": True}


def _answering(read: Callable[[web.Request], Awaitable[object]]) -> Handler:
    """A handler that answers in JSON and tells wrong use from breakage."""

    async def handler(request: web.Request) -> web.StreamResponse:
        _refuse_strangers(request)
        try:
            return web.json_response(await read(request))
        except _WRONG_USE as problem:
            return web.json_response({"error": f"{type(problem).__name__}: {problem}"}, status=400)

    return handler


def _refuse_strangers(request: web.Request) -> None:
    """No other web page, nor a name that someone pointed at this machine, may control the playground."""
    origin = urlsplit(request.headers.get("Origin", "http://127.0.0.1")).hostname
    if origin not in _LOCAL or urlsplit(f"//{request.host}").hostname not in _LOCAL:
        raise web.HTTPForbidden(text="for this machine only")


async def _body(request: web.Request) -> JsonObject:
    """The JSON object that was posted."""
    if request.content_type != "application/json":
        raise ValueError("post a JSON object, content type application/json")
    body = await request.json()
    if not isinstance(body, dict):
        raise TypeError("post a JSON object")
    return body
