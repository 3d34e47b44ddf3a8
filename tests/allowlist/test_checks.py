"""What `check` finds in a file that can be used: what never counts, and names that nobody sends."""

from pathlib import Path

import pytest

from bot.allowlist import check

HEAD = """
policies:
  approver: {Version: "1", Statement: [{Effect: Allow, Action: "imagebot:Approve*", Resource: "*"}]}
"""
TAIL = "attachments:\n  - {usergroups: [S0OPS], policies: [approver]}\n"


def findings(folder: Path, *, policies: str = "", attachments: str = "", approvals: str = "") -> list[str]:
    """Return the findings about a file with these parts and a usergroup that may approve."""
    file = folder / "allowlist.yaml"
    file.write_text(f"{HEAD}{policies}{TAIL}{attachments}approvals: [{approvals}]\n")
    return [f"{finding.level} {finding.place}: {finding.message}" for finding in check(file)]


def statements(folder: Path, *written: str, others: str = "", attachments: str = "") -> list[str]:
    """The findings about one attached policy with these statements."""
    return findings(
        folder,
        policies=f'  p: {{Version: "1", Statement: [{", ".join(written)}]}}\n{others}',
        attachments=f"  - {{users: [U0A], policies: [p]}}\n{attachments}",
    )


WS_1 = "acs:appstreaming:*:*:instance/ws-1"
ALLOW = (
    '{Effect: Allow, Action: "imagebot:CancelImageRequest", Resource: "acs:appstreaming:*:*:instance/ws-1"}'
)


@pytest.mark.parametrize(
    "deny",
    [
        '{Effect: Deny, Action: "*", Resource: "*"}',
        '{Effect: Deny, Action: "ImageBot:*", Resource: "acs:appstreaming:*"}',
        (
            '{Effect: Deny, Action: ["imagebot:ReadRequests", "imagebot:CancelImageRequest"],'
            ' Resource: ["acs:appstreaming:*:*:instance/ws-9", "acs:appstreaming:*:*:instance/*"]}'
        ),
        f'{{Effect: Deny, Action: "imagebot:CancelImageRequest", Resource: "{WS_1}"}}',
    ],
)
def test_an_allow_behind_an_unconditional_deny_is_dead(tmp_path: Path, deny: str) -> None:
    assert statements(tmp_path, ALLOW, deny) == [
        "warning policies.p.Statement[0]: never allows anything: p.Statement[1] denies all of it"
    ]


@pytest.mark.parametrize(
    "deny",
    [
        '{Effect: Deny, Action: "imagebot:BypassApproval", Resource: "*"}',
        '{Effect: Deny, Action: "*", Resource: "acs:appstreaming:cn-1:*:instance/ws-1"}',
        '{Effect: Deny, Action: "imagebot:Cancel?mageRequest", Resource: "acs:appstreaming:??-*"}',
        '{Effect: Deny, NotAction: "imagebot:ReadRequests", Resource: "*"}',
        '{Effect: Deny, Action: "*", Resource: "*", Condition: {Bool: {"imagebot:StopFirst": "false"}}}',
    ],
)
def test_an_allow_that_may_still_count_is_not_called_dead(tmp_path: Path, deny: str) -> None:
    assert statements(tmp_path, ALLOW, deny) == []


def test_a_deny_for_everyone_kills_the_allows_of_other_policies(tmp_path: Path) -> None:
    others = '  wall: {Version: "1", Statement: {Effect: Deny, Action: "imagebot:C*", Resource: "*"}}\n'
    attachments = "  - {everyone: true, policies: [wall]}\n"

    assert statements(tmp_path, ALLOW, others=others, attachments=attachments) == [
        "warning policies.p.Statement[0]: never allows anything: wall.Statement[0] denies all of it"
    ]


def test_an_allow_of_all_but_some_actions_is_dead_only_if_everything_is_denied(tmp_path: Path) -> None:
    allow = '{Effect: Allow, NotAction: "imagebot:ReadRequests", Resource: "*"}'

    assert statements(tmp_path, allow, '{Effect: Deny, Action: "imagebot:C*", Resource: "*"}') == []
    assert len(statements(tmp_path, allow, '{Effect: Deny, Action: "*", Resource: "*"}')) == 1


