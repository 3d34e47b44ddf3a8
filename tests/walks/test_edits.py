"""The allowlist is edited, or Slack changes, while requests wait: rights follow at once, both ways."""

import pytest

from tests.walks.conftest import RULES
from tests.walks.walker import ADMINS, ALICE, BOB, CAROL, ERIN, LATER, LENA, Walker

pytestmark = pytest.mark.asyncio(loop_scope="module")

APPROVERS = "{usergroups: [S0OPS, S0SEC], policies: [approver]}"


async def edited(editor: Walker, before: str, after: str) -> None:
    """Edit the rules, and wait until the bot has taken them."""
    assert before in RULES
    assert await editor.stage.save_allowlist(RULES.replace(before, after))


async def test_an_approver_who_loses_the_right_before_the_cloud_is_asked_no_longer_counts(
    editor: Walker,
) -> None:
    """The request waits again, and the thread says so; then it is approved by somebody who may."""
    request, calls = await editor.asks(ALICE, f"{LATER} --name reopened"), editor.calls()
    await editor.clicks(BOB, request, "request_approve")
    await editor.ends(request, "approved")

    await edited(editor, APPROVERS, "{usergroups: [S0SEC], policies: [approver]}")

    entry = await editor.told(request, "reopened")
    assert "An approver lost their permission" in entry.text
    assert editor.calls() == calls
    await editor.ends(request, "pending")
    await editor.clicks(CAROL, request, "request_approve")
    await editor.ends(request, "available")
    await editor.stage.save_allowlist(RULES)


async def test_a_requester_who_loses_the_right_gets_nothing_and_is_told_why(editor: Walker) -> None:
    """Approved in good time, and cancelled all the same."""
    request, calls = await editor.asks(ALICE, f"{LATER} --name lost"), editor.calls()
    await editor.clicks(BOB, request, "request_approve")
    await editor.ends(request, "approved")

    await edited(
        editor,
        "{users: [U0ALICE, U0LENA], policies: [requester]}",
        "{users: [U0LENA], policies: [requester]}",
    )

    await editor.ends(request, "cancelled")
    entry = await editor.told(request, "cancelled")
    assert "lost permission to make this image" in entry.text
    assert editor.calls() == calls
    await editor.stage.save_allowlist(RULES)


async def test_who_gets_the_right_may_use_it_at_once(editor: Walker) -> None:
    """Refused before the edit, an approver after it."""
    request = await editor.asks(ALICE, "--name soon-daves")
    assert "You don't have permission" in await editor.clicks("U0DAVE", request, "request_approve")

    await edited(editor, APPROVERS, f"{APPROVERS}\n  - {{users: [U0DAVE], policies: [approver]}}")

    await editor.clicks("U0DAVE", request, "request_approve")
    await editor.ends(request, "available")
    await editor.stage.save_allowlist(RULES)


async def test_a_broken_edit_is_told_to_the_admins_with_its_lines_and_so_is_the_repair(
    editor: Walker,
) -> None:
    """The rules before it stay in force, and nobody is pinged."""

    def told(sentence: str) -> list[str]:
        """Return what the admins were told with this sentence in it."""
        return [each.text for each in editor.stage.slack.messages(ADMINS) if sentence in each.text]

    broken = RULES.replace("Effect: Deny", "Effect: Refuse").replace(
        "S0OPS]}, ", "S0OPS], colour: '<!channel>'}, "
    )
    assert not await editor.stage.save_allowlist(broken)

    await editor.until(lambda: told("rules from before the edit stay in force"))
    (post,) = told("rules from before the edit stay in force")
    assert f"line {broken.splitlines().index('      - Effect: Refuse') + 1}" in post
    assert "<!" not in post
    assert "Yes, you can request images" in (await editor.types(ALICE, "why ws-0buj1s9gm000001")).text

    assert await editor.stage.save_allowlist(RULES)
    await editor.until(lambda: len(told("The allowlist is in use, but")) == 2)  # as before: one name is odd


async def test_on_a_plan_without_usergroups_the_files_own_groups_do(editor: Walker) -> None:
    """Slack's groups are empty then; named ones decide, fill places and are named on the card."""
    editor.stage.slack.admin.set_paid_plan(paid=False)
    when = "{StringLike: {'appstreaming:ImageName': plan*}}"
    rule = f"  - {{name: by-name, when: {when}, quorum: [{{groups: [leads]}}]}}\n"
    named = RULES.replace("approvals:\n", f"approvals:\n{rule}").replace("S0OPS", "S0FEW")
    assert await editor.stage.save_allowlist(named.replace("S0SEC", "S0FEWER"))

    request = await editor.asks(ALICE, "--name plan-b")
    assert "1 approval* from leads" in editor.drawn(request)
    assert "You don't have permission" in await editor.clicks(ERIN, request, "request_approve")
    assert "Lena Lund" in (await editor.types(ALICE, f"approvers {request}")).text
    await editor.clicks(LENA, request, "request_approve")
    await editor.ends(request, "available")

    editor.stage.slack.admin.set_paid_plan(paid=True)
    await editor.stage.save_allowlist(RULES)
