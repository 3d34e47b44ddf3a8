"""The local cloud's HTTP server, on loopback only."""

import json

from aiohttp import web

from bot.playground.cloud.envelopes import Answer
from bot.playground.cloud.gateway import Dropped, Gateway, Received
from bot.playground.guard import programs_only


class Server:
    """Serves one gateway at every path, plus `routes`."""

    def __init__(self, gateway: Gateway, routes: list[web.RouteDef], port: int = 0) -> None:
        self._gateway = gateway
        self._routes = routes
        self._port = port
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        """Listen; return the URL to call."""
        app = web.Application(middlewares=[programs_only], client_max_size=1024**2)
        app.add_routes([*self._routes, web.route("*", "/{path:.*}", self._handle)])
        # A caller who hangs up must not leave a held answer waiting.
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.5, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        return f"http://127.0.0.1:{self._port}"

    async def stop(self) -> None:
        """Stop listening; the port stays reserved for another `start`."""
        if self._runner:
            await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        received = Received(
            method=request.method,
            path=request.rel_url.raw_path,
            query=tuple((name, value) for name, value in request.query.items()),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await request.read(),
        )
        try:
            return _response(await self._gateway.answer(received))
        except Dropped:
            if request.transport:
                request.transport.abort()
            return web.Response()


def _response(answer: Answer) -> web.Response:
    headers = {"content-type": "application/json;charset=utf-8"} | dict(answer.headers)
    if headers["content-type"].startswith("application/json"):
        return web.Response(status=answer.status, text=json.dumps(answer.body), headers=headers)
    (text,) = answer.body.values()
    return web.Response(status=answer.status, text=text, headers=headers)
