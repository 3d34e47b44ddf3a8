"""`image-bot policy` as its users meet it: output, exit status, and never a traceback."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.allowlist.file import KEYS
from bot.cli.policy import app

DATA = Path(__file__).parents[1] / "data/policy"
CREATE = "appstreaming:CreateImageByInstance"


def run(*arguments: str | Path, **environment: str) -> Result:
    """Runs `image-bot policy` with these arguments."""
    return CliRunner().invoke(app, [str(each) for each in arguments], env=environment)


def simulated(*arguments: str) -> dict[str, Any]:
    """The answer of `simulate` about the example file."""
    result = run("simulate", "--allowlist", DATA / "allowlist.yaml", *arguments)
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def test_every_collected_case_passes() -> None:
    result = run("test", DATA / "cases.json")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "54 passed, 0 failed"


def test_a_mismatch_is_printed_and_exits_1(tmp_path: Path) -> None:
    cases = json.loads((DATA / "cases.json").read_text())
    cases["cases"][0]["expected"] = "ExplicitDeny"
    (tmp_path / "cases.json").write_text(json.dumps(cases))

    result = run("test", tmp_path / "cases.json")

    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "core-02-allow: expected ExplicitDeny, got Allow by policies[0].Statement[0]",
        "53 passed, 1 failed",
    ]


def test_a_document_that_should_be_refused_but_is_not_is_a_mismatch(tmp_path: Path) -> None:
    fine = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    (tmp_path / "cases.json").write_text(json.dumps({"invalid_documents": [{"id": "x", "policy": fine}]}))

    result = run("test", tmp_path / "cases.json")

    assert (result.exit_code, result.stdout.splitlines()[-1]) == (1, "0 passed, 1 failed")


def test_a_case_whose_policy_is_refused_fails_with_the_place(tmp_path: Path) -> None:
    case = {"id": "x", "policies": [{}], "request": {"action": "a:B"}, "expected": "ImplicitDeny"}
    (tmp_path / "cases.json").write_text(json.dumps({"cases": [case]}))

    result = run("test", tmp_path / "cases.json")

    assert result.exit_code == 1
    assert "policies[0]: Version is missing" in result.stdout


def test_a_case_may_ask_for_a_user_of_the_allowlist(tmp_path: Path) -> None:
    case = {"id": "x", "user": "U0ALICE", "request": {"action": CREATE}, "expected": "Allow"}
    group = {
        **case,
        "user": "U0BOB",
        "usergroups": ["S0OPS"],
        "request": {"action": "imagebot:ApproveImageRequest"},
    }
    (tmp_path / "cases.json").write_text(json.dumps({"cases": [case, group]}))

    result = run("test", tmp_path / "cases.json", ALLOWLIST=str(DATA / "allowlist.yaml"))

    assert result.stdout.splitlines() == ["2 passed, 0 failed"]


@pytest.mark.parametrize(
    "text",
    ["", "[", "[]", "{}x", '{"cases": 1}', '{"cases": [{}]}', '{"a": 1, "a": 1}', "[" * 100_000, "\ud800"],
)
def test_a_file_that_holds_no_cases_is_wrong_use_in_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "cases.json").write_bytes(text.encode("utf-8", "surrogatepass"))

    result = run("test", tmp_path / "cases.json")

    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.output


A_CASE = {"id": "x", "policies": [], "request": {"action": "a:B"}, "expected": "Allow"}


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ([], "the file must be a JSON object, not a list"),
        ({"cases": 1}, "cases must be a list, not the number 1"),
        ({"cases": [True]}, "cases[0] must be a JSON object, not true"),
        ({"cases": [{}]}, "cases[0].id is missing"),
        ({"cases": [A_CASE, {**A_CASE, "id": []}]}, "cases[1].id must be text, not a list"),
        ({"cases": [{**A_CASE, "request": {}}]}, "cases[0].request.action is missing"),
        (
            {"cases": [{**A_CASE, "request": {"action": "a:B", "context": []}}]},
            "cases[0].request.context must be a JSON object, not a list",
        ),
        (
            {"cases": [{**A_CASE, "expected": "allow"}]},
            "cases[0].expected must be Allow, ImplicitDeny or ExplicitDeny, not allow",
        ),
        (
            {"cases": [{**A_CASE, "policies": None, "user": "U0A", "usergroups": "S0OPS"}]},
            "cases[0].usergroups must be a list, not S0OPS",
        ),
        (
            {"cases": [{**A_CASE, "policies": None}]},
            "cases[0] has to have either policies or a user of the allowlist",
        ),
        (
            {"cases": [{**A_CASE, "user": "U0A"}]},
            "cases[0] has to have either policies or a user of the allowlist",
        ),
        ({"invalid_documents": [{"id": "x"}]}, "invalid_documents[0].policy is missing"),
    ],
)
def test_a_mistake_in_a_file_of_cases_is_named_with_its_place(
    tmp_path: Path, file: object, said: str
) -> None:
    (tmp_path / "cases.json").write_text(json.dumps(file))
    result = run("test", tmp_path / "cases.json")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{tmp_path}/cases.json: {said}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("{\n", "line 2: is no JSON: a key in double quotes is missing, or a comma is one too many"),
        ('{"cases": []} x', "line 1: is no JSON: something follows its end"),
        ('{"cases" []}', "line 1: is no JSON: a key without its colon"),
        (
            '{"cases": [] "a": 1}',
            "line 1: is no JSON: a bracket that is not closed, or a comma that is missing",
        ),
        ('{"cases": "', "line 1: is no JSON: a quote that is not closed"),
        ('{"a": 1, "a": 1}', "gives a twice"),
    ],
)
def test_a_file_of_cases_that_is_no_json_is_told_without_a_programmers_words(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "cases.json").write_text(text)
    result = run("test", tmp_path / "cases.json")

    assert (result.exit_code, result.stderr) == (2, f"{tmp_path}/cases.json: {said}\n")


def test_a_case_of_the_allowlist_that_the_bot_never_asks_is_noted(tmp_path: Path) -> None:
    """It passes, and proves nothing."""
    request = {"action": CREATE, "context": {"appstreaming:DiskTyp": ["ALL", "x"], "slack:TeamId": None}}
    case = {"id": "x", "user": "@al", "request": request, "expected": "ImplicitDeny"}
    (tmp_path / "cases.json").write_text(json.dumps({"cases": [case]}))
    result = run("test", tmp_path / "cases.json", "--allowlist", DATA / "allowlist.yaml")

    assert (result.exit_code, result.stdout) == (0, "1 passed, 0 failed\n")
    assert result.stderr.splitlines() == [
        "x: note: @al isn't a Slack user ID such as U0ALICE",
        (
            "x: note: the bot never sends the condition key appstreaming:DiskTyp."
            " Did you mean appstreaming:DiskType?"
        ),
    ]


@pytest.mark.parametrize(
    ("context", "decision"),
    [("appstreaming:DiskType=SYSTEM", "Allow"), ("appstreaming:DISKTYPE=ALL", "ExplicitDeny")],
)
def test_simulate_prints_the_decision(context: str, decision: str) -> None:
    answer = simulated("--user", "U0ALICE", "--action", CREATE, "--context", context)

    assert answer["decision"] == decision
    assert answer["policies"] == ["image-requester"]


def test_simulate_says_of_every_statement_why_it_matched_or_not() -> None:
    answer = simulated("--user", "U0ALICE", "--action", CREATE, "--context", "appstreaming:DiskType=SYSTEM")

    assert answer["statements"] == [
        {
            "policy": "image-requester",
            "index": 0,
            "effect": "Allow",
            "matched": True,
            "why": "action, resource and condition hold",
        },
        {
            "policy": "image-requester",
            "index": 1,
            "effect": "Deny",
            "matched": False,
            "why": "appstreaming:DiskType is SYSTEM: StringEquals wants ALL",
        },
    ]


def test_simulate_takes_usergroups() -> None:
    asked = ("--user", "U0BOB", "--action", "imagebot:ApproveImageRequest")

    assert simulated(*asked)["decision"] == "ImplicitDeny"
    assert simulated(*asked, "--usergroup", "S0OPS")["decision"] == "Allow"


def test_a_denied_simulation_is_done_work_and_exits_0() -> None:
    answer = simulated("--user", "U0EVE", "--action", CREATE)

    assert (answer["decision"], answer["policies"], answer["statements"]) == ("ImplicitDeny", [], [])


def test_simulate_fills_in_what_the_bot_would() -> None:
    """Left out, the disks are all of them, which the example denies."""
    answer = simulated("--user", "U0ALICE", "--action", CREATE, "--context", "appstreaming:InstanceId=ws-1")

    assert answer["decision"] == "ExplicitDeny"
    assert answer["resource"] == "acs:appstreaming:cn-shanghai:*:instance/ws-1"
    assert {**answer["context"], "acs:CurrentTime": "now"} == {
        "slack:UserId": ["U0ALICE"],
        "acs:CurrentTime": "now",
        "appstreaming:InstanceId": ["ws-1"],
        "appstreaming:DiskType": "ALL",
        "appstreaming:AutoCleanUserdata": "false",
        "imagebot:StopFirst": "false",
    }


def test_simulate_takes_the_context_exactly_when_told_to() -> None:
    answer = simulated("--user", "U0ALICE", "--action", CREATE, "--exact", "--context", "a:B=c")

    assert (answer["decision"], answer["resource"], answer["context"]) == ("Allow", "*", {"a:B": ["c"]})


def test_a_key_in_two_cases_is_one_key_with_two_values() -> None:
    keys = ("--context", "appstreaming:DISKTYPE=SYSTEM", "--context", "appstreaming:disktype=ALL")
    answer = simulated("--user", "U0ALICE", "--action", CREATE, *keys)

    assert answer["context"]["appstreaming:DiskType"] == ["SYSTEM", "ALL"]


def test_region_and_account_come_from_the_environment_or_an_option() -> None:
    options = ("--user", "U0A", "--action", CREATE, "--context", "appstreaming:InstanceId=ws-1")
    file = ("--allowlist", DATA / "allowlist.yaml")
    here = {"APPSTREAM_REGION": "ap-southeast-1", "ALIBABA_CLOUD_ACCOUNT_ID": "7"}

    by_environment = json.loads(run("simulate", *options, *file, **here).stdout)
    by_option = json.loads(run("simulate", *options, *file, "--account", "8").stdout)

    assert by_environment["resource"] == "acs:appstreaming:ap-southeast-1:7:instance/ws-1"
    assert by_option["resource"] == "acs:appstreaming:cn-shanghai:8:instance/ws-1"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--region", "shanghai/*"), "isn't a region ID such as cn-shanghai"),
        (("--account", "1234-5678"), "isn't made of digits alone"),
        (("--account", "*"), "isn't made of digits alone"),
    ],
)
@pytest.mark.parametrize("command", ["check", "simulate"])
def test_a_region_or_account_that_cannot_be_one_is_wrong_use(
    command: str, options: tuple[str, str], sentence: str
) -> None:
    """The settings are refused alike: else everything would be compared with a place that isn't."""
    asked = ("--user", "U0A", "--action", CREATE) if command == "simulate" else ()
    result = run(command, *asked, *options, ALLOWLIST=str(DATA / "allowlist.yaml"))

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{options[0]} {options[1]!r}: {sentence}\n"


