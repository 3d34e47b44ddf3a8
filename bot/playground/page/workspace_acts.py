"""What admins and other apps do to the workspace, and what kind of workspace it is, from the Faults tab."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.slack import OTHER_APP, Fault, FaultKind
from bot.playground.slack.admin import Admin
from bot.playground.slack.refusals import METHODS, REFUSALS
from bot.playground.stage import Stage

Body = Mapping[str, Any]

CONDITIONS: Mapping[str, tuple[str, str]] = {
    "rate_limits": ("Rate limits", "Messages in a burst wait; a channel gets about one a second."),
    "distributed": ("A distributed app", "History can be read once a minute; nothing else gets slower."),
    "grid": (
        "Enterprise Grid",
        "Commands, clicks and forms work, and a colleague from another workspace counts as internal.",
    ),
    "confirm_in_inputs": (
        "Accept confirm in inputs",
        "When off, a form that has one doesn't open. The bot's does.",
    ),
}
"""Fields of `Conditions` -> label, what to look for."""
CHANNEL_ACTS: Mapping[str, tuple[str, Callable[[Admin, str], None]]] = {
    "archive": ("archive it", lambda admin, channel: admin.archive(channel)),
    "unarchive": ("bring it back", lambda admin, channel: admin.archive(channel, archived=False)),
    "remove": ("remove the bot", lambda admin, channel: admin.remove(channel)),
    "invite": ("invite the bot", lambda admin, channel: admin.invite(channel)),
    "restrict": ("let only admins post", lambda admin, channel: admin.restrict(channel)),
    "open": ("let everybody post", lambda admin, channel: admin.restrict(channel, restricted=False)),
}
PERSON_ACTS: Mapping[str, tuple[str, Callable[[Admin, str], None]]] = {
    "deactivate": ("deactivate them", lambda admin, user: admin.deactivate(user)),
    "reactivate": ("bring them back", lambda admin, user: admin.deactivate(user, deleted=False)),
    "guest": ("make them a guest", lambda admin, user: admin.make_guest(user)),
    "member": ("make them a full member", lambda admin, user: admin.make_guest(user, restricted=False)),
}
TIMES: Mapping[str, int | None] = {"once": 1, "three times": 3, "until switched off": None}


@dataclass(frozen=True, slots=True)
class WorkspaceActs:
    """One method per act; each returns what the page should say about it."""

    stage: Stage

    @property
    def acts(self) -> Mapping[str, Callable[[Body], Awaitable[str]]]:
        """Return what can be done, by name."""
        return {
            "refuse": self.on_refuse,
            "condition": self.on_condition,
            "channel": self.on_channel,
            "person": self.on_person,
            "forge": self.on_forge,
        }

    @property
    def choices(self) -> dict[str, object]:
        """Return what the tab offers."""
        workspace = self.stage.slack.workspace
        conditions = self.stage.slack.conditions
        return {
            "refusals": REFUSALS,
            "methods": METHODS,
            "times": list(TIMES),
            "conditions": [(k, *v, getattr(conditions, k)) for k, v in CONDITIONS.items()],
            "channel_acts": CHANNEL_ACTS,
            "person_acts": PERSON_ACTS,
            "channels": [each for each in workspace.channels.values() if each.user is None],
            "people": [each for each in workspace.users.values() if not each.is_bot],
        }

    async def on_refuse(self, body: Body) -> str:
        """Let Slack refuse the next calls of a method, or all of them."""
        if body["error"] not in REFUSALS or body["method"] not in METHODS:
            raise LookupError(f"{body['error']} for {body['method']}")
        times = TIMES[str(body["times"])]
        self.stage.slack.faults.set(
            Fault(FaultKind.REFUSED, str(body["method"]), times=times, error=str(body["error"]))
        )
        return ""

    async def on_condition(self, body: Body) -> str:
        """Flip one of the conditions."""
        name = str(body["value"])
        if name not in CONDITIONS:
            raise LookupError(name)
        conditions = self.stage.slack.conditions
        setattr(conditions, name, not getattr(conditions, name))
        return ""

    async def on_channel(self, body: Body) -> str:
        """Do something to a channel, as an admin."""
        CHANNEL_ACTS[str(body["do"])][1](self.stage.slack.admin, str(body["channel"]))
        return ""

    async def on_person(self, body: Body) -> str:
        """Do something to a person's account, as an admin."""
        PERSON_ACTS[str(body["do"])][1](self.stage.slack.admin, str(body["who"]))
        return ""

    async def on_forge(self, _: Body) -> str:
        """Let another app post a copy of the newest card, with metadata that say it's approved."""
        slack = self.stage.slack
        cards = [m for channel in slack.workspace.channels for m in slack.messages(channel) if m.metadata]
        if not cards:
            return "There is no card to copy yet."
        card = max(cards, key=lambda message: message.ts)
        told = card.metadata or {}
        forged = {**told, "event_payload": {**told.get("event_payload", {}), "status": "approved"}}
        slack.admin.post_as(OTHER_APP, card.channel, card.text, blocks=card.blocks, metadata=forged)
        return ""
