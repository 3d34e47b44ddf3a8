"""What a statement says in vain, kind by kind, and what was probably meant."""

from pathlib import Path

import pytest

from bot.allowlist import check
from bot.domain.image import DiskType, InstanceType
from bot.domain.vocabulary import ACTIONS, DISK_TYPE, INSTANCE_TYPE, STOP_DESKTOP, Deployment
from bot.policy import Finding

CREATE = "appstreaming:CreateImageByInstance"
APPROVER = (
    'ok: {Version: "1", Statement: {Effect: Allow, Action: "imagebot:ApproveImageRequest", Resource: "*"}}'
)
INSTANCE = "acs:appstreaming:*:*:instance/"
SHANGHAI = Deployment(region="cn-shanghai")


def findings(folder: Path, *statements: str, deployment: Deployment = SHANGHAI) -> list[Finding]:
    """Return the findings about an attached policy with these statements, in a complete file."""
    file = folder / "allowlist.yaml"
    policy = f'p: {{Version: "1", Statement: [{", ".join(statements)}]}}'
    attached = "attachments: [{usergroups: [S0OPS], policies: [ok, p]}]"
    file.write_text(f"policies:\n  {APPROVER}\n  {policy}\n{attached}\n")
    return check(file, deployment=deployment)


def statement(
    action: str = CREATE, resource: str = "*", condition: str = "", effect: str = "Allow", no: str = ""
) -> str:
    """A statement; `no` is `Action` or `Resource` to have its Not twin."""
    keys = {"Action": action, "Resource": resource}
    scopes = ", ".join(f'{"Not" if key == no else ""}{key}: "{value}"' for key, value in keys.items())
    return f"{{Effect: {effect}, {scopes}{f', Condition: {{{condition}}}' if condition else ''}}}"


def told(found: list[Finding]) -> list[tuple[str, str | None]]:
    """Code and hint of each finding."""
    return [(finding.code, finding.hint) for finding in found]


@pytest.mark.parametrize(
    ("action", "hint"),
    [
        ("wuying:CreateImageByInstance", CREATE),
        ("appstream:CreateImageByInstance", CREATE),
        ("appstreaming:CreateImageByInstanc", CREATE),
        ("appstreaming:CreateImagesByInstance", CREATE),
        ("eds:StopDesktops", "ecd:StopDesktops"),
        ("ecd:StopDesktop", "ecd:StopDesktops"),
        ("imagebot:Approve", "imagebot:ApproveImageRequest"),
        ("imagebot:AproveImageRequest", "imagebot:ApproveImageRequest"),
        ("wuying:*", "appstreaming:*"),
        ("appstream:Create*", "appstreaming:Create*"),
        ("oss:GetObject", None),
    ],
)
@pytest.mark.parametrize("no", ["", "Action"])
def test_an_action_that_the_bot_never_asks_for(
    tmp_path: Path, action: str, hint: str | None, no: str
) -> None:
    found = findings(tmp_path, statement(action, no=no))

    assert told(found) == [("action-unknown", hint)]
    assert (found[0].place, found[0].line) == (f"policies.p.Statement[0].{'Not' if no else ''}Action", 3)


@pytest.mark.parametrize(
    "action", ["*", "appstreaming:*", "APPSTREAMING:createimagebyinstance", "imagebot:*", "*:Stop*"]
)
def test_an_action_in_any_case_or_with_wildcards_is_fine(tmp_path: Path, action: str) -> None:
    assert findings(tmp_path, statement(action)) == []


@pytest.mark.parametrize("action", [action.name for action in ACTIONS.values()])
def test_the_resources_of_every_action_are_fine_as_the_bot_asks_about_them(
    tmp_path: Path, action: str
) -> None:
    instance_id = "ecd-1" if action == STOP_DESKTOP else "ws-1"
    resource = ACTIONS[action.lower()].resource("cn-shanghai", "*", instance_id)

    assert findings(tmp_path, statement(action, resource)) == []


