"""An allowlist tried out on the page: checked, saved and queried with the bot's own command line."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from bot.playground.command_line import image_bot
from bot.playground.stage import Stage

FOUND, UNKNOWN = 1, -1


@dataclass(frozen=True, slots=True)
class Answer:
    """What `policy simulate` said, or its complaint.

    The decision and why, statement by statement; what the bot never asks; the approval rule, "" for none.
    """

    who: str
    decision: str
    statements: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rule: str = ""
    complaint: str = ""


class Rehearsing:
    """Findings about the text as typed, the result of the last save, and the last answer."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._checking = asyncio.Lock()
        self.findings: list[str] = []
        self.saved = ""
        self.answer: Answer | None = None

    async def check(self, text: str) -> None:
        """Run `image-bot policy check` on a text, next to the files that it names; one text at a time."""
        draft = self._stage.allowlist.with_name("as-typed.yaml")
        async with self._checking:
            await asyncio.to_thread(draft.write_text, text, encoding="utf-8")
            _, output = await image_bot("policy", "check", str(draft))
        self.findings = [
            line.replace(f"{draft}: ", "").replace(draft.name, "the file") for line in output.splitlines()
        ]

    async def save(self, text: str) -> None:
        """Save the text as the file, and say whether the bot accepted it."""
        try:
            taken = await self._stage.save_allowlist(text)
        except TimeoutError:
            self.saved = "Saved. The bot has said nothing about it yet."
            return
        running = self._stage.bot.is_running
        self.saved = (
            (
                "Saved, and the bot follows it from now on."
                if running
                else "Saved. The bot reads it when it starts."
            )
            if taken
            else "Saved, but the bot keeps its old rules: this is broken."
        )

    async def ask(self, who: str, action: str, instance: str, context: str) -> None:
        """Run `image-bot policy simulate` to find out whether somebody may do something."""
        resource = f"acs:appstreaming:cn-shanghai:*:instance/{instance}" if instance else "*"
        pairs = [f"appstreaming:InstanceId={instance}"] if instance else []
        pairs += [pair.strip() for pair in context.replace("\n", ",").split(",") if pair.strip()]
        groups = [
            g.id for g in self._stage.slack.workspace.usergroups.values() if who in g.users and g.is_enabled
        ]
        status, output = await image_bot(
            *("policy", "simulate", "--user", who, "--action", action, "--resource", resource),
            *(part for group in groups for part in ("--usergroup", group)),
            *(part for pair in pairs for part in ("--context", pair)),
            *("--allowlist", str(self._stage.allowlist)),
        )
        if status == 0:
            found = json.loads(output)
            rule = (found["approval"] or {"rule": ""})["rule"]
            self.answer = Answer(who, found["decision"], found["statements"], found["notes"], rule)
        else:
            self.answer = Answer(who, "", complaint=output)
