"""The same switches as JSON, for a page or another process: everything under `/_control/`.

GET    /_control/state                     instances, images, faults, clock, settings, the change count
GET    /_control/ledger?operation=&after=  the calls, oldest first, numbered above `after`
GET    /_control/changes?seen=&seconds=    {"count": n} as soon as n > seen, or when the seconds are over
POST   /_control/faults                    {"kind", "operation", "times", "code", "status", "seconds"}
DELETE /_control/faults                    all off
POST   /_control/instances                 a whole `LocalInstance`, or {"instance_id", "state"}
POST   /_control/clock                     {"speed"} and/or {"advance"}
POST   /_control/settings                  {"seconds"}, {"slots"}, {"lag"} of images to come,
                                           {"power_seconds"}, {"expired"} (tokens), {"forbidden"}
                                           (operations), any of `Habits`
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from aiohttp import web

from bot.playground.cloud.changes import Changes
from bot.playground.cloud.faults import Faults
from bot.playground.cloud.instances import LocalInstance
from bot.playground.cloud.ledger import Ledger
from bot.playground.cloud.parameters import World

Settings = dict[str, Any]
_LONGEST_WAIT = 60.0


class Control:
    """Routes for the server; a POST answers with the new state, or with 400 and what it didn't understand."""

    def __init__(self, world: World, faults: Faults, ledger: Ledger, changes: Changes) -> None:
        self._world = world
        self._faults = faults
        self._ledger = ledger
        self._changes = changes

    def routes(self) -> list[web.RouteDef]:
        """Return what the server serves."""
        return [
            web.get("/_control/state", self._get_state),
            web.get("/_control/ledger", self._get_ledger),
            web.get("/_control/changes", self._get_changes),
            web.delete("/_control/faults", self._clear_faults),
            web.post("/_control/faults", self._posted(self._add_fault)),
            web.post("/_control/instances", self._posted(self._put_instance)),
            web.post("/_control/clock", self._posted(self._set_clock)),
            web.post("/_control/settings", self._posted(self._set_settings)),
        ]

    def state(self) -> dict[str, Any]:
        """Return everything but the ledger."""
        images = self._world.images
        now = images.clock.now()
        return {
            "instances": [instance.to_json() for instance in self._world.instances],
            "images": [image.to_json(now) for image in images],
            "faults": [fault.to_json() for fault in self._faults],
            "clock": {"now": now, "speed": images.clock.speed},
            "settings": {"seconds": images.seconds, "slots": images.slots, "lag": images.lag},
            "habits": self._world.habits.to_json(),
            "changes": self._changes.count,
        }

    async def _get_state(self, _: web.Request) -> web.Response:
        return web.json_response(self.state())

    async def _get_ledger(self, request: web.Request) -> web.Response:
        operation, after = request.query.get("operation"), int(request.query.get("after", "0"))
        calls = [call for call in self._ledger if call.number > after and operation in (None, call.operation)]
        return web.json_response([call.to_json() for call in calls])

    async def _get_changes(self, request: web.Request) -> web.Response:
        seconds = min(float(request.query.get("seconds", "30")), _LONGEST_WAIT)
        try:
            async with asyncio.timeout(seconds):
                await self._changes.after(int(request.query.get("seen", "0")))
        except TimeoutError:
            pass
        return web.json_response({"count": self._changes.count})

    async def _clear_faults(self, _: web.Request) -> web.Response:
        self._faults.clear()
        self._changes.happened()
        return web.json_response(self.state())

    def _posted(self, apply: Callable[[Settings], None]) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            # A foreign page can post text to loopback, but not JSON without a preflight.
            if request.content_type != "application/json":
                return web.json_response({"error": "application/json only"}, status=415)
            try:
                apply(await request.json())
            except (KeyError, TypeError, ValueError) as error:
                return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
            self._changes.happened()
            return web.json_response(self.state())

        return handle

    def _add_fault(self, settings: Settings) -> None:
        self._faults.add(**settings)

    def _put_instance(self, settings: Settings) -> None:
        known = self._world.instances.get(settings["instance_id"])
        for name in ("sub_instances", "flags", "users"):
            if name in settings:
                settings[name] = tuple(settings[name])
        self._world.instances.put(replace(known, **settings) if known else LocalInstance(**settings))

    def _set_clock(self, settings: Settings) -> None:
        clock = self._world.images.clock
        clock.speed = float(settings.get("speed", clock.speed))
        clock.advance(float(settings.get("advance", 0)))

    def _set_settings(self, settings: Settings) -> None:
        images = self._world.images
        images.seconds = float(settings.get("seconds", images.seconds))
        images.slots = int(settings.get("slots", images.slots))
        images.lag = float(settings.get("lag", images.lag))
        self._world.habits.change(settings)
        self._world.instances.seconds = float(settings.get("power_seconds", self._world.instances.seconds))
        self._world.accounts.set_all(expired=settings.get("expired"), forbidden=settings.get("forbidden"))