@pytest.mark.parametrize(
    ("resource", "code", "hint"),
    [
        ("ws-1", "resource-acs", f"{INSTANCE}ws-1"),
        ("instance/ws-1", "resource-acs", f"{INSTANCE}ws-1"),
        ("appstreaming:*:*:instance/*", "resource-acs", f"{INSTANCE}*"),
        ("acs:ecs:*:*:instance/ws-1", "resource-shape", f"{INSTANCE}ws-1"),
        ("acs:appstream:*:*:instance/ws-1", "resource-shape", f"{INSTANCE}ws-1"),
        ("acs:appstreaming:*:*:Instance/ws-1", "resource-shape", f"{INSTANCE}ws-1"),
        ("acs:appstreaming:*:*:ws-1", "resource-shape", f"{INSTANCE}ws-1"),
        ("acs:appstreaming:*:*:image/*", "resource-shape", f"{INSTANCE}*"),
        ("acs:appstreaming:cn-beijing:*:instance/ws-1", "resource-region", f"{INSTANCE}ws-1"),
        (f"{INSTANCE}WS-1", "resource-id", f"{INSTANCE}ws-1"),
        (f"{INSTANCE}Ecd-*", "resource-id", f"{INSTANCE}ecd-*"),
        (f"{INSTANCE}AIG-1", "resource-id", f"{INSTANCE}aig-1"),
        (f"{INSTANCE}ws-1 ", "resource-id", f"{INSTANCE}ws-1"),
        (f"{INSTANCE}ws\u20111", "resource-id", f"{INSTANCE}ws-1"),
        (f"{INSTANCE}ws-\u200b1", "resource-id", f"{INSTANCE}ws-1"),
        (f"{INSTANCE}ws-\u0430", "resource-id", None),
        (f"{INSTANCE}ws_1", "resource-id", None),
        ("acs:appstreaming:*:1234-5678:instance/ws-1", "resource-account", "*"),
    ],
)
@pytest.mark.parametrize("no", ["", "Resource"])
def test_a_resource_that_the_bot_never_asks_about(
    tmp_path: Path, resource: str, code: str, hint: str | None, no: str
) -> None:
    found = findings(tmp_path, statement(resource=resource, no=no))

    assert told(found) == [(code, hint)]
    assert found[0].place == f"policies.p.Statement[0].{'Not' if no else ''}Resource"


@pytest.mark.parametrize(
    "resource",
    [
        *("*", "acs:*", "acs:appstreaming:*", f"{INSTANCE}*", "*ws-1", "acs:appstreaming:*:instance/ws-1"),
        *(
            "acs:appstreaming:cn-shanghai:*:instance/ws-1",
            "acs:appstreaming:cn-*:*:instance/ws-?",
            "acs:*/ws-*",
            f"{INSTANCE}Aig-1x",
            f"{INSTANCE}?s-*",
            f"{INSTANCE}*gm",
        ),
    ],
)
def test_a_resource_that_may_be_asked_about_is_fine(tmp_path: Path, resource: str) -> None:
    assert findings(tmp_path, statement(resource=resource)) == []


def test_another_region_is_fine_for_distribution_and_where_the_region_is_not_known(tmp_path: Path) -> None:
    images = statement("appstreaming:StartTask*", "acs:appstreaming:ap-southeast-1:*:image/*")
    instance = statement(resource="acs:appstreaming:cn-beijing:*:instance/ws-1")

    assert findings(tmp_path, images) == []
    assert findings(tmp_path, instance, deployment=Deployment()) == []


MINE = Deployment(region="cn-shanghai", account="1234567890123456")


@pytest.mark.parametrize(
    ("effect", "deployment", "account", "expected"),
    [
        ("Allow", SHANGHAI, "1234567890123456", [("account-unknown", None)]),
        ("Deny", SHANGHAI, "1234567890123456", [("account-unknown", None)]),
        ("Allow", MINE, "1234567890123456", []),
        ("Allow", MINE, "1234*", []),
        ("Allow", MINE, "9999999999999999", [("resource-account", "1234567890123456")]),
        ("Allow", MINE, "*", []),
    ],
)
def test_an_account_that_cannot_be_told_or_is_another(
    tmp_path: Path, effect: str, deployment: Deployment, account: str, expected: list[tuple[str, str | None]]
) -> None:
    resource = f"acs:appstreaming:*:{account}:instance/ws-1"

    assert (
        told(findings(tmp_path, statement(resource=resource, effect=effect), deployment=deployment))
        == expected
    )


