"""One action, one snapshot: what a person may do is decided, explained and listed from the same values."""

import asyncio
import json
import time
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.allowlist import Allowlist, load
from bot.allowlist.access import THEIR_OWN, AccessRequests, Target, target_of
from bot.allowlist.authorizer import MOST_NAMED, Candidates
from bot.domain.approvals import DEFAULT_RULE
from bot.domain.image import CreateImage
from bot.domain.request import Person, Request, Submission
from bot.domain.vocabulary import (
    APPROVE,
    BYPASS,
    CREATE,
    DISTRIBUTE,
    READ,
    STOP_DESKTOP,
    STOP_WORKSTATION,
    Deployment,
)
from bot.policy import Verdict
from bot.ports import Profile, Usergroups
from bot.service.outcomes import Denied, Done, Explained, Found, RefusalReason, Refused, Submitted
from tests.house import ALICE, BOB, CAROL, DAVE, EVE, INSTANCE, House, person
from tests.ports import FakeDirectory

OUTSIDE = ({"guest": True}, {"external": True}, {"deactivated": True}, {"bot": True})
IMAGE = CreateImage(instance_id=INSTANCE)
HERE = f"acs:appstreaming:cn-shanghai:*:instance/{INSTANCE}"


def allowlist(tmp_path: Path, statements: dict[str, Any], attachments: list[dict[str, Any]]) -> Allowlist:
    """A file with one policy for each name."""
    policies = {name: {"Version": "1", "Statement": each} for name, each in statements.items()}
    path = tmp_path / "rules.yaml"
    path.write_text(yaml.safe_dump({"policies": policies, "attachments": attachments}))
    return load(path)


def allow(*actions: str, resource: str = "*", **condition: dict[str, str]) -> dict[str, Any]:
    """An Allow statement."""
    given = {"Condition": condition} if condition else {}
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **given}


@pytest.mark.parametrize(
    ("target", "taken"),
    [
        (Target(IMAGE, ALICE), [(CREATE, HERE)]),
        (Target(IMAGE, ALICE, break_glass=True), [(CREATE, HERE), (BYPASS, HERE)]),
        (Target(IMAGE, ALICE, stop_first=True), [(CREATE, HERE), (STOP_WORKSTATION, HERE)]),
        (
            Target(CreateImage(instance_id="ecd-1"), ALICE, stop_first=True),
            [
                (CREATE, "acs:appstreaming:cn-shanghai:*:instance/ecd-1"),
                (STOP_DESKTOP, "acs:appstreaming:cn-shanghai:*:instance/ecd-1"),
            ],
        ),
        (
            Target(IMAGE, ALICE, regions=("cn-beijing", "cn-hangzhou")),
            [
                (CREATE, HERE),
                (DISTRIBUTE, "acs:appstreaming:cn-beijing:*:image/*"),
                (DISTRIBUTE, "acs:appstreaming:cn-hangzhou:*:image/*"),
            ],
        ),
    ],
)
def test_everything_that_a_request_takes_is_one_list(target: Target, taken: list[tuple[str, str]]) -> None:
    """Submission, retry, the call, why and candidates read the same one."""
    asked = list(AccessRequests(Deployment("cn-shanghai"), 0.0).taken_by(person(ALICE), target))

    assert [(each.action, each.resource) for each in asked] == taken
    first = "true" if target.stop_first else "false"
    assert {each.context["imagebot:StopFirst"] for each in asked} == {first}


def test_resources_name_the_account_that_the_operator_gave() -> None:
    """Without it, the unknown account is `*`."""
    [asked] = AccessRequests(Deployment("cn-shanghai", "1234"), 0.0).taken_by(
        person(ALICE), Target(IMAGE, ALICE)
    )

    assert asked.resource == f"acs:appstreaming:cn-shanghai:1234:instance/{INSTANCE}"


class EditingDirectory(FakeDirectory):
    """A Slack during whose answer somebody edits the allowlist."""

    house: House
    edited: Allowlist

    async def usergroups(self) -> Usergroups:
        """Answer for the groups, after the edit."""
        self.house.allowlist = self.edited
        return await super().usergroups()


