"""The file as people write it, also with bad intentions: one clear finding each, never a wide-open rule."""

import json
from pathlib import Path

import pytest

from bot.allowlist import Allowlist, AllowlistBroken, check, load
from bot.domain.approvals import DAY, DEFAULT_RULE, Escalation, Ping, QuorumSlot, Rule
from bot.policy import AccessRequest, Finding

STATEMENT = '{Effect: Allow, Action: "x:Do", Resource: "*"}'
POLICY = f'{{Version: "1", Statement: [{STATEMENT}]}}'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the allowlist goes."""
    return tmp_path / "allowlist.yaml"


def errors(file: Path, content: str | bytes) -> list[Finding]:
    """The errors of a file with this content; there must be some."""
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(AllowlistBroken) as broken:
        load(file)
    return [finding for finding in broken.value.findings if finding.is_error]


def loaded(file: Path, content: str) -> Allowlist:
    """The allowlist of a file with this content."""
    file.write_text(content)
    return load(file)


def rule(file: Path, written: str) -> Rule:
    """The one approval rule that is written so."""
    return loaded(file, f"approvals: [{written}]").rules[0]


HOSTILE = {
    "empty": (b"", "is empty"),
    "nothing but a comment": (b"# nothing\n", "is empty"),
    "a list": (b"[]", "must be a mapping, not a list"),
    "a text": (b"allow everything", "must be a mapping, not allow everything"),
    "larger than read": (b"# " + b"x" * 10_000_000, "is larger than 8 MiB"),
    "a deep list": (b"policies: " + b"[" * 100_000, "is nested deeper than 24 levels"),
    "a deep mapping": (b"policies: " + b"{a: " * 100_000, "is nested deeper than 24 levels"),
    "deep by indentation": (
        b"\n".join(b" " * depth + b"a:" for depth in range(2000)),
        "is nested deeper than 24 levels",
    ),
    "too many values": (b"attachments: [" + b"x," * 700_000 + b"]", "holds too many values"),
    "wrong all over": (b"attachments: [" + b"x," * 100_000 + b"]", "must be a mapping, not x"),
    "aliases": (b"groups: &a {x: [U0A]}\npolicies: *a\n", "aliases (*a) are not read"),
    "a bomb of aliases": (
        b"a: &a [x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nd: [*c,*c,*c,*c]\n",
        "aliases (*a) are not read",
    ),
    "an alias to itself": (b"a: &a [*a]\n", "aliases (*a) are not read"),
    "a Python object": (b"policies: !!python/object/apply:os.system ['true']\n", "tags (tag:yaml.org"),
    "a binary": (b"policies: !!binary aGk=\n", "tags (tag:yaml.org,2002:binary) are not read"),
    "a second document": (b"groups: {}\n---\npolicies: {}\n", "holds a second document"),
    "a list as a key": (b"? [a]\n: b\n", "a key must be plain text"),
    "a key twice": (b"groups: {}\ngroups: {}\n", "gives groups twice"),
    "not UTF-8": (b"groups: {\xff: []}\n", "is not UTF-8 text"),
    "a control character": (b"groups: {a: [U0A\x00]}\n", "is no YAML"),
    "a tab": (b"groups:\n\ta: []\n", "is no YAML: a tab; indent with spaces"),
    "a name for an ID": (b"groups: {a: [@bob]}\n", "is no YAML: a text that begins with @ needs quotes"),
    "half a file": (b"policies:\n  p: {Version: '1', State", "is no YAML: a bracket that is not closed"),
    "half a text": (b"admin_channel: 'C1\n", "is no YAML: a quote that is not closed"),
    "a text with a colon": (b"approvals:\n  - name: a: b\n", "is no YAML: a colon where none can be"),
    "a path with a NUL": (b'policies: {p: "a\\0.json"}\n', "there is no such file"),
    "a path too long": (b"policies: {p: " + b"a" * 5000 + b".json}\n", "cannot be read: File name too long"),
    "a directive bomb": (b"%YAML 9.9\n---\n{}\n", "is no YAML"),
    "an unknown key": (b"attachment: []\n", "is not known here, only policies"),
    "a merge key": (b"policies: {p: {<<: {Version: '1', Statement: []}}}\n", "no such element"),
}


@pytest.mark.parametrize(("content", "message"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_ends_in_a_clear_finding(file: Path, content: bytes, message: str) -> None:
    found = errors(file, content)

    assert message in found[0].message
    assert all("\n" not in str(finding) and len(str(finding)) < 400 for finding in found)


@pytest.mark.parametrize(
    ("content", "line", "signs"),
    [
        ("policies：\n  a: 1\n", 1, "full-width colon (：)"),
        ("# ：\npolicies:\n  a：1\n\n  b: 2\n", 3, "full-width colon (：)"),
        ("groups: {a： [U0A]}: b", 1, "full-width colon (：)"),
        ("admin_channel: C0A\nend: “a: b”\n", 2, "curly quote (“), curly quote (”)"),
        (
            "groups: ［a，b］\nend: }\n",
            1,
            "full-width bracket (［), full-width comma (，), full-width bracket (］)",
        ),
    ],
)
def test_a_sign_of_another_keyboard_is_named_where_yaml_wants_the_plain_one(
    file: Path, content: str, line: int, signs: str
) -> None:
    [found] = errors(file, content)

    assert found.line == line
    assert found.message == f"is no YAML: {signs} instead of the plain sign; type it on an English keyboard"


def test_signs_in_quotes_and_comments_are_not_taken_for_the_mistake(file: Path) -> None:
    [found] = errors(file, 'approvals:\n  - name: "a：b"  # ：\n    name: c: d\n')

    assert found.message.startswith("is no YAML: a colon where none can be")


def test_a_sign_of_another_keyboard_is_named_in_json_too(file: Path) -> None:
    (file.parent / "p.json").write_text('{“Version”: "1"}', encoding="utf-8")
    [found] = errors(file, "policies: {p: p.json}\n")

    assert found.message == "p.json: line 1: is no JSON: curly quote (“) instead of the plain sign"


def test_a_mistake_in_a_time_is_said_once(file: Path) -> None:
    """Whatever is compared with it."""
    escalate = "{after: soon, users: [U0A]}"
    found = errors(file, f"approvals: [{{expires: ４h, remind: 1h, escalate: {escalate}}}]\n")

    assert [(each.place, each.message) for each in found] == [
        (
            "approvals[0].expires",
            "４h (with a full-width digit) isn't a duration such as 45s, 15m, 4h or 2d",
        ),
        ("approvals[0].escalate.after", "soon isn't a duration such as 45s, 15m, 4h or 2d"),
    ]


def test_a_folder_is_no_allowlist(tmp_path: Path) -> None:
    with pytest.raises(AllowlistBroken, match="is a directory, not a file"):
        load(tmp_path)


def test_a_byte_order_mark_is_passed_over(file: Path) -> None:
    assert loaded(file, "\ufeffadmin_channel: C0ADMIN\n").admin_channel == "C0ADMIN"


def test_every_finding_names_its_place_and_line(file: Path) -> None:
    found = errors(
        file,
        """\