@pytest.mark.parametrize(
    ("condition", "code", "hint"),
    [
        ('StringEquals: {"acs:SourceIp": "10.0.0.1"}', "key-never-sent", None),
        ('Bool: {"acs:MFAPresent": "true"}', "key-never-sent", None),
        ('StringEquals: {"appstreaming:Disktyp": "ALL"}', "key-never-sent", "appstreaming:DiskType"),
        ('StringEquals: {"slack:User": "U0A"}', "key-never-sent", "slack:UserId"),
        ('StringEquals: {"imagebot:RequesterId": "U0A"}', "key-not-for-action", None),
        ('StringEquals: {"appstreaming:DiskType": "all"}', "value-case", "ALL"),
        ('StringNotEquals: {"appstreaming:DiskType": "System"}', "value-case", "SYSTEM"),
        ('StringEquals: {"appstreaming:DiskType": "DATA"}', "value-unknown", None),
        ('StringLike: {"appstreaming:DiskType": "sys*"}', "value-unknown", None),
        ('StringEqualsIgnoreCase: {"appstreaming:InstanceType": "desktop"}', "value-unknown", "CloudDesktop"),
        ('StringEquals: {"appstreaming:InstanceType": "WuyingServers"}', "value-unknown", "WuyingServer"),
        ('StringEquals: {"appstreaming:AutoCleanUserdata": "True"}', "value-case", "true"),
        ('StringEquals: {"appstreaming:ImageName": "golden-*"}', "wildcard-without-like", "StringLike"),
        ('StringNotEquals: {"appstreaming:ImageName": "v?"}', "wildcard-without-like", "StringNotLike"),
        ('StringEquals: {"acs:RequestTag/team": "a*"}', "wildcard-without-like", "StringLike"),
        ('StringEquals: {"slack:UserId": "S0OPS"}', "value-unknown", None),
        ('StringEquals: {"slack:UserId": "u0alice"}', "value-case", "U0ALICE"),
        ('StringEquals: {"slack:ChannelId": "#general"}', "value-unknown", None),
        ('StringLike: {"slack:UserId": "u0*"}', "value-case", "U0*"),
        ('StringLike: {"slack:UserId": "S0*"}', "value-unknown", None),
        ('StringEquals: {"appstreaming:InstanceId": "WS-1"}', "value-case", "ws-1"),
        ('StringNotLike: {"appstreaming:InstanceId": "ECD-*"}', "value-case", "ecd-*"),
        ('StringEquals: {"appstreaming:SubInstanceId": "P-1"}', "value-case", "p-1"),
        ('StringEquals: {"appstreaming:ImageName": "gold\u200ben"}', "value-unseen", "golden"),
        ('StringEquals: {"appstreaming:ImageName": "cafe\u0301"}', "value-unseen", "caf\u00e9"),
        ('StringEquals: {"appstreaming:ImageName": " a  b "}', "value-unseen", "a b"),
        ('StringLike: {"appstreaming:ImageName": "secret *\u2060"}', "value-unseen", "secret *"),
        ('StringEquals: {"acs:RequestTag/team": "pay\u00a0roll"}', "value-unseen", "pay roll"),
        ('StringEquals: {"appstreaming:ImageName": ""}', "value-unknown", None),
        (f'StringEquals: {{"appstreaming:ImageName": "{"x" * 257}"}}', "value-unknown", None),
        (f'StringEquals: {{"acs:RequestTag/team": "{"x" * 129}"}}', "value-unknown", None),
        ('StringEquals: {"acs:RequestTag/image-bot-request": "x"}', "key-never-sent", None),
        ('StringEquals: {"acs:RequestTag/acs:x": "x"}', "key-never-sent", None),
        ('StringEquals: {"acs:RequestTag/ team": "x"}', "key-never-sent", "acs:RequestTag/team"),
        ('StringEquals: {"acs:RequestTag/te\u200bam": "x"}', "key-never-sent", "acs:RequestTag/team"),
        ('NumericEquals: {"appstreaming:ImageName": "1"}', "operator-kind", "StringEquals"),
        ('IpAddress: {"slack:UserId": "10.0.0.1"}', "operator-kind", "StringEquals"),
        ('StringLike: {"acs:CurrentTime": "2026-*"}', "operator-kind", "DateLessThan"),
        ('Bool: {"acs:CurrentTime": "true"}', "operator-kind", "DateLessThan"),
        ('Bool: {"appstreaming:DiskType": "true"}', "operator-kind", "StringEquals"),
        ('NumericLessThan: {"imagebot:StopFirst": "1"}', "operator-kind", "Bool"),
    ],
)
def test_a_condition_that_always_comes_out_the_same(
    tmp_path: Path, condition: str, code: str, hint: str | None
) -> None:
    found = findings(tmp_path, statement(condition=condition))

    assert told(found) == [(code, hint)]
    assert found[0].place.startswith("policies.p.Statement[0].Condition.")