async def test_no_decision_mixes_two_versions_of_the_file(cabin: House, tmp_path: Path) -> None:
    """Old and new file both deny Bob: by one group each. An edit in between let him through."""
    deny = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    versions = [
        allowlist(
            tmp_path,
            {"all": [allow("*")], "none": [deny]},
            [{"users": [BOB], "policies": ["all"]}, {"usergroups": [group], "policies": ["none"]}],
        )
        for group in ("S0OPS", "S0NEW")
    ]
    directory = EditingDirectory({"S0OPS": {BOB}, "S0NEW": {BOB}})
    directory.house, directory.edited = cabin, versions[1]
    cabin.allowlist, cabin.rights.directory = versions[0], directory

    decided = [(await cabin.rights.principal(person(BOB))).may(CREATE, Target(IMAGE, BOB)) for _ in range(2)]

    assert [each.decision.verdict for each in decided] == [Verdict.EXPLICIT_DENY] * 2


async def test_a_decision_is_explained_by_what_decided_it(cabin: House, tmp_path: Path) -> None:
    """An edit after the decision doesn't change why."""
    principal = await cabin.rights.principal(person(DAVE))
    decision = principal.may(CREATE, Target(IMAGE, DAVE))
    cabin.allowlist = allowlist(tmp_path, {"all": [allow("*")]}, [{"everyone": True, "policies": ["all"]}])

    assert not decision.allowed
    assert decision.explanation.decision == decision.decision


@pytest.mark.parametrize(
    "change",
    [{"guest": True}, {"external": True}, {"deactivated": True}, {"bot": True}],
    ids=lambda it: next(iter(it)),
)
async def test_everyone_means_members(cabin: House, tmp_path: Path, change: dict[str, bool]) -> None:
    """Who is named keeps what they are named for."""
    cabin.allowlist = allowlist(
        tmp_path,
        {"asks": [allow(CREATE)], "reads": [allow(READ)]},
        [{"everyone": True, "policies": ["asks"]}, {"users": [DAVE], "policies": ["reads"]}],
    )
    member = await cabin.rights.principal(person(DAVE))
    cabin.directory.profiles[DAVE] = replace(Profile(DAVE, "T0TEAM", "Dave"), **change)  # type: ignore[arg-type]
    other = await cabin.rights.principal(person(DAVE))

    assert (member.policies, other.policies) == (("asks", "reads"), ("reads",))


@pytest.mark.parametrize(
    "change", [{"guest": True}, {"external": True}, {"deactivated": True}, {"bot": True}]
)
async def test_a_requester_is_looked_at_as_an_approver_is(cabin: House, change: dict[str, bool]) -> None:
    """At asking, and again before the cloud is called."""
    request = await cabin.submit(image={"image_name": "free"}, start_at=cabin.clock() + 3600)
    await cabin.settle()
    cabin.directory.profiles[ALICE] = replace(Profile(ALICE, "T0TEAM", "Alice"), **change)  # type: ignore[arg-type]

    asked = await cabin.service.submit(person(ALICE), Submission(IMAGE))
    cabin.clock.advance(3601)
    await cabin.settle()

    assert isinstance(asked, Refused)
    assert asked.why is RefusalReason.OUTSIDER
    after = await cabin.get(request)
    assert after.end is not None
    assert after.end.reason == "rights-lost"


async def test_a_command_of_another_team_is_refused(cabin: House) -> None:
    """Unless that team is the person's own too: one organization has several."""
    elsewhere = Person(ALICE, "T0OTHER", "C0IMAGES")
    refused = await cabin.service.submit(elsewhere, Submission(IMAGE))
    cabin.directory.profiles[ALICE] = Profile(ALICE, "T0TEAM", "Alice", teams=frozenset({"T0OTHER"}))
    asked = await cabin.service.submit(elsewhere, Submission(IMAGE))

    assert isinstance(refused, Refused)
    assert refused.why is RefusalReason.OUTSIDER
    assert isinstance(asked, Submitted)


async def test_a_click_that_a_deny_stops_is_explained_and_recorded_by_that_deny(
    cabin: House, tmp_path: Path
) -> None:
    """A decision made with the card's channel is explained and logged with it."""
    deny = allow(APPROVE, StringEquals={"slack:ChannelId": "C0IMAGES"}) | {"Effect": "Deny"}
    cabin.allowlist = allowlist(
        tmp_path,
        {"asks": [allow(CREATE)], "approves": [allow(APPROVE), deny]},
        [{"users": [ALICE], "policies": ["asks"]}, {"users": [BOB], "policies": ["approves"]}],
    )
    request = await cabin.submit()
    outcome = await cabin.service.review(person(BOB), request.id, approves=True)
    details = json.loads((await cabin.log())[-1].details)

    assert isinstance(outcome, Denied)
    assert outcome.explanation.decision.verdict is Verdict.EXPLICIT_DENY
    assert [each.ref.index for each in outcome.explanation.statements if each.matched] == [0, 1]
    assert (details["decision"], details["statements"]) == ("ExplicitDeny", ["approves[1]"])


