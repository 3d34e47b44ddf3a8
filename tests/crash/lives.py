"""Lives: what a person does with one request, repeated whenever Slack says that the bot didn't answer."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.domain.lifecycle import Status
from bot.playground.cast import ALICE, BOB
from bot.playground.slack import Message
from bot.playground.slack.screen import NotOnScreenError
from tests.crash.rig import Rig, channel_of, instance_of

FATES = {
    "approve": Status.AVAILABLE,
    "reject": Status.REJECTED,
    "leave": Status.EXPIRED,
    "cancel": Status.CANCELLED,
    "stop-and-copy": Status.AVAILABLE,
    "stop-and-fail": Status.FAILED,
}
"""What is done with a request, and how it must have ended."""
STOPPING = frozenset(fate for fate in FATES if fate.startswith("stop"))
"""Their instances run at first, and have to run again in the end."""
FLAGS = "--stop-first --distribute cn-beijing --distribute us-west-1"
AGAIN_SECONDS = 0.3
LIFE_SECONDS = 120.0


@dataclass
class Life:
    """One acknowledged request: `name` is its image's, and unique."""

    number: int
    fate: str
    name: str = ""
    request_id: str = ""
    attempts: list[str] = field(default_factory=list)

    @property
    def channel(self) -> str:
        """Its channel."""
        return channel_of(self.number)


def is_card(message: Message) -> bool:
    """Whether this is a request's card."""
    return (message.metadata or {}).get("event_type") == "image_request"


def about(message: Message) -> dict[str, object]:
    """Return what a message's metadata say."""
    payload: dict[str, object] = (message.metadata or {}).get("event_payload") or {}
    return payload


def card_of(rig: Rig, life: Life) -> Message | None:
    """Return the life's card, once it is there."""
    for message in rig.slack.messages(life.channel):
        if is_card(message) and life.name in message.text:
            return message
    return None


async def live(rig: Rig, life: Life) -> None:
    """Live a life up to the last click that it needs."""
    async with asyncio.timeout(LIFE_SECONDS):
        await _submit(rig, life)
        life.request_id = str(about(await _card(rig, life))["request_id"])
        if life.fate == "approve" or life.fate in STOPPING:
            await until(lambda: _click(rig, life, "request_approve"))
        elif life.fate == "reject":
            await until(lambda: _reject(rig, life))
        elif life.fate == "cancel":
            await until(lambda: _cancel(rig, life))


async def _submit(rig: Rig, life: Life) -> None:
    """Type the command until it's acknowledged; each attempt uses another name, so they can be told apart."""
    while not life.name:
        name = f"{life.fate}-{life.number}-{len(life.attempts)}"
        life.attempts.append(name)
        flags = f" {FLAGS}" if life.fate in STOPPING else ""
        text = f"create {instance_of(life.number)} --name {name} --reason crash{flags} --anyway"
        answer = await rig.slack.person(ALICE).command("/image", text, life.channel)
        if answer.error is None:
            life.name = name
        else:
            await asyncio.sleep(AGAIN_SECONDS)


async def _card(rig: Rig, life: Life) -> Message:
    await rig.slack.until(lambda _: card_of(rig, life) is not None, LIFE_SECONDS)
    card = card_of(rig, life)
    assert card is not None
    return card


async def until(holds: Callable[[], Awaitable[bool]], seconds: float = LIFE_SECONDS) -> None:
    """Try until it holds, with pauses, as people do. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110 - a person tries again, nobody tells them when
            await asyncio.sleep(AGAIN_SECONDS)


async def _click(rig: Rig, life: Life, action: str) -> bool:
    """Press a button on the card; tell whether it was acknowledged. A missing button was pressed before."""
    card = card_of(rig, life)
    if card is None or about(card)["status"] != Status.PENDING:
        return True
    try:
        return (await rig.slack.person(BOB).click(card, action, life.request_id)).error is None
    except NotOnScreenError:
        return True


async def _reject(rig: Rig, life: Life) -> bool:
    card = card_of(rig, life)
    if card is None or about(card)["status"] != Status.PENDING:
        return True
    async with rig.form:
        bob = rig.slack.person(BOB)
        try:
            if (await bob.click(card, "request_reject", life.request_id)).error is not None:
                return False
            await rig.slack.until(lambda _: bob.modal is not None, 2)
            submitted = await bob.fill({"reason": "crash"}).submit()
        except (NotOnScreenError, TimeoutError):
            return False
        finally:
            while bob.modal is not None:
                await bob.close()
    return submitted.outcome != "failed"


async def _cancel(rig: Rig, life: Life) -> bool:
    answer = await rig.slack.person(ALICE).command("/image", f"cancel {life.request_id}", life.channel)
    return answer.error is None