@pytest.mark.parametrize(
    "condition",
    [
        'StringEquals: {"appstreaming:DiskType": ["ALL", "SYSTEM"]}',
        'StringEqualsIgnoreCase: {"appstreaming:DiskType": "all"}',
        'StringLike: {"appstreaming:DiskType": "S*", "slack:UserId": "U0*"}',
        'Bool: {"appstreaming:AutoCleanUserdata": "True", "imagebot:StopFirst": "false"}',
        'StringEquals: {"appstreaming:AutoCleanUserdata": "true"}',
        'DateGreaterThan: {"acs:CurrentTime": "2026-01-01"}',
        'StringEquals: {"ACS:requesttag/Team": "a", "slack:TeamId": "T0A", "slack:ChannelId": "C0A"}',
        'StringEquals: {"appstreaming:InstanceId": "ws-1", "appstreaming:SubInstanceId": "p-1"}',
        'StringEquals: {"appstreaming:InstanceId": "Aig-1x"}',
        'StringLike: {"appstreaming:InstanceId": ["*", "ws-*", "?s-1", "*-1"], "slack:TeamId": "*"}',
        'StringEqualsIgnoreCase: {"slack:UserId": "u0alice", "appstreaming:InstanceId": "WS-1"}',
        'StringLike: {"appstreaming:ImageName": ["* b", "a *", "黄金*"]}',
        'StringEquals: {"acs:RequestTag/équipe": "x"}',
        'DateGreaterThan: {"acs:CurrentTime": "2020-01-01"}, DateLessThan: {"acs:CurrentTime": "9999-01-01"}',
        'StringEquals: {"slack:UserId": ["U0A", "U0B"]}, StringNotEquals: {"slack:UserId": "U0A"}',
        'StringLike: {"appstreaming:ImageName": "a*"}, StringNotEquals: {"appstreaming:ImageName": "a"}',
    ],
)
def test_a_condition_that_can_come_out_either_way_is_fine(tmp_path: Path, condition: str) -> None:
    assert findings(tmp_path, statement(condition=condition)) == []


AT = '"acs:CurrentTime"'


@pytest.mark.parametrize(
    ("condition", "place"),
    [
        (
            'StringEquals: {"slack:TeamId": "T0A"}, StringNotEquals: {"slack:TeamId": ["T0A", "T0B"]}',
            "StringNotEquals.slack:TeamId",
        ),
        (
            'StringEquals: {"appstreaming:DiskType": "ALL"}, StringLike: {"appstreaming:DiskType": "SYS*"}',
            "StringLike.appstreaming:DiskType",
        ),
        (
            'StringNotEquals: {"appstreaming:DiskType": ["ALL", "SYSTEM"]}',
            "StringNotEquals.appstreaming:DiskType",
        ),
        (
            'Bool: {"imagebot:StopFirst": "true"}, StringEquals: {"imagebot:StopFirst": "false"}',
            "StringEquals.imagebot:StopFirst",
        ),
        (
            'StringEquals: {"slack:UserId": "U0A"}, StringNotEquals: {"slack:UserId": "U0A"}',
            "StringNotEquals.slack:UserId",
        ),
        ('DateLessThan: {"acs:CurrentTime": "2020-01-01"}', "DateLessThan.acs:CurrentTime"),
        (
            f'DateGreaterThan: {{{AT}: "9999-02-01"}}, DateLessThan: {{{AT}: "9999-01-01"}}',
            "DateLessThan.acs:CurrentTime",
        ),
    ],
)
@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_comparisons_of_one_key_that_nothing_fits(
    tmp_path: Path, condition: str, place: str, effect: str
) -> None:
    """Each is sound alone; together, or by now, they never hold."""
    found = findings(tmp_path, statement(condition=condition, effect=effect))

    assert told(found) == [("condition-impossible", None)]
    assert found[0].place == f"policies.p.Statement[0].Condition.{place}"


DESKTOPS = 'StringEquals: {"appstreaming:InstanceType": "CloudDesktop"}'


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        (statement(resource=f"{INSTANCE}ws-*", condition=DESKTOPS), ["condition-impossible"]),
        (statement(resource=f"{INSTANCE}ecd-1", condition=DESKTOPS), []),
        (statement(resource="*", condition=DESKTOPS), []),
        (statement(resource=f"{INSTANCE}*", condition=DESKTOPS), []),
        (statement(resource=f"{INSTANCE}ws-*", condition=DESKTOPS, no="Resource"), []),
        (statement("ecd:StopDesktops", f"{INSTANCE}ws-1"), ["action-type"]),
        (statement("appstreaming:StopWuyingServer", f"{INSTANCE}ecd-*"), ["action-type"]),
        (statement("ecd:StopDesktops", f"{INSTANCE}ecd-*"), []),
        (statement("appstreaming:*", f"{INSTANCE}ecd-*"), []),
    ],
)
def test_a_statement_that_contradicts_the_type_of_its_instances(
    tmp_path: Path, written: str, codes: list[str]
) -> None:
    """The ID tells it: `ws-` is a workstation, `ecd-` a cloud desktop."""
    assert [each.code for each in findings(tmp_path, written)] == codes


