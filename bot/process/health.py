"""`/healthz` and `/readyz`: the process is alive, and whether it can do its work now."""

from collections.abc import Callable

from aiohttp import web

Reasons = Callable[[], tuple[str, ...]]


def add_health(app: web.Application, unready: Reasons, limits: Reasons = tuple) -> None:
    """Serve `/healthz` (always 200) and `/readyz` (503 while `unready` has reasons, a sentence each).

    `limits` are listed too, but leave it at 200: what can't be done while everything else can.
    """

    async def healthz(_request: web.Request) -> web.Response:
        """Answer 200: a process that can answer is alive."""
        return web.json_response({"status": "alive"})

    async def readyz(_request: web.Request) -> web.Response:
        """Answer 200 when there is no reason not to."""
        against, limited = unready(), limits()
        status = "not ready" if against else "limited" if limited else "ready"
        reasons = list(dict.fromkeys((*against, *limited)))
        return web.json_response({"status": status, "reasons": reasons}, status=503 if against else 200)

    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
