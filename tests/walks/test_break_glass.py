"""Without approval, for those who may: asked once more, told to all, reviewed later. And: why not?"""

import asyncio
import json
from dataclasses import replace

import pytest

from bot.playground.slack import Message
from tests.walks.walker import (
    ADMINS,
    ALICE,
    BOB,
    CAROL,
    LENA,
    SECURE,
    WORKSTATION,
    Walker,
    buttons,
    request_in,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def asked_first(walker: Walker, flags: str) -> Message:
    """Type the command as Lena, who may; what she alone is asked."""
    answer = await walker.types(
        LENA, f"create {WORKSTATION} --break-glass --reason 'the site is down' {flags}"
    )
    assert answer.messages[0].only_for == LENA
    return answer.messages[0]


async def test_emergency_access_is_asked_about_told_and_stays_open_until_it_is_signed_off(
    walker: Walker,
) -> None:
    """Nothing is filed before the second click; the alert goes to the rule's channel."""
    before = await walker.stored()
    question = await asked_first(walker, "--name guarded-fire")
    assert "without the approval that the rule “guarded” requires" in question.text
    assert question.blocks[-1]["elements"][0]["confirm"]["style"] == "danger"
    assert await walker.stored() == before

    lena, shown = walker.stage.person(LENA), len(walker.private(LENA))
    await asyncio.gather(*(lena.click(question, "request_break_glass") for _ in range(2)))
    await walker.until(lambda: len(walker.private(LENA)) == shown + 2)
    request = request_in(walker.private(LENA)[-1].text)
    assert {request_in(each.text) for each in walker.private(LENA)[shown:]} == {request}
    assert sorted(await walker.stored()) == sorted([*before, request])

    await walker.until(lambda: walker.find(request))
    assert walker.card(request).channel == SECURE
    alert = await walker.told(request, "bypassed")
    assert alert.broadcast
    assert "skipped approval" in alert.text
    assert ">the site is down" in alert.text
    assert not {"request_approve", "request_reject"} & set(buttons(walker.card(request)))

    await walker.ends(request, "available")
    assert "Review pending" in walker.drawn(request)
    assert "your own request" in await walker.clicks(LENA, request, "request_sign_off")
    assert "You don't have permission" in await walker.clicks("U0DAVE", request, "request_sign_off")
    assert "as reviewed" in await walker.clicks(BOB, request, "request_sign_off")
    await walker.until(lambda: f"Reviewed by <@{BOB}>" in walker.drawn(request))
    assert "request_sign_off" not in buttons(walker.card(request))
    assert f"<@{BOB}> reviewed" in (await walker.told(request, "signed_off")).text
    [image] = [each for each in walker.stage.cloud.images if each.name == "guarded-fire"]
    assert "nobody (emergency)" in image.description


@pytest.mark.parametrize(
    ("who", "typed", "said"),
    [
        (ALICE, "--break-glass --reason fire", "You don't have permission to skip approval in an emergency"),
        (LENA, "--break-glass", "This needs a reason: add `--reason"),
        (LENA, "--break-glass=maybe --reason fire", "This flag doesn't take `maybe`"),
        (LENA, f"--break-glass --reason {'x' * 3000}", "a button can hold"),
    ],
)
async def test_who_may_not_skip_approval_is_told_at_once(
    walker: Walker, who: str, typed: str, said: str
) -> None:
    """And no button is shown to press."""
    answer = await walker.types(who, f"create {WORKSTATION} {typed}")

    assert said in answer.text
    assert "request_break_glass" not in buttons(answer.messages[-1])


@pytest.mark.parametrize("value", ["", "create", f"create {WORKSTATION}", "list", "{}", "[" * 1900])
async def test_a_forged_value_of_a_private_button_files_nothing(walker: Walker, value: str) -> None:
    """What comes back through a client is read again, and authorized like any other command."""
    question = await asked_first(walker, "--name forged")
    stored = await walker.stored()

    for action_id in ("request_break_glass", "request_why"):
        forged = json.loads(json.dumps(question.blocks).replace("request_break_glass", action_id))
        forged[-1]["elements"][0]["value"] = value or " "
        shown, before = replace(question, blocks=tuple(forged)), len(walker.private(LENA))
        await walker.stage.person(LENA).click(shown, action_id)
        await walker.until(lambda count=before: len(walker.private(LENA)) > count)
        assert "can't read this button anymore" in walker.private(LENA)[-1].text

    assert await walker.stored() == stored


async def test_why_says_yes_with_the_rule_and_who_could_approve(walker: Walker) -> None:
    """By name, before anything is asked for."""
    stored = await walker.stored()
    said = (await walker.types(ALICE, f"why create {WORKSTATION} --name two-plans")).text

    assert "Yes, you can request images" in said
    assert "The rule “two-groups” requires 2 approvals" in said
    assert "Can approve: Bob Brown, Carol Clark, Erin Evans" in said
    assert "<@" not in said
    assert await walker.stored() == stored


async def test_why_says_no_with_the_condition_its_value_and_whom_to_ask(walker: Walker) -> None:
    """A Deny by its condition with the actual value; nothing else would help."""
    said = (await walker.types(ALICE, f"why {WORKSTATION} --name secret-plans")).text

    assert "`requester` Statement[2] (Deny) blocks this" in said
    assert "this rule blocks `appstreaming:ImageName` = `secret-plans`" in said
    assert "explicitly blocked" in said
    assert f"Ask the admins in <#{ADMINS}>" in said


async def test_why_names_the_policies_and_people_that_a_stranger_lacks(walker: Walker) -> None:
    """Carol approves; she may not ask, and is told who may."""
    said = (await walker.types(CAROL, f"why {WORKSTATION}")).text

    assert "No rule in the allowlist gives you this permission" in said
    assert "You'd need one of these policies: `requester`" in said
    assert "Alice Adams, Lena Lund" in said


async def test_a_denial_from_the_form_has_its_reason_there_and_its_button_beside(walker: Walker) -> None:
    """The form has no place for a button."""
    carol = walker.stage.person(CAROL)
    await walker.types(CAROL, "")
    await walker.until(lambda: carol.modal)

    await carol.pick("instance_id", WORKSTATION)
    refused = await carol.submit()

    assert "You don't have permission" in refused.errors["instance_id"]
    await walker.until(lambda: walker.private(CAROL) and "request_why" in buttons(walker.private(CAROL)[-1]))


async def test_whoami_names_groups_and_policies(walker: Walker) -> None:
    """As people call them."""
    said = (await walker.types(BOB, "whoami")).text

    assert "*Groups*: @operations" in said
    assert "`approver`" in said