def test_a_negated_comparison_in_a_deny_holds_for_a_key_that_is_missing(tmp_path: Path) -> None:
    """A tag that nobody gave: contradictory for every value, and yet it denies."""
    team = '{"acs:RequestTag/team": "a"}'
    both = f"StringNotEquals: {team}, StringNotEqualsIgnoreCase: {team}"

    assert findings(tmp_path, statement(condition=both, effect="Deny")) == []


@pytest.mark.parametrize(
    ("effect", "operator", "outcome"),
    [
        ("Allow", "StringEquals", "this never holds"),
        ("Deny", "StringEquals", "this never holds"),
        ("Allow", "StringNotEquals", "this never holds"),
        ("Deny", "StringNotEquals", "this always holds"),
    ],
)
def test_a_key_that_is_never_sent_says_what_comes_of_it(
    tmp_path: Path, effect: str, operator: str, outcome: str
) -> None:
    found = findings(tmp_path, statement(condition=f'{operator}: {{"acs:SourceIp": "x"}}', effect=effect))

    assert outcome in found[0].message


def test_who_asked_is_known_when_somebody_approves(tmp_path: Path) -> None:
    condition = 'StringEquals: {"imagebot:RequesterId": "U0A"}'

    assert findings(tmp_path, statement("imagebot:ApproveImageRequest", condition=condition)) == []


def test_the_condition_of_a_rule_is_checked_too(tmp_path: Path) -> None:
    file = tmp_path / "allowlist.yaml"
    when = '{StringEquals: {"appstreaming:DiskType": "all", "imagebot:RequesterId": "U0A"}}'
    attached = "attachments: [{usergroups: [S0OPS], policies: [ok]}]"
    file.write_text(f"policies:\n  {APPROVER}\n{attached}\napprovals: [{{when: {when}}}]\n")

    assert [(each.place, each.code) for each in check(file)] == [
        ("approvals[0].when.StringEquals.appstreaming:DiskType", "value-case"),
        ("approvals[0].when.StringEquals.imagebot:RequesterId", "key-not-for-action"),
    ]


ALL_OF_IT = statement()
ONE = statement(resource=f"{INSTANCE}ws-1")
ON_CONDITION = statement(condition='Bool: {"imagebot:StopFirst": "true"}')


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ((ALL_OF_IT, ALL_OF_IT), [(1, "duplicate")]),
        ((ON_CONDITION, ON_CONDITION), [(1, "duplicate")]),
        ((ALL_OF_IT, ONE), [(1, "redundant")]),
        ((ONE, ALL_OF_IT), [(0, "redundant")]),
        ((ALL_OF_IT, ON_CONDITION), [(1, "redundant")]),
        ((ONE, ONE, ALL_OF_IT), [(1, "duplicate"), (0, "redundant")]),
        ((statement("*"), ALL_OF_IT), [(1, "redundant")]),
        ((ON_CONDITION, ONE), []),
        ((ONE, statement(resource=f"{INSTANCE}ws-2")), []),
        ((ALL_OF_IT, statement(effect="Deny", resource=f"{INSTANCE}ws-1")), []),
        ((statement(resource=f"{INSTANCE}ws-?"), ONE), []),
    ],
)
def test_a_statement_that_another_says_too(
    tmp_path: Path, statements: tuple[str, ...], expected: list[tuple[int, str]]
) -> None:
    found = findings(tmp_path, *statements)

    assert sorted((int(each.place[-2]), each.code) for each in found) == sorted(expected)


def test_statements_in_a_policy_file_are_found_in_that_file(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(
        '{"Version": "1", "Statement": {"Effect": "Allow", "Action": "oss:Get", "Resource": ["*"]}}'
    )
    file = tmp_path / "allowlist.yaml"
    file.write_text(
        f"policies:\n  {APPROVER}\n  p: p.json\nattachments: [{{usergroups: [S0OPS], policies: [ok, p]}}]\n"
    )

    assert [(each.file, each.code) for each in check(file)] == [("p.json", "action-unknown")]


def test_the_values_of_keys_are_those_of_an_image() -> None:
    assert DISK_TYPE.values == tuple(DiskType)
    assert INSTANCE_TYPE.values == tuple(InstanceType)