def test_a_region_is_read_as_the_setting_is() -> None:
    asked = ("--user", "U0A", "--action", CREATE, "--context", "appstreaming:InstanceId=ws-1")

    assert "acs:appstreaming:cn-beijing:" in simulated(*asked, "--region", " CN－Beijing")["resource"]


@pytest.mark.parametrize(
    ("user", "action", "notes"),
    [
        ("U0ALICE", CREATE, []),
        ("U0ALICE", CREATE.lower(), []),
        ("@alice", CREATE, ["@alice isn't a Slack user ID such as U0ALICE"]),
        ("u0alice", CREATE, ["u0alice isn't a Slack user ID such as U0ALICE. Did you mean U0ALICE?"]),
        (
            "U0ALICE",
            "appstreaming:CreateImagesByInstance",
            [f"the bot never asks for appstreaming:CreateImagesByInstance. Did you mean {CREATE}?"],
        ),
        (
            "",
            "oss:GetObject",
            ['"" isn\'t a Slack user ID such as U0ALICE', "the bot never asks for oss:GetObject"],
        ),
    ],
)
def test_a_simulation_of_nothing_says_so_beside_its_answer(user: str, action: str, notes: list[str]) -> None:
    """A slip of the pen reads like a denial otherwise; taken exactly, anything may be asked."""
    assert simulated("--user", user, "--action", action)["notes"] == notes
    assert simulated("--user", user, "--action", action, "--exact")["notes"] == []


