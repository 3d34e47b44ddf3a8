"""Following requests on a stage: what is requested, what the card and its thread say, what the cloud got."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from sqlalchemy import select

from bot.playground.cast import Cast
from bot.playground.slack import Answer, Message, User
from bot.playground.slack.state import Channel, Usergroup
from bot.playground.stage import Stage
from bot.store import audit
from bot.store.engine import open_engine, transaction
from bot.store.tables import requests

ALICE, BOB, CAROL, DAVE, ERIN = "U0ALICE", "U0BOB", "U0CAROL", "U0DAVE", "U0ERIN"
GINA, SAM, LENA = "U0GINA", "U0SAM", "U0LENA"
SECURE, ADMINS = "C0SECURE", "C0ADMINS"
ROOMS = tuple(f"C0ROOM{number:02}" for number in range(20))
"""Each request has its own channel, because the bot posts once a second to each."""
WORKSTATION = "ws-0buj1s9gm000001"
SECONDS = 30.0
LATER = "--at 4s"
"""Long enough for something to happen between the last approval and the call of the cloud."""


def cast(allowlist: str) -> Cast:
    """Alice requests; Bob and Erin are in operations, Carol and Erin in security; Lena is the admin."""
    people = (
        User(ALICE, "alice", "Alice Adams", tz="Europe/Berlin", tz_offset=3600),
        User(BOB, "bob", "Bob Brown", tz="America/New_York", tz_offset=-18000),
        User(CAROL, "carol", "Carol Clark"),
        User(DAVE, "dave", "Dave Dunn"),
        User(ERIN, "erin", "Erin Evans"),
        User(GINA, "gina", "Gina (a guest)", is_restricted=True),
        User(SAM, "sam", "Sam (from elsewhere)", team_id="T0ELSEWHERE"),
        User(LENA, "lena", "Lena Lund"),
    )
    rooms = (Channel(room, room.lower()) for room in ROOMS)
    channels = (*rooms, Channel(SECURE, "secure"), Channel(ADMINS, "admins"))
    groups = (
        Usergroup("S0OPS", "operations", (BOB, ERIN)),
        Usergroup("S0SEC", "security", (CAROL, ERIN)),
    )
    return Cast(people, channels, groups, allowlist, image_channel="")


@dataclass
class Walker:
    """Acts on a stage and looks at it."""

    stage: Stage
    rooms: Iterator[str] = field(default_factory=lambda: cycle(ROOMS))

    async def types(self, who: str, text: str) -> Answer:
        """Let a person type `/image …`; Slack must accept it and the answer."""
        answer = await self.stage.person(who).command("/image", text, next(self.rooms))
        assert answer.error is None, answer
        return answer

    async def asks(self, who: str, flags: str = "") -> str:
        """Let a person request an image; return the request's ID once its card is there."""
        request_id = request_in((await self.types(who, f"create {WORKSTATION} --anyway {flags}")).text)
        await self.until(lambda: self.find(request_id))
        return request_id

    async def clicks(self, who: str, request_id: str, action_id: str) -> str:
        """Let a person press a button on the card; return their private answer."""
        before = len(self.private(who))
        await self.stage.person(who).click(self.card(request_id), action_id)
        await self.until(lambda: len(self.private(who)) > before)
        return self.private(who)[-1].text

    def private(self, who: str) -> list[Message]:
        """Return everything that only one person was shown."""
        person = self.stage.person(who)
        seen = [each for channel in (*ROOMS, SECURE) for each in person.sees(channel) if each.only_for == who]
        return sorted([*seen, *person.direct_messages()], key=lambda message: message.ts)

    def find(self, request_id: str) -> Message | None:
        """Return a request's card, if it was posted."""
        for channel in (*ROOMS, SECURE):
            for message in self.stage.slack.messages(channel):
                about = message.metadata or {}
                payload = about.get("event_payload") or {}
                if about.get("event_type") == "image_request" and payload["request_id"] == request_id:
                    return message
        return None

    def card(self, request_id: str) -> Message:
        """The card of a request."""
        card = self.find(request_id)
        assert card is not None
        return card

    def drawn(self, request_id: str) -> str:
        """Return everything on the card."""
        card = self.card(request_id)
        return "\n".join((card.text, *texts(card.blocks)))

    def status(self, request_id: str) -> str:
        """Return the request's status, according to the card."""
        metadata = self.card(request_id).metadata or {}
        return str(metadata["event_payload"]["status"])

    def thread(self, request_id: str) -> dict[str, Message]:
        """Return the entries below the card, by the events they report."""
        card = self.card(request_id)
        replies = self.stage.slack.thread(card.channel, card.ts)[1:]
        told = [(reply, reply.metadata["event_payload"]) for reply in replies if reply.metadata]
        return {event: reply for reply, each in told for event in each.get("events", [each["event"]])}

    async def ends(self, request_id: str, status: str) -> None:
        """Wait until the card says so."""
        await self.until(lambda: self.status(request_id) == status)

    async def told(self, request_id: str, event: str) -> Message:
        """Wait for an entry in the thread."""
        await self.until(lambda: event in self.thread(request_id))
        return self.thread(request_id)[event]

    async def until(self, holds: Any) -> None:
        """Wait for something to become true."""
        await self.stage.slack.until(lambda _: holds(), SECONDS)

    def calls(self) -> int:
        """Return how often the cloud was called for an image."""
        return len(self.stage.cloud.ledger.of("CreateImageByInstance"))

    async def stored(self) -> list[str]:
        """Return the IDs of all requests on disk."""
        engine = open_engine(self.stage.environment()["DATABASE_URL"])
        async with transaction(engine, reads=True) as connection:
            ids = list(await connection.scalars(select(requests.c.id)))
        await engine.dispose()
        return ids

    async def audited(self, request_id: str, event: str) -> list[audit.Entry]:
        """Return what the audit log has about a request's event."""
        engine = open_engine(self.stage.environment()["DATABASE_URL"])
        async with transaction(engine, reads=True) as connection:
            entries = [entry async for entry in audit.entries(connection)]
        await engine.dispose()
        return [entry for entry in entries if (entry.request_id, entry.event) == (request_id, event)]


def request_in(text: str) -> str:
    """Return the ID of the request that an answer is about."""
    found = re.search(r"r-[a-z0-9]{7}", text)
    assert found is not None, text
    return found[0]


def texts(blocks: Sequence[Any]) -> list[str]:
    """Every text in blocks."""
    found: list[str] = []
    for block in blocks:
        for value in block.values() if isinstance(block, dict) else block:
            if isinstance(value, str):
                found.append(value)
            elif isinstance(value, dict | list):
                found += texts([value] if isinstance(value, dict) else value)
    return found


def buttons(message: Message) -> list[str]:
    """Return the action IDs of a message's buttons."""
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [element["action_id"] for row in rows for element in row]
