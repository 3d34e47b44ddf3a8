"""The page's server: on loopback, for its own page only, loading nothing from outside."""

import asyncio
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.playground.page.acts import Acts
from bot.playground.page.backstage import Backstage
from bot.playground.page.drawing import Drawing
from bot.playground.page.entering import why_closed
from bot.playground.page.feed import Pulse, feed
from bot.playground.page.look import HOME, Look, read_look
from bot.playground.page.reading import Reading
from bot.playground.page.regions import Regions
from bot.playground.page.rehearsing import Rehearsing
from bot.playground.page.scenery import Scenery
from bot.playground.page.telling import Telling
from bot.playground.stage import Stage

HOST = "127.0.0.1"
STATIC = Path(__file__).parent / "static"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Page:
    """Serves a stage. Whatever a person does on it goes through the local Slack, on their behalf."""

    def __init__(self, stage: Stage, port: int = 0) -> None:
        self._stage = stage
        self._port = port
        self._pulse = Pulse()
        self._drawing = Drawing(stage.slack.workspace)
        self._reading = Reading(stage.slack.workspace)
        self._telling = Telling(stage, self._pulse)
        rehearsing = Rehearsing(stage)
        backstage = Backstage(stage, self._drawing, rehearsing, self._telling)
        self._regions = Regions(stage, self._drawing, self._reading, backstage)
        self._acts = Acts(stage, self._reading)
        self._scenery = Scenery(stage, rehearsing, self._telling)
        self._tasks: list[asyncio.Task[None]] = []
        self.url = ""
        self.tell = self._telling.tell

    async def __aenter__(self) -> Self:
        application = web.Application(middlewares=[_own_page_only], client_max_size=2 * 1024**2)
        application.add_routes([
            web.get("/", self._page),
            web.get("/events", self._events),
            web.get("/commands", self._known_commands),
            web.post("/do/{act}", self._do),
            web.static("/static", STATIC),
        ])  # fmt: skip
        self._runner = web.AppRunner(
            application, access_log=None, handler_cancellation=True, shutdown_timeout=0.2
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port).start()
        self.url = f"http://{HOST}:{self._runner.addresses[0][1]}/"
        follow = (self._stage.slack.stream(), self._stage.cloud.changes.stream())
        self._tasks = [asyncio.create_task(self._pulse.follow(changes)) for changes in follow]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._telling.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._runner.cleanup()

    async def _page(self, request: web.Request) -> web.Response:
        look = self._look(request)
        person = self._stage.person(look.persona)
        if look.place == HOME:
            self._start(person.open_home())
        elif self._stage.slack.workspace.channels[look.place].user is not None:
            self._start(person.open_messages())
        heading = self._heading(look)
        unread_after = self._reading.read_up_to(look.persona, look.place)
        regions = self._regions.of(look, unread_after)
        html = self._drawing.draw(
            "page.html",
            look.persona,
            look=look,
            regions=regions,
            heading=heading,
            title=f"{heading} as {self._stage.slack.workspace.users[look.persona].display_name}",
            unread_after=unread_after,
            closed="" if look.place == HOME else why_closed(person, look.place),
            shortcuts=[each for each in self._stage.slack.app.shortcuts if each.type == "global"],
        )
        return web.Response(text=html, content_type="text/html")

    async def _known_commands(self, _: web.Request) -> web.Response:
        declared = self._stage.slack.app.commands
        return web.json_response([
            {"command": each.name, "description": each.description, "usage": each.usage_hint}
            for each in declared
        ])  # fmt: skip

    async def _events(self, request: web.Request) -> web.StreamResponse:
        look, unread_after = self._look(request), request.query.get("unread", "")
        return await feed(request, lambda: self._regions.of(look, unread_after), self._pulse)

    async def _do(self, request: web.Request) -> web.Response:
        act = request.match_info["act"]
        try:
            body = await request.json()
            if act in self._scenery.acts:
                done: object = {"toast": await self._scenery.acts[act](body)}
            else:
                done = await self._acts.do(act, body)
        except (LookupError, ValueError, TypeError) as wrong:
            return web.json_response({"toast": f"The page cannot do that: {wrong}"}, status=400)
        self._pulse.beat()
        return web.json_response(done)

    def _look(self, request: web.Request) -> Look:
        cast = self._stage.cast
        return read_look(request.query, self._stage.slack.workspace, cast.people[0].id, cast.image_channel)

    def _heading(self, look: Look) -> str:
        workspace = self._stage.slack.workspace
        if look.place == HOME:
            return f"{workspace.app.name}, home"
        channel = workspace.channels[look.place]
        return f"{workspace.app.name}, messages" if channel.user else f"#{channel.name}"

    def _start(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]  # what open_home returns does not matter
        self._tasks.append(task)
        task.add_done_callback(self._tasks.remove)


@web.middleware
async def _own_page_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse foreign pages: other host names for this machine, other origins, and plain forms."""
    host = urlsplit(f"//{request.host}").hostname
    origin = request.headers.get("Origin")
    foreign = host not in (HOST, "localhost") or origin not in (None, f"http://{request.host}")
    if foreign or (request.method == "POST" and request.content_type != "application/json"):
        raise web.HTTPForbidden(text="only for the playground's own page")
    response = await handler(request)
    if not response.prepared:
        response.headers.update(HEADERS)
    return response