NEVER = "appstreaming:InstanceId is never"
MISTYPED = {
    "an unknown key": (
        ("appstreaming:DiskTyp=SYSTEM",),
        ["the bot never sends the condition key appstreaming:DiskTyp. Did you mean appstreaming:DiskType?"],
    ),
    "a tag that the bot keeps for itself": (
        ("acs:RequestTag/image-bot-request=x",),
        ["the bot never sends the condition key acs:RequestTag/image-bot-request"],
    ),
    "a key of other actions": (
        ("imagebot:RequesterId=U0BOB",),
        [f"imagebot:RequesterId is not sent with {CREATE}"],
    ),
    "a value in another case": (
        ("appstreaming:DiskType=all",),
        ["appstreaming:DiskType is never all, only ALL or SYSTEM. Did you mean ALL?"],
    ),
    "no value": (("appstreaming:DiskType=",), ['appstreaming:DiskType is never "", only ALL or SYSTEM']),
    "a boolean in another case": (
        ("imagebot:StopFirst=True",),
        ["imagebot:StopFirst is never True, only true or false. Did you mean true?"],
    ),
    "a time that is none": (
        ("acs:CurrentTime=tomorrow",),
        ["acs:CurrentTime is never tomorrow, but like 2026-11-21T09:00:00Z"],
    ),
    "an ID in capitals": (
        ("appstreaming:InstanceId=WS-1",),
        [f"{NEVER} WS-1, but like ws-0buj1s9gm. Did you mean ws-1?"],
    ),
    "a wildcard for an ID": (("appstreaming:InstanceId=ecd-*",), [f"{NEVER} ecd-*, but like ws-0buj1s9gm"]),
    "a name that nobody can type": (
        ("appstreaming:ImageName=gold\u200ben",),
        [
            (
                "appstreaming:ImageName is never gold\\u200ben: no spaces around it or twice, and no"
                " characters that nobody sees. Did you mean golden?"
            )
        ],
    ),
    "two values": (
        ("appstreaming:DiskType=ALL", "appstreaming:disktype=SYSTEM"),
        ["the bot sends one value of appstreaming:DiskType, not 2"],
    ),
    "somebody else": (
        ("slack:UserId=U0EVE",),
        ["slack:UserId is always who asks: here the policies of U0ALICE are taken"],
    ),
    "a type that the ID rules out": (
        ("appstreaming:InstanceId=ws-1", "appstreaming:InstanceType=CloudDesktop"),
        ["ws-1 is a WuyingServer by its ID"],
    ),
    "a resource that is none": (
        ("--resource", "foo"),
        [
            (
                "foo doesn't begin with acs:, so it matches nothing that the bot asks about."
                " Did you mean acs:appstreaming:cn-shanghai:*:instance/*?"
            )
        ],
    ),
    "an instance in another region": (
        ("--resource", "acs:appstreaming:cn-beijing:*:instance/ws-1"),
        [
            (
                "acs:appstreaming:cn-beijing:*:instance/ws-1 is in another region: the bot asks in"
                " cn-shanghai. Did you mean acs:appstreaming:cn-shanghai:*:instance/ws-1?"
            )
        ],
    ),
    "two instances": (
        (
            *("--resource", "acs:appstreaming:cn-shanghai:*:instance/ws-1"),
            "appstreaming:InstanceId=ws-2",
        ),
        ["the resource is ws-1, and appstreaming:InstanceId ws-2"],
    ),
    "a group in small letters": (
        ("--usergroup", "s0ops"),
        ["s0ops isn't a Slack usergroup ID such as S0OPS. Did you mean S0OPS?"],
    ),
    "a group of the file": (("--usergroup", "ops"), ["ops isn't a Slack usergroup ID such as S0OPS"]),
}


