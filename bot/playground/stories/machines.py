"""Stories about a machine and its image: stopped for it and started again, and copied to other regions."""

from bot.playground.cast import ALICE, BOB, WORKSTATION
from bot.playground.stories.scene import Scene
from bot.playground.stories.story import Story

RUNNING_DESKTOP = "ecd-7w78ozhjcwa3u0002"
REGIONS = ("cn-beijing", "us-west-1")


async def stop_first(scene: Scene) -> None:
    """A running desktop is stopped, its image is made, and it's started again."""
    scene.cloud.instances.set_state(RUNNING_DESKTOP, "RUNNING")
    await scene.types(ALICE, f"/image create {RUNNING_DESKTOP} --stop-first --name support-tools")
    await scene.status_is("pending")
    await scene.presses(BOB, "request_approve")
    await scene.until(lambda: _state(scene) == "STOPPED", "The desktop is stopped before its image is made.")
    await scene.available()
    await scene.until(lambda: _state(scene) == "RUNNING", "The desktop is running again.")
    calls = [call.operation for call in scene.cloud.ledger if call.operation in POWER | {CREATE}]
    scene.check(
        calls[-3:] == ["StopDesktops", CREATE, "StartDesktops"],
        "It was stopped before the image and started afterwards, once each.",
    )


async def two_regions(scene: Scene) -> None:
    """A finished image is copied to two more regions."""
    flags = " ".join(f"--distribute {region}" for region in REGIONS)
    await scene.types(ALICE, f"/image create {WORKSTATION} --name everywhere {flags}")
    await scene.status_is("pending")
    await scene.presses(BOB, "request_approve")
    card = await scene.available()
    for region in REGIONS:
        await scene.until(
            lambda there=region: _is_there(scene, there),  # type: ignore[misc]  # bound now
            f"The thread says that the image is in {region}.",
        )
    scene.check(all(region in str(card.blocks) for region in REGIONS), "The card names both regions.")
    sent = scene.cloud.ledger.of("StartTaskForDistributeImage")
    scene.check([call.status for call in sent[-1:]] == [200], "The copies were requested.")


def _state(scene: Scene) -> str:
    desktop = scene.cloud.instances.get(RUNNING_DESKTOP)
    return desktop.state if desktop else ""


def _is_there(scene: Scene, region: str) -> bool:
    return any("is in" in entry.text and region in entry.text for entry in scene.thread)


CREATE = "CreateImageByInstance"
POWER = frozenset({"StopDesktops", "StartDesktops"})
STORIES = (
    Story("stop-first", "A running desktop: stopped, imaged, started", stop_first),
    Story("two-regions", "An image copied to two more regions", two_regions),
)
