"""Stories about trouble: a retry, a lost answer, throttling, the bot killed, a form with mistakes."""

from bot.playground.cast import ALICE, BOB, WORKSTATION
from bot.playground.cloud import Kind
from bot.playground.stories.scene import Scene
from bot.playground.stories.story import Story

CREATE = "CreateImageByInstance"


async def retried(scene: Scene) -> None:
    """An image that fails while it's being made can be retried under the same approval."""
    scene.sets("Alibaba Cloud will fail while making the next image.")
    scene.cloud.faults.add(Kind.CREATION_FAILS, CREATE)
    await _approved(scene, "second-try")
    await scene.ends("failed")
    await scene.presses(ALICE, "request_retry")
    await scene.available()
    scene.check(
        len(_made(scene, "second-try")) == 2, "Alibaba Cloud started twice; the second image is available."
    )


async def found_again(scene: Scene) -> None:
    """When the cloud's answer is lost, the bot looks for the image instead of requesting another."""
    scene.sets("Alibaba Cloud will start the next image, but its answer will get lost.")
    scene.cloud.faults.add(Kind.TIMEOUT_AFTER, CREATE, seconds=1.0)
    await _approved(scene, "found-again")
    await scene.available()
    scene.check(len(_made(scene, "found-again")) == 1, "One image was made, not two.")


async def throttled(scene: Scene) -> None:
    """When the cloud asks for a pause, the request waits in line and then continues."""
    scene.sets("Alibaba Cloud will refuse the next two creations: too many calls.")
    scene.cloud.faults.add(Kind.THROTTLE, CREATE, times=2, seconds=1.0)
    await _approved(scene, "patient")
    await scene.available()
    scene.check(len(_made(scene, "patient")) == 1, "One image was made in the end.")


async def killed(scene: Scene) -> None:
    """The bot is killed while the image is being made, and picks up where it was."""
    await _approved(scene, "survivor")
    await scene.until(lambda: _made(scene, "survivor"), "Alibaba Cloud starts making the image.")
    scene.sets("The bot is killed (SIGKILL).")
    await scene.stage.bot.kill()
    scene.sets("The bot is started again.")
    await scene.stage.start_bot()
    await scene.available()
    scene.check(len(_made(scene, "survivor")) == 1, "One image was made, not two.")
    scene.check(len(scene.cards) == 1, "There's one card in the channel, not two.")


async def form(scene: Scene) -> None:
    """The form finds machines by name, adapts to them, and says under each field what's wrong with it."""
    await scene.types(ALICE, "/image")
    await scene.searches(ALICE, "instance_id", "render")
    await scene.until(
        lambda: "stop_first" in scene.fields(ALICE), "It runs: the form offers to stop it first."
    )
    await scene.presses_in_form(ALICE, "form_more")
    await scene.until(lambda: "tags" in scene.fields(ALICE), "Every field is there.")
    await scene.searches(ALICE, "instance_id", "my desktop")
    await scene.until(
        lambda: "stop_first" not in scene.fields(ALICE), "For an unknown machine, the form asks for less."
    )
    wrong = await scene.submits(ALICE, {"tags": "team"})
    scene.check(wrong.errors.keys() == {"instance_id", "tags"}, "The form says what's wrong, field by field.")
    await scene.searches(ALICE, "instance_id", "design-station")
    fixed = await scene.submits(ALICE, {"tags": "team=build"})
    scene.check(fixed.outcome == "closed", "Once corrected, it's accepted.")
    await scene.status_is("pending")
    await scene.presses(ALICE, "request_cancel")
    await scene.ends("cancelled")
    scene.check("team=build" in str(scene.card.blocks), "The card shows what was typed.")


async def _approved(scene: Scene, name: str) -> None:
    """Let Alice ask for an image and Bob approve it."""
    await scene.types(ALICE, f"/image create {WORKSTATION} --name {name}")
    await scene.status_is("pending")
    await scene.presses(BOB, "request_approve")


def _made(scene: Scene, name: str) -> list[str]:
    """Return the images that the cloud started under this name in this scene."""
    return [image.image_id for image in scene.new_images if image.name.startswith(name)]


STORIES = (
    Story("retried", "Failed, and retried", retried),
    Story("found-again", "An answer lost, the image found again", found_again),
    Story("throttled", "Throttled", throttled),
    Story("killed", "The bot killed halfway", killed),
    Story("form", "A form with mistakes", form),
)