@pytest.mark.parametrize(("typed", "notes"), MISTYPED.values(), ids=MISTYPED)
def test_what_the_bot_never_asks_is_noted(typed: tuple[str, ...], notes: list[str]) -> None:
    """The file's checks warn of the same, in the same words."""
    asked = ("--user", "U0ALICE", "--action", CREATE, *typed)

    assert simulated(*asked)["notes"] == notes
    assert simulated(*asked, "--exact")["notes"] == []


@pytest.mark.parametrize(
    ("action", "instance", "notes"),
    [
        (
            "ecd:StopDesktops",
            "ws-1",
            ["ecd:StopDesktops is never asked for on a WuyingServer, and ws-1 is one"],
        ),
        (
            "appstreaming:StopWuyingServer",
            "ecd-1",
            ["appstreaming:StopWuyingServer is never asked for on a CloudDesktop, and ecd-1 is one"],
        ),
        ("ecd:StopDesktops", "ecd-1", []),
        ("appstreaming:StopWuyingServer", "ws-1", []),
    ],
)
def test_what_stops_a_machine_of_another_type_is_noted(action: str, instance: str, notes: list[str]) -> None:
    asked = ("--user", "U0ALICE", "--action", action, f"appstreaming:InstanceId={instance}")

    assert simulated(*asked)["notes"] == notes