async def test_an_approver_is_of_their_own_team(cabin: House, tmp_path: Path) -> None:
    """Not of the requester's: a statement about `slack:TeamId` is about who acts."""
    cabin.allowlist = allowlist(
        tmp_path,
        {"asks": [allow(CREATE)], "approves": [allow(APPROVE, StringEquals={"slack:TeamId": "T0OTHER"})]},
        [{"users": [ALICE], "policies": ["asks"]}, {"users": [BOB, CAROL], "policies": ["approves"]}],
    )
    request = await cabin.submit()
    cabin.directory.profiles[BOB] = Profile(BOB, "T0OTHER", "Bob", teams=frozenset({"T0TEAM"}))
    await cabin.service.review(Person(BOB, "T0OTHER", "C0IMAGES"), request.id, approves=True)
    reviewed = await cabin.get(request)

    assert [each.user_id for each in await cabin.rights.valid_reviews(reviewed)] == [BOB]
    cabin.directory.profiles[BOB] = Profile(BOB, "T0TEAM", "Bob")
    assert await cabin.rights.valid_reviews(reviewed) == ()


READERS = {
    "of one instance": allow(READ, resource=f"acs:appstreaming:*:*:instance/{INSTANCE}"),
    "of one requester": allow(READ, StringEquals={"imagebot:RequesterId": ALICE}),
    "of one kind": allow(READ, StringEquals={"appstreaming:DiskType": "SYSTEM"}),
}


@pytest.mark.parametrize("name", READERS)
async def test_reading_is_decided_for_each_request(cabin: House, tmp_path: Path, name: str) -> None:
    """By its instance and by conditions; lists hold what may be read, and no more."""
    cabin.allowlist = allowlist(
        tmp_path,
        {"asks": [allow(CREATE)], "reads": [READERS[name]]},
        [{"users": [ALICE, EVE], "policies": ["asks"]}, {"users": [DAVE], "policies": ["reads"]}],
    )
    readable = await cabin.submit(image={"disk_type": "SYSTEM"})
    hidden = await cabin.submit(user=EVE, instance="ws-other")

    listed = await cabin.service.questions.find(person(DAVE), "all")
    shown = [await cabin.service.questions.show(person(DAVE), each.id) for each in (readable, hidden)]

    assert isinstance(listed, Found)
    assert [each.id for each in listed.requests] == [readable.id]
    assert [type(each) for each in shown] == [Done, Refused]


async def waiting(house: House) -> Request:
    """A request that waits for approval."""
    return await house.submit()


async def test_where_every_member_may_approve_anyone_is_named(cabin: House, tmp_path: Path) -> None:
    """Not nobody."""
    cabin.allowlist = allowlist(
        tmp_path,
        {"asks": [allow(CREATE)], "approves": [allow(APPROVE)]},
        [{"users": [ALICE], "policies": ["asks"]}, {"everyone": True, "policies": ["approves"]}],
    )
    candidates = await cabin.rights.candidates(await waiting(cabin))
    explained = await cabin.service.questions.why(person(ALICE), Submission(IMAGE))

    assert candidates == Candidates((), anyone=True)
    assert isinstance(explained, Explained)
    assert explained.approvers == candidates


async def test_outsiders_take_nobodys_place_in_the_list(cabin: House) -> None:
    """The list is cut after they are dropped."""
    guests = {f"U0AGUEST{number:02}" for number in range(MOST_NAMED)}
    cabin.directory.groups["S0SEC"] |= guests
    for guest in guests:
        cabin.directory.profiles[guest] = Profile(guest, "T0TEAM", guest, guest=True)

    assert await cabin.rights.candidates(await waiting(cabin)) == Candidates((BOB, CAROL, EVE))


async def test_an_outsider_of_the_rule_is_told_by_profile_and_place(cabin: House) -> None:
    """The rule may let guests and others in."""
    open_to_all = replace(DEFAULT_RULE, allow_external=True, allow_guests=True)
    cabin.directory.profiles[DAVE] = Profile(DAVE, "T0FAR", "Dave", external=True, guest=True)
    principal = await cabin.rights.principal(Person(DAVE, "T0FAR", "C0IMAGES"))

    assert (principal.outsider(DEFAULT_RULE), principal.outsider(open_to_all)) == (True, False)


