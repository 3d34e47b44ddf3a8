"""HTTP mode: signed POSTs to the app's request URL (docs.slack.dev, Verifying requests from Slack)."""

import asyncio
import hashlib
import hmac
import json
from urllib.parse import urlencode

import aiohttp

from bot.playground.slack.delivery import Ack, Envelope
from bot.playground.slack.wire import JsonObject
from bot.playground.slack.workspace import Workspace

_FORM = "application/x-www-form-urlencoded"


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return the value of X-Slack-Signature."""
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256)
    return f"v0={digest.hexdigest()}"


class HttpMode:
    """A transport that posts every envelope to ``request_url``."""

    def __init__(self, workspace: Workspace, request_url: str) -> None:
        self._workspace = workspace
        self.request_url = request_url
        self._session: aiohttp.ClientSession | None = None
        self._posts: set[asyncio.Future[Ack]] = set()

    async def send(self, envelope: Envelope, copies: int, seconds: float) -> Ack:
        """Post the envelope and read the answer; with two copies, the first answer counts.

        A search goes to the manifest's ``message_menu_options_url``; without one it goes nowhere.
        """
        if envelope.payload.get("type") == "block_suggestion" and not self._workspace.app.options_url:
            return Ack(error="no_options_url")
        posts = [asyncio.ensure_future(self._post(envelope, seconds)) for _ in range(copies)]
        self._posts |= set(posts)
        for post in posts:
            post.add_done_callback(self._posts.discard)
        done, _ = await asyncio.wait(posts, return_when=asyncio.FIRST_COMPLETED)
        return next(iter(done)).result()

    async def verify_url(self) -> bool:
        """Tell whether the app answers the challenge that Slack sends when the request URL is saved."""
        challenge = self._workspace.ids.new("challenge")
        payload = {"type": "url_verification", "challenge": challenge, "token": "playground"}
        body, content_type = json.dumps(payload).encode(), "application/json"
        async with self._open().post(
            self.request_url, data=body, headers=self._headers(body, content_type)
        ) as got:
            return got.status == 200 and challenge in await got.text()

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def _post(self, envelope: Envelope, seconds: float) -> Ack:
        body, content_type = _encoded(envelope)
        headers = self._headers(body, content_type)
        if envelope.attempt:
            headers |= {
                "X-Slack-Retry-Num": str(envelope.attempt),
                "X-Slack-Retry-Reason": envelope.retry_reason or "",
            }
        try:
            async with (
                asyncio.timeout(seconds),
                self._open().post(self.request_url, data=body, headers=headers) as got,
            ):
                return self._ack(envelope, got, await got.text())
        except TimeoutError:
            return Ack(error="operation_timeout", reason="http_timeout")
        except aiohttp.ClientError:
            return Ack(error="dispatch_failed", reason="connection_failed")

    def _ack(self, envelope: Envelope, got: aiohttp.ClientResponse, text: str) -> Ack:
        if got.status != 200:
            final = got.headers.get("X-Slack-No-Retry") == "1"
            return Ack(error="dispatch_failed", reason=None if final else "http_error")
        payload = _parsed(got.content_type, text)
        self._workspace.ledger.acked(envelope.id, payload)
        return Ack(payload)

    def _headers(self, body: bytes, content_type: str) -> dict[str, str]:
        timestamp = str(int(self._workspace.clock()))
        signature = sign(self._workspace.app.signing_secret, timestamp, body)
        return {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature,
        }

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session


def _encoded(envelope: Envelope) -> tuple[bytes, str]:
    """Return body and content type: commands as a form, interactions in its ``payload``, events as JSON."""
    if envelope.kind == "events_api":
        return json.dumps(envelope.payload).encode(), "application/json"
    form = (
        envelope.payload if envelope.kind == "slash_commands" else {"payload": json.dumps(envelope.payload)}
    )
    return urlencode(form).encode(), _FORM


def _parsed(content_type: str, text: str) -> JsonObject | None:
    """Return an answer's payload; plain text is a message's text."""
    if not text.strip():
        return None
    if content_type != "application/json":
        return {"text": text}
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        return {"text": text}
    return parsed if isinstance(parsed, dict) else None