def test_nobody_approves_their_own_request_in_a_simulation_either() -> None:
    asked = ("--action", "imagebot:ApproveImageRequest", "imagebot:RequesterId=U0BOB")

    assert simulated("--user", "U0BOB", *asked)["notes"] == [
        "nobody approves their own request, whatever the file says"
    ]
    assert simulated("--user", "U0EVE", *asked)["notes"] == []


def test_mentions_are_taken_for_the_ids_in_them() -> None:
    asked = ("--user", "<@U0BOB|bob>", "--usergroup", "<!subteam^S0OPS|@ops>")
    answer = simulated(*asked, "--action", "imagebot:ApproveImageRequest")

    assert (answer["decision"], answer["user"], answer["notes"]) == ("Allow", "U0BOB", [])


@pytest.mark.parametrize(
    ("user", "context", "approval"),
    [
        (
            "U0ALICE",
            "appstreaming:AutoCleanUserdata=true",
            {
                "rule": "wiping-needs-two",
                "quorum": [{"count": 1, "usergroups": ["S0OPS"]}, {"count": 1, "usergroups": ["S0SEC"]}],
                "expires": "4h",
                "may_approve": {"usergroups": ["S0OPS"]},
            },
        ),
        (
            "U0ALICE",
            "appstreaming:ImageName=x",
            {
                "rule": "default",
                "quorum": [{"count": 1, "anyone_with": "imagebot:ApproveImageRequest"}],
                "expires": "1d",
                "may_approve": {"usergroups": ["S0OPS"]},
            },
        ),
        ("U0EVE", "appstreaming:ImageName=x", None),
    ],
)
def test_simulate_names_the_rule_by_which_a_request_would_be_approved(
    user: str, context: str, approval: dict[str, Any] | None
) -> None:
    """None for what is denied, and for other actions."""
    system = "appstreaming:DiskType=SYSTEM"
    answer = simulated("--user", user, "--action", CREATE.upper(), system, context)

    assert answer["approval"] == approval
    assert simulated("--user", user, "--action", "imagebot:ReadRequests", context)["approval"] is None


@pytest.mark.parametrize(
    ("attached", "condition", "able"),
    [
        ("{everyone: true", "", {"everyone": True}),
        ("{users: [U0ALICE, U0BOB], groups: [on-call]", "", {"users": ["U0BOB"], "groups": ["on-call"]}),
        ("{users: [U0BOB]", "Condition: {StringEquals: {'imagebot:RequesterId': U0EVE}}", {}),
        (
            "{users: [U0BOB, U0CAROL]",
            "Condition: {StringEquals: {'slack:UserId': U0CAROL}}",
            {"users": ["U0CAROL"]},
        ),
    ],
)
def test_simulate_names_who_may_approve(
    tmp_path: Path, attached: str, condition: str, able: dict[str, Any]
) -> None:
    """Never who asks."""
    approve = f'{{Effect: Allow, Action: "imagebot:Approve*", Resource: "*", {condition}}}'
    ask = f'{{Effect: Allow, Action: "{CREATE}", Resource: "*"}}'
    (tmp_path / "allowlist.yaml").write_text(
        f'policies: {{a: {{Version: "1", Statement: {approve}}}, r: {{Version: "1", Statement: {ask}}}}}\n'
        f"groups: {{on-call: [U0LENA]}}\n"
        f"attachments: [{{everyone: true, policies: [r]}}, {attached}, policies: [a]}}]\n"
    )
    asked = ("--user", "U0ALICE", "--action", CREATE, "--allowlist", tmp_path / "allowlist.yaml")

    assert json.loads(run("simulate", *asked).stdout)["approval"]["may_approve"] == able


@pytest.mark.parametrize("text", ["{}", '{"cases": [], "invalid_documents": []}'])
def test_a_test_of_no_case_exits_1(tmp_path: Path, text: str) -> None:
    (tmp_path / "cases.json").write_text(text)
    result = run("test", tmp_path / "cases.json")

    assert (result.exit_code, result.stdout) == (1, "0 passed, 0 failed\n")
    assert "has no cases in it" in result.stderr


