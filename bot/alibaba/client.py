"""One signed HTTP call: what may be sent again is, everything else ends in a named exception."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, quote_plus, urlencode

import httpx

from bot.alibaba.answers import Body, error, read
from bot.alibaba.credentials import Credentials
from bot.alibaba.errors import NO_ANSWER, Refusal
from bot.alibaba.signing import Keys, Signature, form
from bot.errors import CloudBusy, CloudCredentials, CloudError, CloudUnknown, CloudUnreachable, Fault, Retry

APPSTREAM_VERSION = "2021-09-01"
ECD_VERSION = "2020-09-30"
_UNREACHABLE = Refusal(CloudUnreachable, Fault.CLOUD, Retry.LATER, "cloud-unreachable")
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_ATTEMPTS = 3
_LONGEST_PAUSE = 5.0


@dataclass(frozen=True, slots=True)
class Operation:
    """An API operation. Only one that `reads` is ever sent twice."""

    name: str
    version: str = APPSTREAM_VERSION
    reads: bool = True


class Client:
    """Signs, sends and reads calls.

    Args:
        credentials: asked before every attempt.
        http: a client of the caller's, which stays theirs to close; else one is made and owned.
        seconds: the longest that a call may take, however slowly the answer trickles in; what reads is
            tried up to three times within it, pauses aside.
        pause: how to wait between attempts.
    """

    def __init__(
        self,
        credentials: Credentials,
        http: httpx.AsyncClient | None = None,
        *,
        seconds: float = 30.0,
        proxies: bool = True,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._credentials = credentials
        self._owned = http is None
        limits = httpx.Timeout(seconds, connect=min(5.0, seconds))
        self._http = http or httpx.AsyncClient(timeout=limits, trust_env=proxies)
        self._seconds = seconds
        self._pause = pause

    async def call(
        self,
        endpoint: str,
        operation: Operation,
        body: Mapping[str, str],
        query: Mapping[str, str] | None = None,
    ) -> Body:
        """The answer's JSON object. Raises `CloudError`; see `bot.errors` for which when."""
        for attempt in range(1, _ATTEMPTS if operation.reads else 1):
            try:
                return await self._attempt(endpoint, operation, body, query or {})
            except (CloudBusy, CloudUnknown, CloudUnreachable) as passing:
                await self._pause(min(passing.retry_after or attempt / 2, _LONGEST_PAUSE))
        return await self._attempt(endpoint, operation, body, query or {})

    async def aclose(self) -> None:
        """Close the connections, if they are ours."""
        if self._owned:
            await self._http.aclose()

    async def _attempt(
        self, endpoint: str, operation: Operation, body: Mapping[str, str], query: Mapping[str, str]
    ) -> Body:
        keys = await self._keys(operation)
        response = await self._send(endpoint, operation, body, query, keys)
        try:
            return read(operation.name, response.status_code, response.headers, response.content)
        except CloudError as refused:
            refused.message = _without_secrets(refused.message, keys)
            refused.args = (refused.code, refused.message)
            raise

    async def _send(
        self,
        endpoint: str,
        operation: Operation,
        body: Mapping[str, str],
        query: Mapping[str, str],
        keys: Keys,
    ) -> httpx.Response:
        url = f"{endpoint}/?{urlencode(sorted(query.items()), errors='replace')}" if query else f"{endpoint}/"
        headers = {
            "accept": "application/json",
            "content-type": "application/x-www-form-urlencoded",
            "x-acs-action": operation.name,
            "x-acs-version": operation.version,
        }
        try:
            async with asyncio.timeout(self._seconds / (_ATTEMPTS if operation.reads else 1)):
                return await self._http.post(
                    url, content=form(body.items()), headers=headers, auth=Signature(keys)
                )
        except _NEVER_SENT as lost:
            raise error(_UNREACHABLE, type(lost).__name__, operation.name, message=str(lost)) from None
        except TimeoutError:
            raise error(NO_ANSWER, "Timeout", operation.name) from None
        except httpx.RequestError as lost:
            raise error(NO_ANSWER, type(lost).__name__, operation.name, message=str(lost)) from None

    async def _keys(self, operation: Operation) -> Keys:
        try:
            return await self._credentials.keys()
        except CloudCredentials as nobody:
            nobody.operation = operation.name
            raise


def _without_secrets(message: str, keys: Keys) -> str:
    """A signature error quotes the request as the server saw it, and with it the security token."""
    for secret in filter(None, (keys.access_key_secret, keys.security_token)):
        for shape in (secret, quote(secret, safe=""), quote_plus(secret)):
            message = message.replace(shape, "***")
    return message
