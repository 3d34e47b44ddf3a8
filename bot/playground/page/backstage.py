"""Behind the scenes: the cloud, the bot, faults, the allowlist, stories and problems, as tabs."""

import json
from itertools import islice

from bot.playground.page import switches
from bot.playground.page.drawing import Drawing
from bot.playground.page.look import Look
from bot.playground.page.rehearsing import Rehearsing
from bot.playground.page.telling import Telling
from bot.playground.page.workspace_acts import WorkspaceActs
from bot.playground.stage import Stage
from bot.playground.stories import STORIES

CALLS_SHOWN, LINES_SHOWN, PROBLEMS_SHOWN = 40, 60, 50
SPEEDS = (1, 10, 60)


class Backstage:
    """Draws the open tab."""

    def __init__(self, stage: Stage, drawing: Drawing, rehearsing: Rehearsing, telling: Telling) -> None:
        self._stage = stage
        self._drawing = drawing
        self._rehearsing = rehearsing
        self._telling = telling

    def items(self, look: Look) -> dict[str, str]:
        """Return the tab's pieces of HTML."""
        tabs = {
            "cloud": self._cloud,
            "bot": self._bot,
            "faults": self._faults,
            "allowlist": self._allowlist,
            "stories": self._stories,
            "problems": self._problems,
        }
        return {
            look.tab: self._drawing.draw(f"back_{look.tab}.html", look.persona, look=look, **tabs[look.tab]())
        }

    def faults_on(self) -> int:
        """Return how many faults are switched on."""
        return len(switches.on(self._stage))

    def _cloud(self) -> dict[str, object]:
        cloud = self._stage.cloud
        now = cloud.clock.now()
        calls = list(islice(reversed(list(cloud.ledger)), CALLS_SHOWN))
        return {
            "instances": list(cloud.instances),
            "images": [
                (image, image.status(now), int(image.done(now) * 100))
                for image in reversed(list(cloud.images))
            ],
            "busy": len(cloud.images.under_way()),
            "slots": cloud.images.slots,
            "seconds": cloud.images.seconds,
            "speed": cloud.clock.speed,
            "speeds": SPEEDS,
            "calls": [(call, pretty(call.parameters), pretty(call.response)) for call in calls],
            "total": len(cloud.ledger),
        }

    def _bot(self) -> dict[str, object]:
        bot = self._stage.bot
        process = bot.process
        return {
            "runs": bot.is_running,
            "pid": process.pid if process else None,
            "status": process.returncode if process else None,
            "lives": bot.lives,
            "sockets": len(self._stage.slack.sockets.connections),
            "lines": [readable(line) for line in list(bot.lines)[-LINES_SHOWN:]],
        }

    def _faults(self) -> dict[str, object]:
        codes = {name: switch for name, switch in switches.CLOUD.items() if name.startswith("code-")}
        return {
            "on": switches.on(self._stage),
            "cloud": {name: switch for name, switch in switches.CLOUD.items() if name not in codes},
            "codes": {name: name.removeprefix("code-") for name in codes},
            "slack": switches.SLACK,
            **WorkspaceActs(self._stage).choices,
        }

    def _allowlist(self) -> dict[str, object]:
        workspace = self._stage.slack.workspace
        return {
            "file": self._stage.allowlist.read_text(encoding="utf-8"),
            "findings": self._rehearsing.findings,
            "saved": self._rehearsing.saved,
            "answer": self._rehearsing.answer,
            "people": [user for user in workspace.users.values() if not user.is_bot],
            "instances": list(self._stage.cloud.instances),
        }

    def _stories(self) -> dict[str, object]:
        return {
            "stories": list(STORIES.values()),
            "playing": self._telling.playing,
            "lines": self._telling.lines,
            "ended": self._telling.ended,
        }

    def _problems(self) -> dict[str, object]:
        problems = self._stage.slack.problems[-PROBLEMS_SHOWN:]
        return {"problems": [(each, pretty(each["sent"])) for each in reversed(problems)]}


def readable(line: str) -> str:
    """Return a line of the bot's log for people: time, event, and the rest as `name=value`."""
    try:
        entry = json.loads(line)
        at, event = entry.pop("timestamp")[11:19], entry.pop("event")
    except (ValueError, TypeError, KeyError, AttributeError):
        return line
    rest = (f"{name}={value}" for name, value in entry.items() if name not in ("logger", "level"))
    return " ".join((at, event, *rest))


def pretty(value: object) -> str:
    """Return JSON for people."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)
