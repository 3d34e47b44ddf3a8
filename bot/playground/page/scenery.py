"""What is done behind the scenes: to the bot, to the cloud, to the allowlist, and to the faults."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.page import switches
from bot.playground.page.rehearsing import Rehearsing
from bot.playground.page.telling import Telling
from bot.playground.page.workspace_acts import WorkspaceActs
from bot.playground.stage import BotDidNotStart, Stage

Body = Mapping[str, Any]
MOST_SLOTS, FASTEST = 100, 1_000


@dataclass(frozen=True, slots=True)
class Scenery:
    """One method per act; each returns what the page should say about it."""

    stage: Stage
    rehearsing: Rehearsing
    telling: Telling

    @property
    def acts(self) -> Mapping[str, Callable[[Body], Awaitable[str]]]:
        """Return what can be done, by name."""
        return {
            "bot": self.on_bot,
            "instance": self.on_instance,
            "speed": self.on_speed,
            "slots": self.on_slots,
            "fault": self.on_fault,
            "clear": self.on_clear,
            "check": self.on_check,
            "save": self.on_save,
            "ask": self.on_ask,
            "story": self.on_story,
            **WorkspaceActs(self.stage).acts,
        }

    async def on_bot(self, body: Body) -> str:
        """Kill, stop or start the bot."""
        bot = self.stage.bot
        if body["value"] == "kill":
            await bot.kill()
        elif body["value"] == "stop":
            await bot.stop()
        elif not bot.is_running:
            try:
                await self.stage.start_bot()
            except BotDidNotStart as silent:
                return str(silent)
        return ""

    async def on_instance(self, body: Body) -> str:
        """Start or stop an instance."""
        self.stage.cloud.instances.set_state(str(body["value"]), str(body["state"]))
        self.stage.cloud.changes.happened()
        return ""

    async def on_speed(self, body: Body) -> str:
        """Let the cloud's clock run faster or slower."""
        self.stage.cloud.clock.speed = min(max(float(body["value"]), 0.0), FASTEST)
        self.stage.cloud.changes.happened()
        return ""

    async def on_slots(self, body: Body) -> str:
        """Give the cloud more builders, or fewer."""
        self.stage.cloud.images.slots = min(max(int(body["value"]), 0), MOST_SLOTS)
        self.stage.cloud.changes.happened()
        return ""

    async def on_fault(self, body: Body) -> str:
        """Turn on a switch."""
        table = switches.CLOUD if body["side"] == "cloud" else switches.SLACK
        await table[str(body["value"])].throw(self.stage)
        self.stage.cloud.changes.happened()
        return ""

    async def on_clear(self, _: Body) -> str:
        """Switch every fault off."""
        switches.clear(self.stage)
        self.stage.cloud.changes.happened()
        return ""

    async def on_check(self, body: Body) -> str:
        """Check an allowlist as typed."""
        await self.rehearsing.check(str(body["text"]))
        return ""

    async def on_save(self, body: Body) -> str:
        """Save an allowlist, and check it."""
        await self.rehearsing.check(str(body["text"]))
        await self.rehearsing.save(str(body["text"]))
        return ""

    async def on_ask(self, body: Body) -> str:
        """Ask whether somebody may do something."""
        await self.rehearsing.ask(*(str(body[key]) for key in ("who", "action", "instance", "context")))
        return ""

    async def on_story(self, body: Body) -> str:
        """Play a story."""
        self.telling.play(str(body["value"]))
        return ""