policies:
  ops:
    Version: "1"
    Statement:
      - Effect: Allow
        Action: "*"
        Resource: "*"
        Condition:
          IfExists: {}
          Bool:
            "k:A": "maybe"
attachments:
  - users: [U0A]
    policies: [ops, gone]
approvals:
  - name: r
    quorum:
      - {count: 0}
    expires: soon
""",
    )

    assert [(finding.line, finding.place) for finding in found] == [
        (9, "policies.ops.Statement[0].Condition.IfExists"),
        (11, "policies.ops.Statement[0].Condition.Bool.k:A"),
        (14, "attachments[0].policies[1]"),
        (18, "approvals[0].quorum[0].count"),
        (19, "approvals[0].expires"),
    ]


def test_a_key_that_is_given_twice_is_found_at_its_second_line(file: Path) -> None:
    policy = 'policies:\n  p:\n    Version: "1"\n    Statement: []\n    Statement: []\n'

    assert [(each.line, each.place, each.message) for each in errors(file, policy)] == [
        (5, "policies.p", "gives Statement twice")
    ]


@pytest.mark.parametrize("plain", ["true", "yes", "on", "22:00", "0o17", "007", "1_000", "1.0", "2026-11-21"])
def test_a_scalar_is_its_text_whatever_yaml_1_1_makes_of_it(file: Path, plain: str) -> None:
    statement = STATEMENT.replace("}", f', Condition: {{StringEquals: {{"k:A": {plain}}}}}}}')
    text = "policies: {p: " + POLICY.replace(STATEMENT, statement) + "}"
    allowlist = loaded(file, f"{text}\nattachments: [{{everyone: true, policies: [p]}}]\n")

    assert allowlist.decide("U0A", frozenset(), AccessRequest("x:Do", "*", {"k:A": plain})).allowed


def test_a_value_that_ram_wants_in_quotes_is_warned_of(file: Path) -> None:
    allowlist = loaded(file, f"policies: {{p: {{Version: 1, Statement: [{STATEMENT}]}}}}")

    assert [str(finding) for finding in allowlist.warnings] == [
        'warning: line 1: policies.p.Version: write it in quotes, as RAM wants it: "1" [unquoted]'
    ]


@pytest.mark.parametrize("nothing", ["", "~", "null"])
def test_nothing_is_no_text_for_a_policy(file: Path, nothing: str) -> None:
    found = errors(file, f"policies:\n  p:\n    Version: {nothing}\n    Statement: []\n")

    assert [(each.place, each.message) for each in found] == [
        ("policies.p.Version", "must be text in quotes, not nothing")
    ]


def test_parts_that_are_left_empty_say_nothing(file: Path) -> None:
    allowlist = loaded(file, "policies:\nattachments:\napprovals:\ngroups:\n")

    assert (allowlist.attachments, allowlist.rules, allowlist.usergroups) == ((), (), frozenset())


def test_a_policy_may_be_a_json_file_beside_the_allowlist(file: Path) -> None:
    document = {"Version": "1", "Statement": {"Effect": "Allow", "Action": "x:Do", "Resource": "*"}}
    (file.parent / "ops.json").write_text(json.dumps(document))
    allowlist = loaded(file, "policies: {ops: ops.json}\nattachments: [{users: [U0A], policies: [ops]}]\n")

    assert allowlist.decide("U0A", frozenset(), AccessRequest("x:Do", "*")).allowed
    assert set(allowlist.sources) == {file, file.parent / "ops.json"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "ops.json: there is no such file"),
        ("{", "ops.json: line 1: is no JSON"),
        ("[" * 100_000, "nested too deep"),
        ('{"Version": "1", "Version": "1", "Statement": []}', "gives Version twice"),
        ('{"Version": 1, "Statement": []}', "must be text in quotes, not the number 1"),
        (f'{{"Version": {"9" * 5000}}}', "a number too long"),
        ("null", "must be a mapping, not nothing"),
    ],
)
def test_a_json_policy_that_cannot_be_used_is_one_finding(
    file: Path, content: str | None, message: str
) -> None:
    if content is not None:
        (file.parent / "ops.json").write_text(content)
    [found] = errors(file, "policies: {ops: ops.json}\n")

    assert message in found.message
    assert "ops.json" in (found.file or found.message)
    assert found.place.startswith("policies.ops")


@pytest.mark.parametrize(
    ("written", "place", "message"),
    [
        ("policies: {p: Allow}", "policies.p", "must be a policy document or a .json file's path"),
        ("policies: {p: }", "policies.p", "must be a mapping, not nothing"),
        ("attachments: {users: [U0A]}", "attachments", "must be a list"),
        ("attachments: [[]]", "attachments[0]", "must be a mapping, not a list"),
        ("policies: {p: rules.txt}", "policies.p", "must be a policy document or a .json file's path"),
        ("attachments: [{policies: []}]", "attachments[0]", "says not for whom"),
        ("attachments: [{users: [U0A]}]", "attachments[0]", "policies is missing"),
        (
            "attachments: [{user: U0A, everyone: true, policies: []}]",
            "attachments[0].user",
            "is not known here",
        ),
        ("attachments: [{users: U0A, policies: []}]", "attachments[0].users", "must be a list, not U0A"),
        ("attachments: [{users: [[U0A]], policies: []}]", "attachments[0].users[0]", "must be a text"),
        ("attachments: [{everyone: yes, policies: []}]", "attachments[0].everyone", "must be true or false"),
        ("attachments: [{groups: [x], policies: []}]", "attachments[0].groups[0]", "there is no group x"),
        ("groups: [a]", "groups", "must be a mapping"),
        ("groups: {S0OPS: [U0A]}", "groups.S0OPS", "looks like a Slack usergroup's ID"),
        ("admin_channel: general", "admin_channel", "isn't a Slack channel ID such as C0SECURE"),
        ("approvals: {a: b}", "approvals", "must be a list"),
        ("approvals: [{names: x}]", "approvals[0].names", "is not known here"),
        ("approvals: [{name: }]", "approvals[0].name", "must be a text"),
        ("approvals: [{name: a}, {name: a}]", "approvals[1]", "a is the name of an earlier rule"),
        ("approvals: [{when: {Null: {}}}]", "approvals[0].when.Null", "RAM has no such operator"),
        (
            "approvals: [{quorum: 2}]",
            "approvals[0].quorum",
            "must be a list such as [{usergroups: [S0OPS], count: 1}], not 2",
        ),
        ("approvals: [{quorum: [S0OPS]}]", "approvals[0].quorum[0]", "must be a mapping"),
        ("approvals: [{quorum: [{usergroups: []}]}]", "approvals[0].quorum[0]", "names nobody"),
        ("approvals: [{quorum: [{count: 21}]}]", "approvals[0].quorum[0].count", "a number from 1 to 20"),
        ("approvals: [{quorum: [{count: -1}]}]", "approvals[0].quorum[0].count", "a number from 1 to 20"),
        ("approvals: [{quorum: [{count: two}]}]", "approvals[0].quorum[0].count", "a number from 1 to 20"),
        ("approvals: [{expires: 4}]", "approvals[0].expires", "isn't a duration"),
        ("approvals: [{remind: 0h}]", "approvals[0].remind", "isn't a duration"),
        ("approvals: [{reason: yes}]", "approvals[0].reason", "must be optional or required, not yes"),
        ("approvals: [{requester_reason: [x]}]", "approvals[0].requester_reason", "must be optional or"),
        ("approvals: [{ping: channel}]", "approvals[0].ping", "must be none or usergroups or people"),
        ("approvals: [{channel: '#ops'}]", "approvals[0].channel", "isn't a Slack channel ID"),
        ("approvals: [{escalate: {users: [U0A]}}]", "approvals[0].escalate", "needs after"),
        (
            "approvals: [{escalate: {after: 2h}}]",
            "approvals[0].escalate",
            "needs the users, usergroups or groups",
        ),
        ("approvals: [{allow_guests: 1}]", "approvals[0].allow_guests", "must be true or false"),
    ],
)
def test_a_mistake_in_the_bots_own_part_is_one_finding(
    file: Path, written: str, place: str, message: str
) -> None:
    assert [(each.place, message in each.message) for each in errors(file, written)] == [(place, True)]


def test_a_rule_says_everything_about_an_approval(file: Path) -> None:
    read = rule(
        file,
        """{name: wiping, when: {Bool: {"appstreaming:AutoCleanUserdata": "true"}},
            quorum: [{usergroups: [S0OPS], users: [U0A], count: 2}, {usergroups: [S0SEC]}],
            expires: 4h, remind: 45m, reason: required, requester_reason: required, ping: people,
            channel: C0SECURE,
            escalate: {after: 2h, usergroups: [S0LEADS]}, allow_guests: true, allow_external: true}""",
    )

    assert read == Rule(
        name="wiping",
        when=read.when,
        quorum=(
            QuorumSlot(users=frozenset({"U0A"}), usergroups=frozenset({"S0OPS"}), count=2),
            QuorumSlot(usergroups=frozenset({"S0SEC"})),
        ),
        expires=14400.0,
        remind=2700.0,
        reason_required=True,
        requester_reason_required=True,
        ping=Ping.PEOPLE,
        channel="C0SECURE",
        escalate=Escalation(after=7200.0, to=QuorumSlot(usergroups=frozenset({"S0LEADS"}))),
        allow_guests=True,
        allow_external=True,
    )


def test_what_a_rule_leaves_out_is_as_in_the_default_rule(file: Path) -> None:
    assert rule(file, "{}") == Rule(name="rule-1", quorum=DEFAULT_RULE.quorum, expires=DAY)


def test_an_empty_quorum_needs_no_approval(file: Path) -> None:
    assert rule(file, "{quorum: []}").quorum == ()


def test_an_id_of_another_shape_is_warned_of(file: Path) -> None:
    allowlist = loaded(
        file, f"policies: {{p: {POLICY}}}\nattachments: [{{users: ['@bob'], policies: [p]}}]\n"
    )

    [warning] = allowlist.warnings
    assert warning.message == "@bob isn't a Slack user ID such as U0ALICE: it matches nobody"


def test_ids_that_slack_does_not_know_are_errors_where_slack_can_be_asked(file: Path) -> None:
    file.write_text(
        f"policies: {{p: {POLICY}}}\n"
        "attachments: [{users: [U0A, U0GONE], usergroups: [S0GONE], policies: [p]}]\n"
        "approvals: [{channel: C0GONE}]\n"
    )
    found = check(file, exists=lambda _kind, name: "GONE" not in name)

    assert [(each.place, each.message) for each in found if each.is_error] == [
        ("users", "Slack knows no U0GONE"),
        ("usergroups", "Slack knows no S0GONE"),
        ("channels", "Slack knows no C0GONE"),
    ]


@pytest.mark.parametrize(
    ("written", "place", "hint"),
    [
        ("attachment: []", "attachment", "attachments"),
        ("approvals: [{remimd: 1h}]", "approvals[0].remimd", "remind"),
        ("policies: {p: {version: '1', Statement: []}}", "policies.p.version", "Version"),
        (f"policies: {{ops: {POLICY}}}\nattachments: [{{everyone: true, policies: [ops1]}}]", None, "ops"),
        ("groups: {leads: [U0A]}\nattachments: [{groups: [lead], policies: []}]", None, "leads"),
        ("attachments: [{users: [S0OPS], policies: []}]", None, "usergroups: [S0OPS]"),
        ("attachments: [{usergroups: [U0ALICE], policies: []}]", None, "users: [U0ALICE]"),
        ("approvals: [{when: {StringEqual: {}}}]", "approvals[0].when.StringEqual", "StringEquals"),
        ("nothing like it: 1", "nothing like it", None),
        (
            "policies: {p: {Version: '1', Statement: {Effect: allow, Action: '*', Resource: '*'}}}",
            None,
            "Allow",
        ),
        ("attachments: [{everyone: Yes, policies: []}]", None, "true"),
        ("approvals: [{allow_guests: off}]", None, "false"),
        ("approvals: [{ping: usergroup}]", None, "usergroups"),
        ("admin_channel: <#C0OPS|ops>", None, "C0OPS"),
    ],
)
def test_a_slip_of_the_pen_gets_what_was_probably_meant(
    file: Path, written: str, place: str | None, hint: str | None
) -> None:
    first = errors(file, written + "\n")[0]

    assert (first.hint, place in (None, first.place)) == (hint, True)
    assert (f". Did you mean {hint}? [" in str(first)) is (hint is not None)


def test_a_finding_in_a_policy_file_names_that_file(file: Path) -> None:
    (file.parent / "ops.json").write_text('{"Version": "2", "Statement": []}')

    assert [(each.file, each.place) for each in errors(file, "policies: {ops: ops.json}\n")] == [
        ("ops.json", "policies.ops.Version")
    ]


def test_a_list_of_nobody_is_pointed_out(file: Path) -> None:
    allowlist = loaded(file, "groups: {leads: []}\nattachments: [{users: [], policies: []}]\n")

    assert [(each.place, each.code) for each in allowlist.warnings] == [
        ("groups.leads", "empty"),
        ("attachments[0].users", "empty"),
    ]


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("groups: {leads: }", "groups.leads"),
        ("attachments: [{users: , policies: []}]", "attachments[0].users"),
        ("attachments: [{usergroups: ~, policies: []}]", "attachments[0].usergroups"),
        ("attachments: [{everyone: false, policies: []}]", "attachments[0]"),
        ("attachments: [{everyone: false, users: [], policies: []}]", "attachments[0].users"),
    ],
)
def test_a_list_that_was_left_out_is_one_of_nobody(file: Path, written: str, place: str) -> None:
    """It reads as if somebody were meant."""
    found = [each for each in loaded(file, written + "\n").warnings if each.code == "empty"]

    assert place in [each.place for each in found]


@pytest.mark.parametrize(("after", "late"), [("2h", True), ("24h", True), ("59m", False)])
def test_an_escalation_after_the_end_is_pointed_out(file: Path, after: str, late: bool) -> None:
    """By then nobody can approve anymore; without `expires` it's a day."""
    ends = "expires: 1h, " if after != "24h" else ""
    written = f"approvals: [{{{ends}escalate: {{after: {after}, users: [U0A]}}}}]\n"

    assert ("escalation-late" in [each.code for each in loaded(file, written).warnings]) is late


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("u0alice", "U0ALICE"), ("w0alice7", "W0ALICE7"), ("<@U0A|alice>", "U0A"), (" U0A", "U0A")],
)
def test_an_id_in_small_letters_or_a_mention_is_warned_of_with_the_id(
    file: Path, typed: str, meant: str
) -> None:
    allowlist = loaded(file, f"attachments: [{{users: ['{typed}'], policies: []}}]\n")

    assert [(each.code, each.hint) for each in allowlist.warnings] == [("id-shape", meant)]


def test_the_end_mark_is_the_last_line(file: Path) -> None:
    assert loaded(file, "groups: {}\nend: true\n").end_marked
    assert not loaded(file, "groups: {}\n").end_marked


@pytest.mark.parametrize("written", ["end: true\ngroups: {}\n", "groups: {}\nend: yes\n", "end:\n"])
def test_an_end_mark_elsewhere_or_with_another_value_is_a_mistake(file: Path, written: str) -> None:
    assert [(each.place, each.code) for each in errors(file, written)] == [("end", "end")]
