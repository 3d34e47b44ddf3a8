"""Stories about permissions: denied, approved by two, rejected, expired, and a permission taken away."""

from bot.playground.cast import ALICE, BOB, CAROL, DAVE, DESKTOP, WORKSTATION
from bot.playground.stories.scene import Scene
from bot.playground.stories.story import Story

CREATE = "CreateImageByInstance"


async def denied(scene: Scene) -> None:
    """Somebody without permissions is told so, and why; the channel and the cloud notice nothing."""
    calls, cards = len(scene.cloud.ledger.of(CREATE)), len(scene.cards)
    await scene.types(DAVE, f"/image create {WORKSTATION} --name mine")
    await scene.hears(DAVE, "permission", "Dave learns that he isn't allowed to request images.")
    await scene.types(ALICE, "/image why ws-secret1 --name hidden")
    await scene.hears(ALICE, "image-requester", "Alice learns which statement would deny her.")
    scene.check(len(scene.cards) == cards, "There's no card in the channel.")
    scene.check(len(scene.cloud.ledger.of(CREATE)) == calls, "Alibaba Cloud wasn't called.")


async def two_approvals(scene: Scene) -> None:
    """Removing user data needs somebody from operations and somebody from security."""
    await scene.types(ALICE, f'/image create {DESKTOP} --clean-userdata --reason "for the new colleague"')
    await scene.status_is("pending")
    await scene.presses(BOB, "request_approve")
    await scene.hears(BOB, "1 of 2", "One approval isn't enough.")
    await scene.presses(BOB, "request_approve")
    await scene.hears(BOB, "already", "Bob can't approve twice.")
    await scene.presses(CAROL, "request_approve")
    card = await scene.available()
    scene.check(f"<@{BOB}>" in str(card.blocks) and f"<@{CAROL}>" in str(card.blocks), "The card names both.")


async def rejected(scene: Scene) -> None:
    """Rejecting takes a reason, and everybody sees it."""
    reason = "that workstation is renewed tomorrow"
    calls = len(scene.cloud.ledger.of(CREATE))
    await scene.types(ALICE, f"/image create {WORKSTATION} --name too-early")
    await scene.status_is("pending")
    await scene.presses(BOB, "request_reject")
    outcome = await scene.submits(BOB, {"reason": reason})
    scene.check(outcome.outcome == "closed", "The form closes.")
    await scene.ends("rejected")
    scene.check(any(reason in message.text for message in scene.thread), "The reason is in the thread.")
    scene.check(len(scene.cloud.ledger.of(CREATE)) == calls, "Alibaba Cloud wasn't called.")


async def expired(scene: Scene) -> None:
    """A request that nobody approves in time ends on its own, and a late click is told so."""
    scene.sets("The allowlist is edited: a request expires after two seconds.")
    async with scene.rules(("approvals:\n", "approvals:\n  - {name: quick, expires: 2s}\n")):
        await scene.types(ALICE, f"/image create {WORKSTATION} --name forgotten")
        early = await scene.card_appears()
        await scene.ends("expired")
        await scene.presses(BOB, "request_approve", early)
        await scene.hears(BOB, "expired", "Bob is too late, and learns that the request has expired.")


async def rights_lost(scene: Scene) -> None:
    """Permissions are checked again before the cloud is called: what counts is what the file says then."""
    calls = len(scene.cloud.ledger.of(CREATE))
    await scene.types(ALICE, f"/image create {WORKSTATION} --name still-allowed")
    await scene.status_is("pending")
    scene.sets("An admin removes Alice from the allowlist while her request is waiting.")
    async with scene.rules(("[U0ALICE, U0MEI]", "[U0MEI]")):
        await scene.presses(BOB, "request_approve")
        await scene.ends("cancelled")
        scene.check(len(scene.cloud.ledger.of(CREATE)) == calls, "Alibaba Cloud wasn't called.")
        await scene.types(ALICE, f"/image create {WORKSTATION} --name again")
        await scene.hears(ALICE, "permission", "The next answer already goes by the new file.")


STORIES = (
    Story("denied", "Denied, and why", denied),
    Story("two-approvals", "Two approvals, from two groups", two_approvals),
    Story("rejected", "Rejected with a reason", rejected),
    Story("expired", "Nobody approved in time", expired),
    Story("rights-lost", "The allowlist is edited while a request is waiting", rights_lost),
)
