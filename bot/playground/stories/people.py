"""Stories about people: machines by name, App Home, requests found again, and Chinese."""

from bot.playground.cast import ALICE, BOB, IMAGES, MEI
from bot.playground.stories.messages import request_of
from bot.playground.stories.scene import Scene
from bot.playground.stories.story import Story

MACHINE = "design-station"


async def by_name(scene: Scene) -> None:
    """A name finds its machine; people are asked if several or none match, and before a second request."""
    await scene.types(ALICE, "/image create desktop")
    await scene.hears(ALICE, "3 machines match", "Alice is asked which machine she means.")
    await scene.types(ALICE, "/image create desing-station")
    await scene.hears(
        ALICE, "Did you mean one of these?", "Nothing is requested for a machine that doesn't exist."
    )
    scene.check(not scene.cards, "There's no card in the channel.")
    await scene.types(ALICE, f"/image create {MACHINE} --name first")
    await scene.status_is("pending")
    await scene.types(ALICE, f"/image create {MACHINE} --name second")
    await scene.hears(
        ALICE, "You already have", "She is asked before there's a second request for the machine."
    )
    await _cancelled(scene)
    scene.check(len(scene.cards) == 1, "There's one card in the channel.")


async def at_home(scene: Scene) -> None:
    """Bob gets a direct message, as he chose; the request is in his Home, and gone once he approves it."""
    bob = scene.stage.person(BOB)
    home = await scene.home(BOB)
    await scene.presses(BOB, "choice_waiting", home, "each")
    await scene.types(ALICE, f"/image create {MACHINE} --name at-home")
    request_id = request_of(await scene.card_appears())
    await scene.until(
        lambda: any("waiting for your approval" in each.text for each in bob.direct_messages()),
        "Bob gets a direct message that a request is waiting for him.",
    )
    await scene.until(lambda: bob.home and request_id in str(bob.home.blocks), "It is on Bob's Home.")
    await scene.presses(BOB, "request_approve", await scene.home(BOB), request_id)
    await scene.available()
    await scene.until(
        lambda: bob.home and request_id not in str(bob.home.blocks),
        "It has disappeared from Bob's Home on its own.",
    )
    await scene.presses(BOB, "choice_waiting", await scene.home(BOB), "never")


async def found(scene: Scene) -> None:
    """A request is found in a list and by a message about its machine, and requested again."""
    await scene.types(ALICE, f"/image create {MACHINE} --name findable --reason 'for the build'")
    request_id = request_of(await scene.card_appears())
    await _cancelled(scene)
    await scene.types(ALICE, "/image list")
    await scene.hears(ALICE, request_id, "Alice finds it in her list.")
    await scene.types(ALICE, f"/image history ({request_id.upper()}).")
    await scene.hears(ALICE, "Alice cancelled it", "Its history says what happened to it.")
    await scene.types(ALICE, f"/image again {request_id}")
    form = await scene.form(ALICE)
    scene.check("for the build" in str(form.values), "The form has everything she asked for.")
    await scene.stage.person(ALICE).close()
    said = await scene.stage.person(ALICE).say(IMAGES, f"{MACHINE} needs a new image")
    await scene.stage.person(ALICE).shortcut("image_create_from_message", said)
    form = await scene.form(ALICE)
    scene.check(MACHINE in str(form.values), "The message shortcut finds the machine in the message.")
    await scene.stage.person(ALICE).close()


async def chinese(scene: Scene) -> None:
    """Mei gets answers in Chinese and types times her way; the channel keeps its own language."""
    await scene.types(MEI, f"/image create {MACHINE} --name golden --at 明天 --reason 给新同事使用")
    await scene.hears(MEI, "已发送到", "Mei is answered in Chinese.")
    await scene.status_is("pending")
    scene.check("Image request: golden" in str(scene.card.blocks), "The card is in the channel's language.")
    await scene.presses(MEI, "request_cancel")
    await scene.ends("cancelled")


async def _cancelled(scene: Scene) -> None:
    await scene.presses(ALICE, "request_cancel")
    await scene.ends("cancelled")


STORIES = (
    Story("by-name", "Machines by name", by_name),
    Story("at-home", "A direct message, and an approval in App Home", at_home),
    Story("found", "A request found again", found),
    Story("chinese", "In Chinese", chinese),
)
