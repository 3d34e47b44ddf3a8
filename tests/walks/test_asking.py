"""What is asked about first, before a request is sent."""

import asyncio

import pytest

from tests.walks.walker import ALICE, WORKSTATION, Walker, buttons, request_in

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
