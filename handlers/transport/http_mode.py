"""HTTP mode: Slack's signed requests at `POST /slack/events`, checked here before Bolt sees them.

Source: Slack, "Verifying requests from Slack". Ours because Bolt logs the body of a request that it refuses,
fails on a timestamp that isn't a number, and accepts a replayed request.
"""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from aiohttp import web
from cachetools import TTLCache
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from handlers.transport.background import Background

log = structlog.get_logger(__name__)

PATH = "/slack/events"
WINDOW = 300.0
"""How many seconds a request's time may be off, either way."""
BODY_SECONDS = 3.0
"""A request that takes longer to arrive isn't Slack's: Slack would have given up on it."""
REMEMBERED = 100_000


class Signatures:
    """Tells whether a request is Slack's, fresh, and new to this process."""

    def __init__(self, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret.encode()
        self._clock = clock
        self._seen: TTLCache[str, bool] = TTLCache(REMEMBERED, 2 * WINDOW, clock)

    def refusal(self, body: bytes, timestamp: str, signature: str) -> str:
        """Return why the request is refused, "" if it's valid; it's valid only once."""
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
            return "timestamp"
        if abs(self._clock() - int(timestamp)) > WINDOW:
            return "stale"
        given = signature.encode(errors="surrogateescape")  # as aiohttp decodes headers: any byte may arrive
        if not hmac.compare_digest(self._signature(body, timestamp), given):
            return "signature"
        if signature in self._seen:
            return "replayed"
        self._seen[signature] = True
        return ""

    def _signature(self, body: bytes, timestamp: str) -> bytes:
        base = b"v0:%b:%b" % (timestamp.encode(), body)
        return b"v0=" + hmac.new(self._secret, base, hashlib.sha256).hexdigest().encode()


class HttpMode:
    """The connection when Slack calls us. `routes` goes into the process's web server."""

    def __init__(
        self, app: AsyncApp, secret: str, background: Background, clock: Callable[[], float] = time.time
    ) -> None:
        self._app = app
        self._signatures = Signatures(secret, clock)
        self._background = background
        self._open = False

    @property
    def connected(self) -> bool:
        """Whether requests are accepted."""
        return self._open

    @property
    def trouble(self) -> tuple[str, ...]:
        """Return nothing: Slack calls us, so we couldn't know."""
        return ()

    def routes(self) -> list[web.RouteDef]:
        """Return what the web server has to serve."""
        return [web.post(PATH, self._on_request)]

    async def start(self) -> None:
        """Accept requests from now on."""
        self._open = True

    async def stop(self, within: float) -> None:
        """Accept no more requests, and finish those in progress within the given seconds."""
        self._open = False
        await self._background.drain(within)

    async def _on_request(self, request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await request.read()
        except (TimeoutError, ConnectionError):  # not received yet: a slow sender doesn't delay shutdown
            return web.json_response({"error": "unfinished"}, status=HTTPStatus.REQUEST_TIMEOUT)
        if not self._open:
            return web.json_response({"error": "stopping"}, status=HTTPStatus.SERVICE_UNAVAILABLE)
        return await self._answer(body, request.headers)

    async def _answer(self, body: bytes, headers: Mapping[str, str]) -> web.Response:
        refusal = self._signatures.refusal(
            body, headers.get("X-Slack-Request-Timestamp", ""), headers.get("X-Slack-Signature", "")
        )
        if refusal:
            log.warning("request_refused", why=refusal, bytes=len(body))
            return web.json_response({"error": "unauthorized"}, status=HTTPStatus.UNAUTHORIZED)
        return await self._dispatch(body, headers)

    async def _dispatch(self, body: bytes, headers: Mapping[str, str]) -> web.Response:
        try:
            parsed = AsyncBoltRequest(body=body.decode(), headers={name: [headers[name]] for name in headers})
        except (ValueError, AttributeError, TypeError, RecursionError):  # not text, not JSON, not an object
            return web.json_response({"error": "unreadable"}, status=HTTPStatus.BAD_REQUEST)
        with self._background.answering(_kind(parsed.body)):
            return await to_aiohttp_response(await self._app.async_dispatch(parsed))


def _kind(body: Mapping[str, Any]) -> str:
    """Return the kind of delivery, in the words of Socket Mode's envelopes."""
    if "command" in body:
        return "slash_commands"
    return "events_api" if "event" in body or body.get("type") == "url_verification" else "interactive"