async def test_the_gate_asks_for_everything_again(cabin: House) -> None:
    """With emergency access that is more than the right to ask."""
    request = await cabin.submit(image={"image_name": "free"})
    assert await cabin.rights.may_still_create(request)
    assert not await cabin.rights.may_still_create(replace(request, break_glass=True))
    assert target_of(replace(request, break_glass=True)).break_glass


async def longest_pause(work: Coroutine[Any, Any, Any]) -> float:
    """Do the work; return the longest time that it kept the event loop to itself, in seconds of computing."""
    task, longest = asyncio.ensure_future(work), 0.0
    while not task.done():
        before = time.thread_time()
        await asyncio.sleep(0)
        longest = max(longest, time.thread_time() - before)
    await task
    return longest


async def test_a_group_of_twenty_thousand_does_not_hold_up_the_event_loop(
    cabin: House, tmp_path: Path
) -> None:
    """Nobody among them may, so each of them is checked."""
    cabin.directory.groups["S0OPS"] = {f"U1{number:05}" for number in range(20_000)}
    cabin.allowlist = allowlist(
        tmp_path,
        {"asks": [allow(CREATE)], "approves": [allow(APPROVE, StringEquals={"slack:ChannelId": "C0NONE"})]},
        [{"users": [ALICE], "policies": ["asks"]}, {"usergroups": ["S0OPS"], "policies": ["approves"]}],
    )
    request = await waiting(cabin)

    pauses = [await longest_pause(cabin.rights.candidates(request)) for _ in range(3)]

    assert min(pauses) < 0.05  # the least of three: a busy machine or garbage collection isn't our pause


class CountingImage(CreateImage):
    """An image that counts how often it is put into an access request."""

    def context(self) -> dict[str, str]:
        """Return the keys, and count."""
        built.append(self.instance_id)
        return super().context()


built: list[str] = []


async def test_a_list_of_who_could_help_builds_one_access_request_for_everybody(cabin: House) -> None:
    """Twenty thousand people took 2.8 s when each had one of their own."""
    cabin.directory.groups["S0OPS"] = {f"U1{number:05}" for number in range(100)}
    target = Target(CountingImage(instance_id="ws-0buj1s9gm000001"), ALICE)
    snapshot = (await cabin.rights.principal(person(ALICE))).snapshot
    built.clear()

    able = await cabin.rights.able(APPROVE, target, person(ALICE), snapshot)

    assert able.user_ids
    assert len(built) == 1


async def test_everybody_in_a_list_is_judged_by_their_own_keys(cabin: House, tmp_path: Path) -> None:
    cabin.allowlist = allowlist(
        tmp_path,
        {
            "mine": [allow(APPROVE, StringEquals={"slack:UserId": EVE})],
            "theirs": [allow(APPROVE, StringEquals={"slack:TeamId": "T0OTHER"})],
        },
        [{"users": [BOB, EVE], "policies": ["mine"]}, {"users": [DAVE], "policies": ["theirs"]}],
    )
    snapshot = (await cabin.rights.principal(person(ALICE))).snapshot
    target = Target(IMAGE, ALICE)

    assert (await cabin.rights.able(APPROVE, target, person(ALICE), snapshot)).user_ids == (EVE,)


@pytest.mark.parametrize(
    ("condition", "read"),
    [
        ({"StringEquals": {"slack:UserId": EVE}}, True),
        ({"StringNotLike": {"SLACK:TEAMID": "T0*"}}, True),
        ({"StringEquals": {"slack:ChannelId": "C0"}, "Bool": {"imagebot:StopFirst": "true"}}, False),
        ({}, False),
    ],
    ids=str,
)
def test_policies_that_are_about_one_person_or_team_are_known(
    tmp_path: Path, condition: dict[str, Any], read: bool
) -> None:
    """All others decide alike for everybody who has them, in a list of who could help."""
    policies = {"plain": [allow(APPROVE)], "this": [allow(APPROVE), allow(APPROVE, **condition)]}
    rules = allowlist(tmp_path, policies, [{"users": [EVE], "policies": ["plain", "this"]}])

    assert rules.reads(("plain", "this"), THEIR_OWN) is read
    assert not rules.reads(("plain",), THEIR_OWN)
