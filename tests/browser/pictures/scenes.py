"""What is photographed: chapters of scenes, played on a stage where everybody reads one language."""

from playwright.async_api import Page

from bot.playground.cast import ALICE, BOB, CAROL, DAVE, DESKTOP, IMAGES, WORKSTATION
from bot.playground.cloud import Kind
from bot.playground.stories.scene import Scene
from tests.browser.pictures.album import WIDE, Album, Prepare

CREATE = "CreateImageByInstance"
RUNNING = "ecd-7w78ozhjcwa3u0002"
REASONS = {
    "en": (
        "the new compiler for everybody",
        "that workstation is replaced tomorrow",
        "for the new colleague",
    ),
    "zh-CN": ("为所有人安装新的编译器", "这台工作站明天更换", "给新同事使用"),
}


async def requested(album: Album, flags: str = "--name build-tools", machine: str = WORKSTATION) -> Scene:
    """Let Alice ask for an image."""
    scene, reason = Scene(album.stage, lambda _: None), REASONS[album.language][0]
    await scene.types(ALICE, f'/image create {machine} {flags} --reason "{reason}" --anyway')
    await scene.status_is("pending")
    await scene.until(lambda: "Windows" in str(scene.card.blocks), "The card says what the machine is.")
    return scene


async def as_high_as_its_posts(page: Page) -> None:
    """Leave out the empty rest of the thread's column."""
    await page.locator(".side .scroll").evaluate("column => { column.style.flex = 'none' }")


async def good_end(album: Album) -> None:
    """Pending, creating, available with copies, the thread, and the whole window."""
    clock = album.stage.cloud.clock
    scene = await requested(album, "--name build-tools --distribute cn-beijing")
    await album.card("pending", scene, BOB)
    clock.speed = 2.0
    await scene.presses(BOB, "request_approve")
    await scene.until(lambda: "░" in str(scene.card.blocks), "The card shows progress.")
    clock.speed = 0.0
    await album.card("creating", scene, BOB)
    clock.speed = 60.0
    await scene.available()
    await album.card("available", scene, ALICE)
    thread = f"?as={BOB}&in={IMAGES}&thread={scene.card.ts}"
    await album.take("thread", thread, ".side .scroll", prepare=as_high_as_its_posts)
    await album.take("window", f"{thread}&tab=cloud", "body", sizes=WIDE)


async def warnings(album: Album) -> None:
    """A running machine, one to be stopped, an unknown one; and skipped approval."""
    album.stage.cloud.instances.set_state(RUNNING, "RUNNING")
    await album.card("running", await requested(album, "--name support", RUNNING), BOB)
    await album.card("stop-first", await requested(album, "--name support --stop-first", RUNNING), BOB)
    reason = REASONS[album.language][0]
    asked = await album.stage.person(BOB).command(
        "/image", f"create {WORKSTATION} --name urgent --break-glass --anyway --reason '{reason}'", IMAGES
    )
    question = f'[data-where="{IMAGES}/{asked.messages[-1].ts}"]'
    await album.take("emergency-ask", f"?as={BOB}&in={IMAGES}", question)
    scene = Scene(album.stage, lambda _: None)
    await scene.presses(BOB, "request_break_glass", asked.messages[-1])
    await scene.available()
    await album.card("emergency", scene, CAROL)


async def two_approvals(album: Album) -> None:
    """Leaving out user profiles: half approved, and what is asked before the click counts."""
    flags = f'--clean-userdata --name onboarding --reason "{REASONS[album.language][2]}"'
    scene = Scene(album.stage, lambda _: None)
    await scene.types(ALICE, f"/image create {DESKTOP} {flags}")
    await scene.status_is("pending")
    await scene.presses(CAROL, "request_approve")
    await scene.until(lambda: f"<@{CAROL}>" in str(scene.card.blocks), "The card names who approved.")
    await album.card("two-approvals", scene, BOB)
    press = f'[data-where="{IMAGES}/{scene.card.ts}"] [data-action=request_approve]'
    await album.take("confirm-approve", f"?as={BOB}&in={IMAGES}", "#confirm", clicking(press))


async def other_ends(album: Album) -> None:
    """In line, rejected, cancelled, failed and expired."""
    cloud = album.stage.cloud
    scene = await requested(album)
    await scene.presses(BOB, "request_reject")
    await scene.form(BOB)
    await album.take("form-reject", f"?as={BOB}&in={IMAGES}", "#modal")
    await scene.submits(BOB, {"reason": REASONS[album.language][1]})
    await scene.ends("rejected")
    await album.card("rejected", scene, ALICE)
    scene = await requested(album)
    await scene.presses(ALICE, "request_cancel")
    await scene.ends("cancelled")
    await album.card("cancelled", scene, ALICE)
    cloud.faults.add(Kind.CREATION_FAILS, CREATE)
    scene = await requested(album)
    await scene.presses(BOB, "request_approve")
    await scene.ends("failed")
    await album.card("failed", scene, ALICE)
    async with scene.rules(("approvals:\n", "approvals:\n  - {name: quick, expires: 3s}\n")):
        scene = await requested(album)
        await scene.ends("expired")
    await album.card("expired", scene, ALICE)
    cloud.images.slots = 0
    scene = await requested(album, "--name build-tools --at 4h")
    await scene.presses(BOB, "request_approve")
    await scene.status_is("approved")
    await album.card("approved", scene, BOB)


