"""The allowlist as a value: who has which policies, and what they decide."""

from pathlib import Path

import pytest

from bot.allowlist import Allowlist, AllowlistBroken, load
from bot.policy import AccessRequest, Verdict

EXAMPLE = Path(__file__).parents[1] / "data/policy/allowlist.yaml"
CREATE, APPROVE = "appstreaming:CreateImageByInstance", "imagebot:ApproveImageRequest"
NONE, OPS = frozenset[str](), frozenset({"S0OPS"})


def written(folder: Path, text: str) -> Allowlist:
    """The allowlist of a file with this text."""
    (folder / "allowlist.yaml").write_text(text)
    return load(folder / "allowlist.yaml")


@pytest.mark.parametrize(
    ("user", "usergroups", "action", "disk", "verdict"),
    [
        ("U0ALICE", NONE, CREATE, "SYSTEM", Verdict.ALLOW),
        ("U0ALICE", NONE, CREATE, "ALL", Verdict.EXPLICIT_DENY),
        ("U0ALICE", NONE, APPROVE, "ALL", Verdict.IMPLICIT_DENY),
        ("U0ALICE", OPS, APPROVE, "ALL", Verdict.ALLOW),
        ("U0EVE", NONE, CREATE, "SYSTEM", Verdict.IMPLICIT_DENY),
        ("U0EVE", OPS, APPROVE, "SYSTEM", Verdict.ALLOW),
    ],
)
def test_a_person_has_the_union_of_what_is_attached_to_them_and_their_groups(
    user: str, usergroups: frozenset[str], action: str, disk: str, verdict: Verdict
) -> None:
    ask = AccessRequest(action, "*", {"appstreaming:DiskType": disk})
    allowlist = load(EXAMPLE)

    assert allowlist.decide(user, usergroups, ask).verdict is verdict
    assert allowlist.explain(user, usergroups, ask).decision == allowlist.decide(user, usergroups, ask)


def test_every_usergroup_of_the_file_is_known_so_that_its_members_can_be_fetched() -> None:
    assert load(EXAMPLE).usergroups == {"S0OPS", "S0SEC"}


def test_an_empty_allowlist_allows_nobody_anything() -> None:
    assert Allowlist().decide("U0ALICE", OPS, AccessRequest(CREATE, "*")).verdict is Verdict.IMPLICIT_DENY


def test_a_named_group_of_the_file_stands_wherever_a_usergroup_does(tmp_path: Path) -> None:
    allowlist = written(
        tmp_path,
        """
        groups: {leads: [U0LEAD]}
        policies: {p: {Version: "1", Statement: [{Effect: Allow, Action: "x:Do", Resource: "*"}]}}
        attachments: [{groups: [leads], policies: [p]}]
        approvals: [{name: all, quorum: [{groups: [leads]}]}]
        """,
    )

    assert allowlist.decide("U0LEAD", NONE, AccessRequest("x:Do", "*")).allowed
    assert not allowlist.decide("U0EVE", frozenset({"S0X"}), AccessRequest("x:Do", "*")).allowed
    assert allowlist.rules[0].quorum[0].takes("U0LEAD", allowlist.memberships("U0LEAD", NONE))


def test_a_missing_file_is_broken_and_says_so(tmp_path: Path) -> None:
    with pytest.raises(AllowlistBroken, match="there is no such file"):
        load(tmp_path / "allowlist.yaml")


def test_everyone_means_members(tmp_path: Path) -> None:
    file = tmp_path / "allowlist.yaml"
    allow = '{Version: "1", Statement: {Effect: Allow, Action: "*", Resource: "*"}}'
    file.write_text(
        f"policies: {{a: {allow}, b: {allow}}}\n"
        "attachments: [{everyone: true, policies: [a]}, {users: [U0GUEST], policies: [b]}]\n"
    )
    allowlist, none = load(file), frozenset[str]()
    ask = AccessRequest("x:Do", "*")

    assert allowlist.policies_of("U0GUEST", none) == ("a", "b")
    assert allowlist.policies_of("U0GUEST", none, member=False) == ("b",)
    assert allowlist.decide("U0OTHER", none, ask).allowed
    assert not allowlist.decide("U0OTHER", none, ask, member=False).allowed
    assert allowlist.explain("U0OTHER", none, ask, member=False).statements == ()