@pytest.mark.parametrize("path", ["x" * 5000, "x/" * 3000 + "y"])
def test_check_has_no_traceback_for_any_path(path: str) -> None:
    result = run("check", path)

    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_check_names_the_policy_file_that_a_finding_is_in(tmp_path: Path) -> None:
    (tmp_path / "ops.json").write_text('{"Version": "2", "Statement": []}')
    (tmp_path / "allowlist.yaml").write_text("policies: {ops: ops.json}\n")
    result = run("check", tmp_path / "allowlist.yaml")

    assert result.stdout.startswith(f"{tmp_path}/ops.json: error: policies.ops.Version: ")


def test_check_compares_with_the_region_of_the_bot(tmp_path: Path) -> None:
    resource = "acs:appstreaming:cn-shanghai:*:instance/*"
    statement = f'{{Effect: Allow, Action: "imagebot:*", Resource: "{resource}"}}'
    file = tmp_path / "allowlist.yaml"
    file.write_text(
        f'policies: {{p: {{Version: "1", Statement: {statement}}}}}\n'
        "attachments: [{everyone: true, policies: [p]}]\n"
    )

    assert run("check", file).stdout.splitlines() == [f"{file}: 0 errors, 0 warnings"]
    assert "[resource-region]" in run("check", file, APPSTREAM_REGION="ap-southeast-1").stdout


def test_help_of_check_is_for_its_users() -> None:
    assert "context.obj" not in run("check", "--help").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("simulate", "--user", "U0A", "--action", "a:B", "--context", "novalue"),
        ("simulate", "--user", "U0A", "--action", "a:B", "--context", " =value"),
        ("simulate", "--user", "U0A", "--action", "a:B", "--allowlist", "missing.yaml"),
        ("test", "missing.json"),
        ("check", "missing.yaml"),
    ],
)
def test_wrong_use_is_one_line_on_stderr_and_exit_2(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)

    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1


def test_check_passes_a_good_file() -> None:
    result = run("check", DATA / "allowlist.yaml")

    assert result.exit_code == 0
    assert result.stdout == f"{DATA}/allowlist.yaml: 0 errors, 0 warnings\n"


@pytest.mark.parametrize(("options", "status"), [((), 0), (("--strict",), 1)])
def test_a_deny_that_never_holds_fails_a_strict_check_alone(
    tmp_path: Path, options: tuple[str, ...], status: int
) -> None:
    """It protects nothing, and the file works."""
    text = (DATA / "allowlist.yaml").read_text().replace('DiskType": "ALL"', 'DiskType": "all"')
    (tmp_path / "allowlist.yaml").write_text(text)
    result = run("check", tmp_path / "allowlist.yaml", *options)

    assert (result.exit_code, "[value-case]" in result.stdout) == (status, True)


@pytest.mark.parametrize("written", [("allowlist.yaml",), ("allowlist.yaml", "--strict")])
def test_a_file_without_a_finding_passes_a_strict_check_too(written: tuple[str, ...]) -> None:
    assert run("check", DATA / written[0], *written[1:]).exit_code == 0


def test_check_prints_each_error_with_its_line_and_exits_1(tmp_path: Path) -> None:
    file = tmp_path / "allowlist.yaml"
    file.write_text("attachments:\n  - users: [U0ALICE]\n    policies: [gone]\nextra: 1\n")

    result = run("check", ALLOWLIST=str(file))

    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"{file}: error: line 3: attachments[0].policies[0]: there is no policy gone [policy-unknown]",
        f"{file}: error: line 4: extra: is not known here, only {', '.join(KEYS)} [key-unknown]",
        f"{file}: 2 errors, 0 warnings",
    ]


def test_the_context_may_follow_its_option_at_once() -> None:
    """`--context a=b c=d` and `--context a=b --context c=d` are the same."""
    who = ("--user", "U0ALICE", "--action", CREATE)
    disk, kind = "appstreaming:DiskType=ALL", "appstreaming:InstanceType=CloudDesktop"

    now = "acs:CurrentTime=2026-11-26T10:00:00Z"
    apart = simulated(*who, "--context", now, "--context", disk, "--context", kind)
    assert simulated(*who, "--context", now, disk, kind) == apart


def test_simulate_prints_text_as_it_is_typed() -> None:
    typed = ("--user", "U0ALICE", "--action", CREATE, "appstreaming:ImageName=黄金")
    result = run("simulate", "--allowlist", DATA / "allowlist.yaml", *typed)

    assert '"黄金"' in result.stdout
