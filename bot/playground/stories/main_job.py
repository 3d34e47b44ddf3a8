"""The demo's own story: requested, approved, made."""

from bot.playground.cast import ALICE, BOB
from bot.playground.stories.scene import Scene
from bot.playground.stories.story import Story

ASK = '/image create design-station --name build-tools --reason "the new compiler for everybody"'


async def play(scene: Scene) -> None:
    """One person asks, another approves, the cloud makes the image, and the channel is told."""
    await scene.types(ALICE, ASK)
    await scene.status_is("pending")
    await scene.presses(BOB, "request_approve")
    card = await scene.available()
    scene.check("Image ready: build-tools" in str(card.blocks), "The card says: Image ready: build-tools.")


STORY = Story("first-image", "A request, an approval, an image", play)
