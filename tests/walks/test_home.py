"""App Home and what else begins without a command, on a stage with a running bot."""

import pytest

from bot.playground.slack.view import View
from tests.walks.walker import ALICE, BOB, DAVE, Walker, texts

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def home(walker: Walker, who: str, part: str) -> View:
    """Let a person open their Home; return it once a part of it is there."""
    person = walker.stage.person(who)
    await person.open_home()
    await walker.until(lambda: part in shown(walker, who))
    assert person.home is not None
    return person.home


def shown(walker: Walker, who: str) -> str:
    """Everything that stands on a person's Home now."""
    view = walker.stage.person(who).home
    return "\n".join(texts(view.blocks)) if view else ""


async def test_what_waits_for_me_is_approved_at_home_and_everybodys_home_follows(walker: Walker) -> None:
    """Without opening it again."""
    request = await walker.asks(ALICE, "--name at-home")
    await home(walker, ALICE, request)
    view = await home(walker, BOB, request)
    assert "My open requests" in shown(walker, ALICE)
    assert request in shown(walker, ALICE)
    assert "approve and reject requests" in shown(walker, BOB)

    await walker.stage.person(BOB).click(view, "request_approve", request)

    await walker.ends(request, "available")
    await walker.until(lambda: request not in shown(walker, BOB))
    await walker.until(lambda: "My images" in shown(walker, ALICE) and "img" in shown(walker, ALICE))
    assert "You have no open requests" in shown(walker, ALICE) or request not in shown(walker, ALICE)


async def test_rejecting_at_home_asks_for_the_reason(walker: Walker) -> None:
    """As on the card."""
    request = await walker.asks(ALICE, "--name no-thanks")
    bob, view = walker.stage.person(BOB), await home(walker, BOB, request)

    await bob.click(view, "request_reject", request)
    await walker.until(lambda: bob.modal)
    done = await bob.fill({"reason": "in use until Friday"}).submit()

    assert done.errors == {}
    await walker.ends(request, "rejected")


async def test_the_home_of_somebody_without_rights_says_so_and_breaks_nothing(walker: Walker) -> None:
    """With the button that opens the form."""
    dave, view = walker.stage.person(DAVE), await home(walker, DAVE, "What I can do")
    assert "You can't request or approve images yet" in shown(walker, DAVE)

    await dave.click(view, "form_open")
    await walker.until(lambda: dave.modal)
    await dave.close()


async def test_the_message_shortcut_finds_the_machine_that_a_message_speaks_of(walker: Walker) -> None:
    """By its ID or by its name; the text is the reason."""
    alice = walker.stage.person(ALICE)
    for text, machine in (
        ("please image ws-0buj1s9gm000002 before Friday", "ws-0buj1s9gm000002"),
        ("the finance-desktop needs a new image", "ecd-7w78ozhjcwa3u0001"),
    ):
        said = await alice.say("C0ROOM01", text)
        await alice.shortcut("image_create_from_message", said)
        await walker.until(lambda: alice.modal)
        assert alice.modal is not None
        chosen = alice.modal.values["instance_id"]["value"]["selected_option"]
        assert (chosen["value"], alice.modal.values["reason"]["value"]["value"]) == (machine, text)
        await alice.close()


async def test_what_was_chosen_at_home_is_kept_and_done(walker: Walker) -> None:
    """A direct message when a request is decided, one when it is done, and Bob's when one waits for him."""
    alice, bob = walker.stage.person(ALICE), walker.stage.person(BOB)
    view = await home(walker, ALICE, "Notifications")
    await alice.change(view, "choice_told", ["decided", "done"])
    await bob.click(await home(walker, BOB, "Notifications"), "choice_waiting", "each")

    request = await walker.asks(ALICE, "--name chosen")
    await walker.until(
        lambda: any("waiting for your approval" in each.text for each in bob.direct_messages())
    )
    waits = next(each for each in bob.direct_messages() if request in each.text)
    await bob.click(waits, "request_approve")

    await walker.ends(request, "available")
    await walker.until(lambda: sum(request in each.text for each in alice.direct_messages()) >= 1)
