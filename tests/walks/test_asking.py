"""What is asked about first, before a request is sent."""

import asyncio

import pytest

from tests.walks.walker import ALICE, SECONDS, WORKSTATION, Walker, buttons, request_in

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_second_request_for_one_machine_is_asked_about_first(walker: Walker) -> None:
    """One button shows the open one, the other asks all the same; pressed twice it's one request."""
    request = await walker.asks(ALICE, "--name mine")

    answer = await walker.types(ALICE, f"create {WORKSTATION} --name 'mine too'")

    assert f"You already have `{request}` open for this machine." in answer.text
    question = answer.messages[-1]
    assert [*buttons(question)] == ["command_run:0", "command_run:1"]

    before = len(walker.private(ALICE))
    alice = walker.stage.person(ALICE)
    await alice.click(question, "command_run:0")
    await walker.until(lambda: len(walker.private(ALICE)) == before + 1)
    assert request in str(walker.private(ALICE)[-1].blocks)

    await asyncio.gather(*(alice.click(question, "command_run:1") for _ in range(2)))
    await walker.until(lambda: len(walker.private(ALICE)) == before + 3)
    filed = {request_in(each.text) for each in walker.private(ALICE)[-2:]}
    assert len(filed) == 1
    assert filed != {request}


async def test_a_machine_is_asked_for_by_its_name(walker: Walker) -> None:
    """The answer and the card show its name with its ID, and its one session."""
    answer = await walker.types(ALICE, "create design-station --anyway")

    assert f"Machine: design-station (`{WORKSTATION}`)." in answer.text
    request = request_in(answer.text)
    await walker.until(lambda: walker.find(request))
    assert f"design-station\n`{WORKSTATION}`" in walker.drawn(request)
    assert "`p-0cc7s3n1l00001`" in walker.drawn(request)


async def test_what_no_machine_is_called_is_not_asked_for(walker: Walker) -> None:
    stored = await walker.stored()

    answer = await walker.types(ALICE, "create desing-station --anyway")

    assert "has no machine “desing-station”" in answer.text
    assert "design-station" in str(answer.messages[-1].blocks)
    assert await walker.stored() == stored


async def test_machines_can_be_listed(walker: Walker) -> None:
    answer = await walker.types(ALICE, "instances")

    assert "that you can request an image of" in answer.text
    assert "*design-station*" in answer.text


async def test_a_shown_request_links_to_its_card_and_a_link_shows_it(walker: Walker) -> None:
    """Who copies the card's link may give it instead of the ID."""
    request = await walker.asks(ALICE, "--name linked")
    card = walker.card(request)
    link = f"archives/{card.channel}/p{card.ts.replace('.', '')}"

    by_id = await walker.types(ALICE, f"show {request}")
    async with asyncio.timeout(SECONDS):  # Slack has the card a moment before the bot knows where
        while "Open the card" not in str(by_id.messages[-1].blocks):
            by_id = await walker.types(ALICE, f"show {request}")
    by_link = await walker.types(ALICE, f"show https://x.slack.com/{link}")

    assert f"{link}|Open the card" in str(by_id.messages[-1].blocks)
    assert f"{link}|Open the card" in str(by_link.messages[-1].blocks)
    assert buttons(by_id.messages[-1]) == ["request_cancel"]
