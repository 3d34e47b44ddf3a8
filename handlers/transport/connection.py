"""How the bot and Slack reach each other: the one Web API client, and Socket Mode or HTTP mode."""

import logging
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.regions import is_loopback
from handlers.transport.api_errors import UNREACHABLE, code_of, needed_scope
from handlers.transport.background import Background
from handlers.transport.http_mode import HttpMode
from handlers.transport.socket_mode import SocketMode

CALL_SECONDS = 10.0
"""How long one Web API call may take."""


class Connection(Protocol):
    """Accepts what Slack delivers, until it's told to stop."""

    @property
    def connected(self) -> bool:
        """Whether Slack can reach us now."""

    @property
    def trouble(self) -> tuple[str, ...]:
        """Return why Slack has trouble reaching us, in Slack's words; it may still be connected."""

    def routes(self) -> list[web.RouteDef]:
        """Return what the process's web server has to serve for this connection."""

    async def start(self) -> None:
        """Accept deliveries from now on; return at once."""

    async def stop(self, within: float) -> None:
        """Finish what is in progress within the given seconds, and accept no more."""


def web_session() -> aiohttp.ClientSession:
    """Return the session that all Web API calls share; the caller closes it."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS))


Called = Callable[[str, str, str], None]
"""Called after a call: the method, "ok" or its error, the missing scope ("" for none)."""


class MeasuredClient(AsyncWebClient):
    """slack_sdk's client; `called` is called after each call."""

    called: Called | None = None

    async def api_call(self, api_method: str, **arguments: Any) -> AsyncSlackResponse:  # noqa: ANN401 - slack_sdk's own
        """Call a Web API method."""
        outcome, scope = "cancelled", ""
        try:
            response = await super().api_call(api_method, **arguments)
            outcome = "ok"
        except UNREACHABLE as error:
            outcome, scope = code_of(error), needed_scope(error)
            raise
        finally:
            if self.called is not None:
                self.called(api_method, outcome, scope)
        return response


def web_client(
    token: str,
    api_url: str,
    session: aiohttp.ClientSession,
    called: Called | None = None,
) -> AsyncWebClient:
    """Return a Web API client for `api_url`; `called` is called after each call.

    Without slack_sdk's retries: they send chat.postMessage again when a connection breaks, which can post
    twice. `handlers.messages.notifier` retries, and looks first. Debug logs would contain bodies.
    """
    logger = logging.getLogger("slack_sdk.image_bot")
    logger.setLevel(logging.INFO)
    base_url = api_url if api_url.endswith("/") else f"{api_url}/"
    client = MeasuredClient(token, base_url, session=session, retry_handlers=[], logger=logger)
    client.called = called
    client.proxy = proxy_to(base_url)
    return client


def proxy_to(url: str) -> str | None:
    """Return the environment's proxy for an address; none for this machine itself and for NO_PROXY's hosts.

    slack_sdk ignores NO_PROXY, so behind a proxy it wouldn't reach the playground.
    """
    parts = urlsplit(url)
    host, proxies = parts.hostname or "", getproxies()
    if is_loopback(host) or proxy_bypass(host):
        return None
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


def connection(
    app: AsyncApp,
    slack: AsyncWebClient,
    background: Background,
    clock: Callable[[], float],
    *,
    app_token: str | None,
    signing_secret: str | None,
) -> Connection:
    """Return Socket Mode if there's an app-level token, else HTTP mode, which needs the signing secret."""
    if app_token:
        return SocketMode(app, app_token, slack, background)
    if not signing_secret:
        raise ValueError("neither an app-level token nor a signing secret is given")
    return HttpMode(app, signing_secret, background, clock)
