"""One signed HTTP call: it's sent again if that's safe, and any failure ends in a named exception."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from urllib.parse import urlencode

import httpx

from bot.alibaba.answers import Body, error, read
from bot.alibaba.breaker import Breaker
from bot.alibaba.credentials import Credentials, usable
from bot.alibaba.errors import KEYS_REFUSED, NO_ANSWER, UNREACHABLE
from bot.alibaba.redaction import without_secrets
from bot.alibaba.signing import Keys, Signature, form
from bot.errors import CloudBusy, CloudCredentials, CloudError, CloudRefused, CloudUnknown, CloudUnreachable

APPSTREAM_VERSION = "2021-09-01"
ECD_VERSION = "2020-09-30"
STS_VERSION = "2015-04-01"
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.LocalProtocolError,
    httpx.UnsupportedProtocol,
)
_PASSING = (CloudBusy, CloudUnknown, CloudUnreachable)
_ATTEMPTS = 3
_LONGEST_PAUSE = 5.0
_SOON = 120.0
"""Seconds; when the cloud wants a longer pause, nothing is sent again within the call."""
_NO_PROXY = {"all://localhost": None, "all://127.0.0.1": None, "all://[::1]": None}


@dataclass(frozen=True, slots=True)
class Operation:
    """An API operation. Only one that `reads` is ever sent twice.

    `granted_by` is the allowlist's action without which the bot never calls it, "" when it always may.
    """

    name: str
    version: str = APPSTREAM_VERSION
    reads: bool = True
    granted_by: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: where to, what, with which parameters, and how many seconds an attempt may take."""

    endpoint: str
    operation: Operation
    body: Mapping[str, str]
    query: Mapping[str, str]
    seconds: float

    @property
    def url(self) -> str:
        """The endpoint with the query."""
        query = urlencode(sorted(self.query.items()), errors="replace")
        return f"{self.endpoint}/?{query}" if query else f"{self.endpoint}/"

    @property
    def headers(self) -> dict[str, str]:
        """What goes with the form; the signature is added on sending."""
        return {
            "accept": "application/json",
            "content-type": "application/x-www-form-urlencoded",
            "x-acs-action": self.operation.name,
            "x-acs-version": self.operation.version,
        }


Called = Callable[[str, str, str | None], None]
"""Called after each attempt: the operation, OK or the code it ended with, the cloud's request ID."""


class Client:
    """Signs, sends and reads calls.

    Args:
        credentials: asked before every attempt.
        http: a client of the caller's, which the caller closes; by default one is made and owned. It honors
            HTTPS_PROXY and NO_PROXY, and reaches this machine itself directly.
        seconds: the longest that a call may take, however slowly the answer trickles in; what reads is
            tried up to three times within it, pauses aside.
        pause: how to wait between attempts.
        breaker: makes the circuit breaker of an endpoint's operation, for looks.
        called: called after every attempt.
    """

    def __init__(
        self,
        credentials: Credentials,
        http: httpx.AsyncClient | None = None,
        *,
        seconds: float = 30.0,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
        breaker: Callable[[], Breaker] = Breaker,
        called: Called = lambda *_: None,
    ) -> None:
        self._called = called
        self._credentials = credentials
        self._owned = http is None
        limits = httpx.Timeout(seconds, connect=min(5.0, seconds))
        self._http = http or httpx.AsyncClient(timeout=limits, mounts=_NO_PROXY)
        self._seconds = seconds
        self._pause = pause
        self._breaker = breaker
        self._breakers: dict[tuple[str, str], Breaker] = {}

    async def call(
        self,
        endpoint: str,
        operation: Operation,
        body: Mapping[str, str],
        query: Mapping[str, str] | None = None,
    ) -> Body:
        """Return the answer's JSON object. Raises `CloudError`; see `bot.errors` for which when."""
        attempts = _ATTEMPTS if operation.reads else 1
        call = Call(endpoint, operation, body, query or {}, self._seconds / attempts)
        for attempt in range(1, attempts):
            try:
                return await self._attempt(call)
            except _PASSING as passing:
                if (passing.retry_after or 0.0) > _SOON:
                    raise
                await self._pause(min(passing.retry_after or attempt / 2, _LONGEST_PAUSE))
        return await self._attempt(call)

    async def look(
        self,
        endpoint: str,
        operation: Operation,
        body: Mapping[str, str],
        query: Mapping[str, str] | None = None,
        *,
        within: float,
    ) -> Body:
        """Do as `call` does, for looks that are optional: one attempt of `within` seconds.

        Fails at once while this operation of the endpoint keeps failing, so that nobody waits for it.
        """
        breaker = self._breakers.setdefault((endpoint, operation.name), self._breaker())
        if not breaker.admits():
            raise error(
                UNREACHABLE, "CircuitOpen", operation.name, message="it kept failing; left alone for now"
            )
        try:
            answer = await self._attempt(Call(endpoint, operation, body, query or {}, within))
        except (
            *_PASSING,
            asyncio.CancelledError,
        ):  # a caller who stopped waiting hasn't seen an answer either
            breaker.failed()
            raise
        except CloudError:
            breaker.succeeded()  # a refusal is an answer
            raise
        breaker.succeeded()
        return answer

    async def server_time(self, endpoint: str) -> datetime | None:
        """Return the time by an endpoint's clock, in whole seconds.

        None when it doesn't say. Nothing is signed.
        """
        try:
            response = await self._http.head(f"{endpoint}/")
            return parsedate_to_datetime(response.headers.get("Date", ""))
        except (httpx.RequestError, ValueError):
            return None

    async def aclose(self) -> None:
        """Close the connections, if they are ours."""
        if self._owned:
            await self._http.aclose()

    async def _attempt(self, call: Call) -> Body:
        """Send once; a second time only if the cloud refused the keys and there are other keys by now."""
        keys = await self._keys(call.operation)
        try:
            return await self._exchange(call, keys)
        except CloudRefused as refused:
            if refused.explanation not in KEYS_REFUSED:
                raise
            renewed = await self._keys(call.operation, keys)
            if renewed == keys:
                raise
        return await self._exchange(call, renewed)

    async def _exchange(self, call: Call, keys: Keys) -> Body:
        """Send once, and report the outcome."""
        name = call.operation.name
        try:
            answer = await self._send(call, keys)
        except CloudError as failed:
            self._called(name, failed.code, failed.request_id)
            raise
        self._called(name, "OK", str(answer.get("RequestId") or "") or None)
        return answer

    async def _send(self, call: Call, keys: Keys) -> Body:
        name, redact = call.operation.name, partial(without_secrets, keys=keys)
        content = form(call.body.items())
        try:
            async with asyncio.timeout(call.seconds):
                response = await self._http.post(
                    call.url, content=content, headers=call.headers, auth=Signature(keys)
                )
        except TimeoutError:
            raise error(NO_ANSWER, "Timeout", name) from None
        except httpx.RequestError as lost:
            meaning = UNREACHABLE if isinstance(lost, _NEVER_SENT) else NO_ANSWER
            raise error(meaning, type(lost).__name__, name, message=redact(str(lost))) from None
        return read(name, response.status_code, response.headers, response.content, redact)

    async def _keys(self, operation: Operation, refused: Keys | None = None) -> Keys:
        try:
            return usable(await self._credentials.keys(refused))
        except CloudCredentials as nobody:
            nobody.operation = operation.name
            self._called(operation.name, nobody.code, None)
            raise
