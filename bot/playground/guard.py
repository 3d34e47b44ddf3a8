"""Who may call the local Slack and the local cloud: programs on this machine, no web page."""

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

LOOPBACK = ("127.0.0.1", "localhost")


@web.middleware
async def programs_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse web pages: they send an Origin, or use a host name that somebody pointed at this machine."""
    if "Origin" in request.headers or urlsplit(f"//{request.host}").hostname not in LOOPBACK:
        raise web.HTTPForbidden(text="for programs on this machine only")
    return await handler(request)
