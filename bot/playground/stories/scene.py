"""A scene: people act on a stage, and what they and the channel see is told."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Self

from bot.playground.cloud.making import LocalImage
from bot.playground.slack import Answer, Message, Person, Submission, View
from bot.playground.slack.screen import TROUBLE
from bot.playground.stage import Stage
from bot.playground.stories.messages import CARD, event_type, label, status_of
from bot.playground.stories.telling import Kind, Line, StoryFailed, Tell

WAIT_SECONDS = 30.0


class Scene:
    """What a story plays on. Once entered, it follows what the bot says; its request is the newest card's.

    A wait that fails raises `StoryFailed` with the sentence that didn't come true.
    """

    def __init__(self, stage: Stage, tell: Tell, wait_seconds: float = WAIT_SECONDS) -> None:
        self.stage = stage
        self.slack = stage.slack
        self.cloud = stage.cloud
        self.tell = tell
        self._wait_seconds = wait_seconds
        self._from = self.slack.changes.last
        self._earlier = {message.ts for message in self._cards()}
        self._earlier_images = len(self.cloud.images)
        self._told: dict[str, Message] = {}
        self._acted = ""

    async def __aenter__(self) -> Self:
        self._following = asyncio.create_task(self._follow(), name="what the bot says")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._following.cancel()
        with suppress(asyncio.CancelledError):
            await self._following
        self.cloud.faults.clear()
        self.slack.faults.clear()

    # What people do

    async def types(self, who: str, text: str, channel: str = "") -> Answer:
        """Let a person type a slash command."""
        self._act(who, f"`{text}`")
        channel = channel or self.stage.cast.image_channel
        return self._answered(who, await self._person(who).types(text, channel))

    async def presses(
        self, who: str, action_id: str, where: Message | View | None = None, value: str | None = None
    ) -> Answer:
        """Let a person press a button or choose in a menu, on the request's card unless said otherwise."""
        where = where or self.card
        self._act(who, f"presses *{label(where, action_id, value)}*")
        return self._answered(who, await self._person(who).click(where, action_id, value))

    async def home(self, who: str) -> View:
        """Let a person open App Home; return it as they see it."""
        person = self._person(who)
        if person.home is None:
            self._act(who, "opens App Home")
            await person.open_home()
            await self.until(lambda: person.home, f"{self._name(who)} sees App Home.")
        if person.home is None:
            raise StoryFailed(f"App Home of {self._name(who)} disappeared.")
        return person.home

    async def chooses(self, who: str, block_id: str, value: str) -> None:
        """Let a person choose something in the open form."""
        view = await self.form(who)
        self._act(who, f"chooses {value}")
        await self._person(who).change(view, block_id, value)

    async def searches(self, who: str, block_id: str, query: str) -> None:
        """Let a person search in a field of the open form, and pick the first result."""
        await self.form(who)
        self._act(who, f"searches for “{query}” in {block_id} and takes the first")
        await self._person(who).pick(block_id, query)

    async def presses_in_form(self, who: str, action_id: str) -> None:
        """Let a person press a button of the open form."""
        view = await self.form(who)
        self._act(who, f"presses {action_id} in the form")
        await self._person(who).click(view, action_id)

    async def submits(self, who: str, values: Mapping[str, object]) -> Submission:
        """Let a person fill in the open form and submit it."""
        await self.form(who)
        filled = ", ".join(f"{field}: {value}" for field, value in values.items())
        self._act(who, f"fills in the form ({filled}) and submits it")
        outcome = await self._person(who).fill(values).submit()
        for field, sentence in outcome.errors.items():
            self.tell(Line(Kind.ANSWER, f"{field}: {sentence}", self._name(who)))
        if outcome.error:
            self.tell(Line(Kind.ANSWER, TROUBLE, self._name(who)))
        return outcome

    async def hears(self, who: str, words: str, sentence: str) -> None:
        """Wait until the bot has answered a person's last act in private with these words."""
        await self.until(lambda: any(words in message.text for message in self._answers(who)), sentence)
        self.tell(Line(Kind.CHECK, sentence))

    async def form(self, who: str) -> View:
        """Return the form that a person has open, as soon as there is one."""
        person = self._person(who)
        await self.until(lambda: person.modal is not None, f"A form opens for {self._name(who)}.")
        view = person.modal
        if view is None:
            raise StoryFailed(f"The form of {self._name(who)} closed on its own.")
        return view

    def fields(self, who: str) -> list[str]:
        """Return the fields of the form that a person has open, none without a form."""
        view = self._person(who).modal
        return [block["block_id"] for block in view.blocks] if view else []

    # What everybody sees

    @property
    def card(self) -> Message:
        """Return this scene's newest card, as it is now."""
        if not self.cards:
            raise StoryFailed("There is a card in the channel.")
        return self.cards[-1]

    @property
    def cards(self) -> list[Message]:
        """Return all of this scene's cards, as they are now."""
        return [message for message in self._cards() if message.ts not in self._earlier]

    @property
    def new_images(self) -> list[LocalImage]:
        """Return the images that the cloud started in this scene."""
        return list(self.cloud.images)[self._earlier_images :]

    @property
    def thread(self) -> list[Message]:
        """Return the entries below the card."""
        card = self.card
        return self.slack.thread(card.channel, card.ts)[1:]

    async def card_appears(self) -> Message:
        """Wait for a card that wasn't there when the scene began."""
        await self.until(lambda: self.cards, "A card appears in the channel.")
        return self.card

    async def status_is(self, *statuses: str) -> str:
        """Wait until the request has one of these statuses; return which."""
        await self.card_appears()
        told = " or ".join(statuses)
        await self.until(lambda: status_of(self.card) in statuses, f"The request becomes {told}.")
        return status_of(self.card)

    async def ends(self, status: str) -> None:
        """Wait until the request has ended this way and the channel has been told."""
        await self.status_is(status)
        await self.until(
            lambda: any(m.broadcast and status_of(m) == status for m in self.thread),
            "The last entry is also in the channel.",
        )

    async def available(self) -> Message:
        """Wait for the happy ending: an available image, and a channel that has been told."""
        await self.ends("available")
        made = [image for image in self.new_images if self.cloud.images.status(image) == "AVAILABLE"]
        self.check(made, "Alibaba Cloud has an available image.")
        return self.card

    async def until(self, holds: Callable[[], object], sentence: str, seconds: float | None = None) -> None:
        """Wait until `holds()`, looking after every change in Slack and in the cloud."""
        seconds = seconds or self._wait_seconds
        looks = (
            asyncio.create_task(self.slack.until(lambda _: holds(), seconds)),
            asyncio.create_task(self.cloud.changes.until(lambda: bool(holds()), seconds)),
        )
        await asyncio.wait(looks, return_when=asyncio.FIRST_COMPLETED)
        for look in looks:
            look.cancel()
        await asyncio.gather(*looks, return_exceptions=True)
        if not holds():
            raise StoryFailed(f"{sentence} (not within {seconds:g} seconds)")

    def check(self, holds: object, sentence: str) -> None:
        """Say what turned out to be true, or fail with it."""
        if not holds:
            raise StoryFailed(sentence)
        self.tell(Line(Kind.CHECK, sentence))

    def sets(self, text: str) -> None:
        """Tell what happens around the people."""
        self.tell(Line(Kind.STAGE, text))

    @asynccontextmanager
    async def rules(self, *edits: tuple[str, str]) -> AsyncIterator[None]:
        """Play with an edited allowlist, saved the way an admin would; afterwards the old one is back."""
        before = self.stage.allowlist.read_text(encoding="utf-8")
        await self.edits_allowlist(*edits)
        try:
            yield
        finally:
            await self.stage.save_allowlist(before)

    async def edits_allowlist(self, *edits: tuple[str, str]) -> None:
        """Replace texts in the allowlist and wait until the bot has read it."""
        text = self.stage.allowlist.read_text(encoding="utf-8")
        for old, new in edits:
            if old not in text:
                raise StoryFailed(f"The allowlist contains {old!r}.")
            text = text.replace(old, new)
        await self.stage.save_allowlist(text)

    # How it is told

    def _act(self, who: str, text: str) -> None:
        self._acted = self.slack.workspace.ids.ts()
        self.tell(Line(Kind.ACT, text, self._name(who)))

    def _answered(self, who: str, answer: Answer) -> Answer:
        if answer.error:
            self.tell(Line(Kind.ANSWER, f"Slack says: {answer.error}", self._name(who)))
        for message in answer.messages:
            self._hear(message)
        return answer

    async def _follow(self) -> None:
        async for change in self.slack.stream(self._from):
            if change.kind in ("message_posted", "message_changed"):
                message = self._message(str(change.details["channel"]), str(change.details["ts"]))
                if message is not None:
                    self._hear(message)

    def _hear(self, message: Message) -> None:
        """Tell a message from the bot, once for each version of it."""
        of_before = {message.ts, message.thread_ts} & self._earlier
        if message.user != self.slack.app.bot_user or of_before or self._told.get(message.ts) == message:
            return
        self._told[message.ts] = message
        if message.only_for is not None:
            line = Line(Kind.ANSWER, message.text, self._name(message.only_for))
        else:
            kind = Kind.CARD if event_type(message) == CARD else Kind.POST
            line = Line(kind, message.text, self.slack.app.name)
        self.tell(replace(line, message=message))

    def _answers(self, who: str) -> list[Message]:
        """Return what only this person has been shown since the last act."""
        conversations = self.slack.workspace.conversations
        seen = [m for channel in self.slack.workspace.channels for m in conversations.seen_by(who, channel)]
        return [message for message in seen if message.only_for == who and message.ts > self._acted]

    def _message(self, channel: str, ts: str) -> Message | None:
        conversations = self.slack.workspace.conversations
        return conversations.find(channel, ts) or conversations.find_ephemeral(channel, ts)

    def _cards(self) -> list[Message]:
        channels = list(self.slack.workspace.channels)
        cards = [m for channel in channels for m in self.slack.messages(channel) if event_type(m) == CARD]
        return sorted(cards, key=lambda message: message.ts)

    def _person(self, who: str) -> Person:
        return self.stage.person(who)

    def _name(self, who: str) -> str:
        return self.slack.workspace.users[who].display_name