def test_a_policy_that_nobody_has_is_pointed_out(tmp_path: Path) -> None:
    assert findings(tmp_path, policies=f'  p: {{Version: "1", Statement: [{ALLOW}]}}\n') == [
        "warning policies.p: is attached to nobody"
    ]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("{name: a}", '{name: b, when: {Bool: {"appstreaming:AutoCleanUserdata": "true"}}}'),
        ("{name: a}", "{name: b}"),
        (
            '{name: a, when: {Bool: {"appstreaming:AutoCleanUserdata": "true"}}}',
            '{name: b, when: {Bool: {"AppStreaming:autocleanuserdata": "true"}}}',
        ),
        (
            '{name: a, when: {StringEquals: {"appstreaming:ImageName": [x, z]}}}',
            '{name: b, when: {StringEquals: {"appstreaming:ImageName": x, "appstreaming:SubInstanceId": z}}}',
        ),
        (
            '{name: a, when: {StringNotEquals: {"appstreaming:ImageName": x}}}',
            '{name: b, when: {StringNotEquals: {"appstreaming:ImageName": [x, z]}}}',
        ),
    ],
)
def test_a_rule_behind_one_that_always_holds_with_it_is_shadowed(
    tmp_path: Path, earlier: str, later: str
) -> None:
    assert findings(tmp_path, approvals=f"{earlier}, {later}") == [
        "warning approvals[1]: never counts: a before it holds whenever it does"
    ]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ('{name: a, when: {Bool: {"appstreaming:AutoCleanUserdata": "true"}}}', "{name: b}"),
        (
            '{name: a, when: {Bool: {"appstreaming:AutoCleanUserdata": "true"}}}',
            '{name: b, when: {Bool: {"appstreaming:AutoCleanUserdata": "false"}}}',
        ),
        (
            '{name: a, when: {StringEquals: {"appstreaming:ImageName": x}}}',
            '{name: b, when: {StringEquals: {"appstreaming:ImageName": [x, z]}}}',
        ),
        (
            '{name: a, when: {StringNotEquals: {"appstreaming:ImageName": [x, z]}}}',
            '{name: b, when: {StringNotEquals: {"appstreaming:ImageName": x}}}',
        ),
    ],
)
def test_a_rule_that_may_be_reached_is_not_called_shadowed(tmp_path: Path, earlier: str, later: str) -> None:
    assert findings(tmp_path, approvals=f"{earlier}, {later}") == []


@pytest.mark.parametrize(
    "quorum",
    [
        "[{users: [U0A], count: 2}]",
        "[{users: [U0A]}, {users: [U0A]}]",
        "[{users: [U0A, U0B]}, {users: [U0A]}, {users: [U0B]}]",
    ],
)
def test_a_rule_that_names_too_few_people_can_never_reach_its_quorum(tmp_path: Path, quorum: str) -> None:
    assert findings(tmp_path, approvals=f"{{quorum: {quorum}}}") == [
        "error approvals[0]: can never reach its quorum: it names too few different people"
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "{quorum: []}",
        "{quorum: [{count: 3}]}",
        "{quorum: [{usergroups: [S0OPS], count: 9}, {users: [U0A]}]}",
        "{quorum: [{users: [U0A], usergroups: [S0OPS], count: 2}]}",
        "{quorum: [{users: [U0A], count: 2}], escalate: {after: 1h, users: [U0B]}}",
    ],
)
def test_a_rule_that_can_reach_its_quorum_is_fine(tmp_path: Path, rule: str) -> None:
    assert findings(tmp_path, approvals=rule) == []


def test_an_allowlist_in_which_nobody_may_approve_is_pointed_out(tmp_path: Path) -> None:
    file = tmp_path / "allowlist.yaml"
    file.write_text("attachments: [{everyone: true, policies: []}]\n")

    assert ["nothing can be approved" in finding.message for finding in check(file)] == [True]


def test_a_rule_whose_people_lack_the_right_to_approve_is_pointed_out(tmp_path: Path) -> None:
    file = tmp_path / "allowlist.yaml"
    people = "attachments: [{users: [U0A], policies: [approver]}]\napprovals: [{quorum: [{users: [U0B]}]}]\n"
    file.write_text(HEAD + people)

    assert [(finding.place, finding.is_error) for finding in check(file)] == [("approvals[0]", False)]
