"""The form, as people use it: a machine by name, what it asks then, and what becomes of it."""

import asyncio

import pytest

from tests.walks.walker import ALICE, BOB, CAROL, SECONDS, Walker, buttons, request_in

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def opened(walker: Walker, who: str) -> None:
    """Let a person open the form."""
    person = walker.stage.person(who)
    await walker.types(who, "")
    await walker.until(lambda: person.modal)


async def chosen(walker: Walker, who: str, machine: str, field: str) -> None:
    """Let a person search for a machine and take the first; wait until the form asks for a field.

    The first search may be answered before the machines are listed: people type on then.
    """
    person = walker.stage.person(who)
    async with asyncio.timeout(SECONDS):
        while " · " not in str(await person.suggest(person.top(), "value", machine)):
            pass
    await person.pick("instance_id", machine)
    await walker.until(lambda: field in fields(walker, who))


def fields(walker: Walker, who: str) -> dict[str, dict[str, object]]:
    """The fields of the form before a person, with what stands in them."""
    modal = walker.stage.person(who).modal
    assert modal is not None
    return {name: modal.values[name]["value"] for name in modal.values if "value" in modal.values[name]}


async def sent(walker: Walker, who: str) -> str:
    """Let a person send the form; return the request's id once its card is there."""
    before = len(walker.private(who))
    done = await walker.stage.person(who).submit()
    assert done.errors == {}
    await walker.until(lambda: len(walker.private(who)) > before)
    request_id = request_in(walker.private(who)[-1].text)
    await walker.until(lambda: walker.find(request_id))
    return request_id


async def test_a_machine_is_found_by_name_and_the_form_follows_it(walker: Walker) -> None:
    """Its session is filled in, its name becomes the image's, and the request is about its ID."""
    alice = walker.stage.person(ALICE)
    await opened(walker, ALICE)

    await chosen(walker, ALICE, "design", "image_name")
    await walker.until(lambda: "design-station-" in str(fields(walker, ALICE).get("image_name")))
    assert alice.modal is not None
    assert "Workstation · Windows · stopped" in str(alice.modal.blocks)
    assert "Needs approval from one approver. Expires after 24 hours." in str(alice.modal.blocks)

    done = await alice.fill({"reason": "new build"}).submit()
    assert done.errors == {}
    await walker.until(lambda: walker.private(ALICE))
    request = request_in(walker.private(ALICE)[-1].text)
    await walker.until(lambda: walker.find(request))
    assert "p-0cc7s3n1l00001" in walker.drawn(request)
    assert "design-station-" in walker.drawn(request)


async def test_what_was_typed_is_kept_when_the_machine_changes_and_the_name_follows(walker: Walker) -> None:
    """Only a name of the person's own stays."""
    alice = walker.stage.person(ALICE)
    await opened(walker, ALICE)
    await chosen(walker, ALICE, "render", "sub_instance_id")
    alice.fill({"reason": "mine", "stop_first": ["true"]})

    await chosen(walker, ALICE, "finance", "auto_clean_userdata")
    await walker.until(lambda: "finance-desktop-" in str(fields(walker, ALICE).get("image_name")))
    assert fields(walker, ALICE)["reason"]["value"] == "mine"

    alice.fill({"image_name": "my own"})
    await chosen(walker, ALICE, "design", "regions")
    await walker.until(lambda: "auto_clean_userdata" not in fields(walker, ALICE))
    assert fields(walker, ALICE)["image_name"]["value"] == "my own"
    await alice.close()


async def test_what_does_not_exist_is_not_asked_for(walker: Walker) -> None:
    """A private refusal with the nearest name; no card, and the form stays open."""
    alice, before = walker.stage.person(ALICE), await walker.stored()
    await opened(walker, ALICE)

    await alice.pick("instance_id", "design-statoin")
    refused = await alice.submit()

    assert "Did you mean design-station (ws-0buj1s9gm000001)?" in refused.errors["instance_id"]
    assert await walker.stored() == before
    await alice.close()


async def test_who_may_ask_for_nothing_is_told_so_in_the_list(walker: Walker) -> None:
    """And in a sentence when they ask all the same."""
    carol = walker.stage.person(CAROL)
    await opened(walker, CAROL)
    assert carol.modal is not None

    [told] = await carol.suggest(carol.modal, "value", "")
    await carol.pick("instance_id", "design-station")
    refused = await carol.submit()

    assert "don't have permission" in str(told["text"])
    assert "You don't have permission" in refused.errors["instance_id"]
    await walker.until(lambda: any("request_why" in buttons(each) for each in walker.private(CAROL)))
    await carol.close()


async def test_a_second_request_for_a_machine_is_asked_about_and_goes_when_it_is_sent_again(
    walker: Walker,
) -> None:
    """The form stays open with all that was typed, and says which request is open."""
    alice = walker.stage.person(ALICE)
    first = await walker.asks(ALICE)
    before = await walker.stored()
    await opened(walker, ALICE)
    await chosen(walker, ALICE, "design", "image_name")

    await alice.fill({"reason": "another build"}).submit()
    assert alice.modal is not None
    assert first in str(alice.modal.blocks)
    assert fields(walker, ALICE)["reason"]["value"] == "another build"
    assert await walker.stored() == before

    done = await alice.submit()
    assert done.errors == {}
    assert len(await walker.stored()) == len(before) + 1


POWER_AND_IMAGE = ("StopDesktops", "CreateImageByInstance", "StartDesktops")


async def test_a_machine_is_stopped_imaged_started_and_its_image_copied_as_the_form_says(
    walker: Walker,
) -> None:
    """Regions are chosen by name; the next one like it has the next name, and a link to the one before."""
    alice, cloud = walker.stage.person(ALICE), walker.stage.cloud
    cloud.instances.seconds = 0.3
    await opened(walker, ALICE)
    await chosen(walker, ALICE, "support", "stop_first")
    await walker.until(lambda: "support-desktop-" in str(fields(walker, ALICE).get("image_name")))
    assert alice.modal is not None
    assert "China (Beijing) · cn-beijing" in str(alice.modal.blocks)
    asked_for = {
        "image_name": "support-tools",
        "stop_first": ["true"],
        "regions": ["cn-beijing", "us-west-1"],
    }
    alice.fill(asked_for)
    first = await sent(walker, ALICE)
    await walker.until(lambda: "Connected: sam.support." in walker.drawn(first))

    await walker.clicks(BOB, first, "request_approve")
    await walker.ends(first, "available")
    await walker.until(lambda: "Also copied to :white_check_mark: `cn-beijing`" in walker.drawn(first))
    await walker.until(lambda: ":white_check_mark: `us-west-1`" in walker.drawn(first))
    told = {"stopping", "stopped", "creating", "available", "starting", "started", "distributed"}
    await walker.until(lambda: told <= set(walker.thread(first)))
    assert [call.operation for call in cloud.ledger if call.operation in POWER_AND_IMAGE] == [
        *POWER_AND_IMAGE
    ]

    await walker.types(ALICE, f"again {first}")
    await walker.until(lambda: alice.modal)
    assert fields(walker, ALICE)["image_name"]["value"] == "support-tools-2"
    second = await sent(walker, ALICE)
    card = walker.card(first)
    link = f"/archives/{card.channel}/p{card.ts.replace('.', '')}|{first}>"
    await walker.until(lambda: link in walker.drawn(second))