async def forms(album: Album) -> None:
    """The form for a workstation, for a desktop, with every option, and with a mistake."""
    place = f"?as={ALICE}&in={IMAGES}"
    for name, prepare in (
        ("form-workstation", form_of("design")),
        ("form-desktop", form_of("support")),
        ("form-more", form_of("finance", "[data-action=form_more]")),
        ("form-mistake", mistaken_form),
    ):
        await album.take(name, place, "#modal", prepare)
        await album.stage.person(ALICE).close()


async def homes(album: Album) -> None:
    """The Homes of an approver, a requester and somebody without permissions; and direct messages."""
    for who in (BOB, ALICE):
        await album.stage.person(who).open_home()
    await requested(album, "--name compiler-cache")
    for name, who in (("home-approver", BOB), ("home-requester", ALICE), ("home-nobody", DAVE)):
        await album.take(name, f"?as={who}&in=home", ".home")
    home = album.stage.person(BOB).home
    assert home is not None
    await album.stage.person(BOB).click(home, "choice_waiting", "each")
    await requested(album, "--name toolchain")
    bob = album.stage.person(BOB)
    await album.stage.slack.until(lambda _: any("toolchain" in each.text for each in bob.direct_messages()))
    told = bob.direct_messages()[-1]
    await album.take(
        "direct-waits", f"?as={BOB}&in={told.channel}", f'[data-where="{told.channel}/{told.ts}"]'
    )


async def answers(album: Album) -> None:
    """Private answers."""
    await album.answer("list", ALICE, "list")
    await album.answer("instances", ALICE, "instances")
    await album.answer("images", ALICE, "images")
    await album.answer("whoami", BOB, "whoami")
    await album.answer("help", ALICE, "help")
    await album.answer("help-create", ALICE, "help create")
    await album.answer("choose-machine", ALICE, "create desktop")
    await album.answer("no-machine", ALICE, "create desing-station")
    await album.answer("twin", ALICE, f"create {WORKSTATION} --name again")
    await album.answer("denied", DAVE, f"create {WORKSTATION} --name mine")
    await album.answer("why", ALICE, "why create ws-secret1 --name hidden")
    await album.answer("mistake", ALICE, "creat design-station")
    album.stage.cloud.images.slots = 5
    scene = await requested(album, "--name last-one")
    request_id = str((scene.card.metadata or {})["event_payload"]["request_id"])
    await album.answer("history", ALICE, f"history {request_id}")
    await album.answer("why-request", ALICE, f"why {request_id}")
    await album.answer("approvers", ALICE, f"approvers {request_id}")
    await album.answer("copy", ALICE, f"copy {request_id}")


CHAPTERS = {
    "cards": (good_end, warnings, two_approvals, other_ends),
    "forms": (forms,),
    "home": (homes,),
    "answers": (answers,),
}


def form_of(machine: str, then: str = "") -> Prepare:
    """Return a step that opens the form, chooses a machine, then presses something in it."""

    async def open_form(page: Page) -> None:
        await opened(page)
        await page.locator("[data-block=instance_id] input").fill(machine)
        await page.locator("[data-block=instance_id] li").first.click()
        await page.locator("#modal .context").first.wait_for()
        if then:
            await page.locator(f"#modal {then}").click()
            await page.locator("[data-block=tags]").wait_for()

    return open_form


async def mistaken_form(page: Page) -> None:
    """Send the form with a machine that doesn't exist."""
    await opened(page)
    await page.locator("[data-block=instance_id] input").fill("desing-station")
    await page.locator("[data-block=instance_id] li").first.click()
    await page.locator("#modal [type=submit]").click()
    await page.locator("#modal .error").first.wait_for()


async def opened(page: Page) -> None:
    """Open the form with the command, over any that is open."""
    await page.keyboard.press("Escape")
    await page.locator("#modal form").wait_for(state="detached")
    await page.locator("#compose").fill("/image ")
    await page.keyboard.press("Escape")
    await page.locator("#compose").press("Enter")
    await page.locator("[data-block=instance_id] input").wait_for()


def clicking(selector: str) -> Prepare:
    """Return a step that presses something."""

    async def click(page: Page) -> None:
        await page.locator(selector).click()

    return click
