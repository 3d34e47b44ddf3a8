"""`/healthz` and `/readyz`: the process is alive, and whether it can do its work now."""

from collections.abc import Callable

from aiohttp import web


def add_health(app: web.Application, reasons: Callable[[], tuple[str, ...]]) -> None:
    """Serve `/healthz` (always 200) and `/readyz` (503 with `reasons`, a sentence each)."""

    async def healthz(_request: web.Request) -> web.Response:
        """Answer 200: a process that can answer is alive."""
        return web.json_response({"status": "alive"})

    async def readyz(_request: web.Request) -> web.Response:
        """Answer 200 when there is no reason not to."""
        found = reasons()
        return web.json_response(
            {"status": "not ready" if found else "ready", "reasons": list(found)},
            status=503 if found else 200,
        )

    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
