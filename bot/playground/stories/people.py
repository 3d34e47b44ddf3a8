"""Stories of people: machines by name, App Home, requests found again, and Chinese."""

from bot.playground.cast import ALICE, BOB, IMAGES, MEI
from bot.playground.stories.messages import request_of
from bot.playground.stories.scene import Scene
from bot.playground.stories.story import Story

MACHINE = "design-station"


async def by_name(scene: Scene) -> None:
    """A name finds its machine; what fits several or none, and a second request, is asked about first."""
    await scene.types(ALICE, "/image create desktop")
    await scene.hears(ALICE, "3 machines match", "Alice is asked which machine she means.")
    await scene.types(ALICE, "/image create desing-station")
    await scene.hears(ALICE, "Did you mean one of these?", "A machine that doesn't exist isn't asked for.")
    scene.check(not scene.cards, "No card stands in the channel.")
    await scene.types(ALICE, f"/image create {MACHINE} --name first")
    await scene.status_is("pending")
    await scene.types(ALICE, f"/image create {MACHINE} --name second")
    await scene.hears(ALICE, "You already have", "A second request for the machine is asked about first.")
    await _cancelled(scene)
    scene.check(len(scene.cards) == 1, "One card stands in the channel.")


async def at_home(scene: Scene) -> None:
    """Bob is told directly, as he chose; what waits for him is at Home, and goes when he has approved it."""
    bob = scene.stage.person(BOB)
    home = await scene.home(BOB)
    await scene.presses(BOB, "choice_waiting", home, "each")
    await scene.types(ALICE, f"/image create {MACHINE} --name at-home")
    request_id = request_of(await scene.card_appears())
    await scene.until(
        lambda: any("waiting for your approval" in each.text for each in bob.direct_messages()),
        "Bob is told directly that a request waits for him.",
    )
    await scene.until(lambda: bob.home and request_id in str(bob.home.blocks), "It is on Bob's Home.")
    await scene.presses(BOB, "request_approve", await scene.home(BOB), request_id)
    await scene.available()
    await scene.until(
        lambda: bob.home and request_id not in str(bob.home.blocks), "It has gone from Bob's Home by itself."
    )
    await scene.presses(BOB, "choice_waiting", await scene.home(BOB), "never")


async def found(scene: Scene) -> None:
    """A request is found in a list, by a message about its machine, and is asked for again from its story."""
    await scene.types(ALICE, f"/image create {MACHINE} --name findable --reason 'for the build'")
    request_id = request_of(await scene.card_appears())
    await _cancelled(scene)
    await scene.types(ALICE, "/image list")
    await scene.hears(ALICE, request_id, "Alice finds it in her list.")
    await scene.types(ALICE, f"/image history ({request_id.upper()}).")
    await scene.hears(ALICE, "Alice cancelled it", "Its history tells what became of it.")
    await scene.types(ALICE, f"/image again {request_id}")
    form = await scene.form(ALICE)
    scene.check("for the build" in str(form.values), "The form has all that she asked for.")
    await scene.stage.person(ALICE).close()
    said = await scene.stage.person(ALICE).say(IMAGES, f"{MACHINE} needs a new image")
    await scene.stage.person(ALICE).shortcut("image_create_from_message", said)
    form = await scene.form(ALICE)
    scene.check(MACHINE in str(form.values), "The message shortcut finds the machine in the message.")
    await scene.stage.person(ALICE).close()


async def chinese(scene: Scene) -> None:
    """Mei is answered in Chinese and types times as she says them; the channel reads its own language."""
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
    Story("at-home", "At home: told directly, approved there", at_home),
    Story("found", "A request found again", found),
    Story("chinese", "In Chinese", chinese),
)
