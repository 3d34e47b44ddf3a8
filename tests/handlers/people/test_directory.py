"""Who is in which group and who people are: remembered shortly, asked once, kept when Slack fails."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.errors import DirectoryDown
from bot.playground.slack import Channel, Fault, FaultKind, LocalSlack, User, Usergroup
from bot.ports import Profile
from handlers.people.directory import FRESH, STALE, Home, SlackDirectory, profile_of
from handlers.transport.connection import web_client, web_session


class Clock:
    """Time that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The directory's clock."""
    return Clock()


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    """A local Slack with two groups and all kinds of people."""
    people = [
        User("U0ALICE", "alice", real_name="Alice", locale="zh-CN", tz="Asia/Shanghai"),
        User("U0GUEST", "guest", is_restricted=True),
        User("U0GONE", "gone", deleted=True),
        User("U0FAR", "far", team_id="T0ELSEWHERE"),
        User("U0ROBOT", "robot", is_bot=True),
    ]
    groups = [Usergroup("S0OPS", "ops", ("U0ALICE",)), Usergroup("S0SEC", "sec", ("U0GUEST",))]
    async with LocalSlack(people, [Channel("C0IMAGES")], groups) as local:
        yield local


@pytest.fixture
async def directory(slack: LocalSlack, clock: Clock) -> AsyncIterator[SlackDirectory]:
    """The directory, connected."""
    async with web_session() as session:
        yield SlackDirectory(web_client(slack.app.bot_token, slack.url, session), clock)


def asked(slack: LocalSlack, method: str) -> int:
    """How often a method of the Web API was called."""
    return [call.method for call in slack.ledger.calls].count(method)


async def test_groups_are_those_of_the_asked_ones_that_the_user_is_in(directory: SlackDirectory) -> None:
    """Only groups that the allowlist names matter."""
    among = frozenset({"S0OPS", "S0SEC", "S0NONE"})

    assert await directory.groups_of("U0ALICE", among) == {"S0OPS"}
    assert await directory.groups_of("U0ALICE", frozenset({"S0SEC"})) == frozenset()
    assert await directory.members("S0NONE") == frozenset()


@pytest.mark.parametrize(
    ("user_id", "profile"),
    [
        ("U0ALICE", Profile("U0ALICE", "T0PLAYGROUND", "Alice", "Asia/Shanghai", "zh-CN")),
        ("U0GUEST", Profile("U0GUEST", "T0PLAYGROUND", "guest", "Etc/UTC", guest=True)),
        ("U0GONE", Profile("U0GONE", "T0PLAYGROUND", "gone", "Etc/UTC", deactivated=True)),
        ("U0FAR", Profile("U0FAR", "T0ELSEWHERE", "far", "Etc/UTC", external=True)),
        ("U0ROBOT", Profile("U0ROBOT", "T0PLAYGROUND", "robot", "Etc/UTC", bot=True)),
        ("U0NOBODY", Profile("U0NOBODY", "", "U0NOBODY", deactivated=True, external=True)),
    ],
)
async def test_a_profile_says_what_kind_of_person_it_is(
    directory: SlackDirectory, user_id: str, profile: Profile
) -> None:
    """Whom Slack does not know may do nothing."""
    assert await directory.profile(user_id) == profile


async def test_an_answer_is_remembered_for_less_than_a_minute(
    slack: LocalSlack, directory: SlackDirectory, clock: Clock
) -> None:
    """A right that was taken away is gone by then."""
    assert FRESH <= 60
    await directory.members("S0OPS")
    slack.workspace.usergroups["S0OPS"] = Usergroup("S0OPS", "ops", ())
    clock.now += FRESH - 1
    before = await directory.members("S0OPS")
    clock.now += 1

    after = await directory.members("S0OPS")

    assert (set(before), set(after)) == ({"U0ALICE"}, set())
    assert asked(slack, "usergroups.users.list") == 2


async def test_whoever_asks_at_once_waits_for_one_answer(
    slack: LocalSlack, directory: SlackDirectory
) -> None:
    """Twenty clicks are one call."""
    answers = await asyncio.gather(*(directory.members("S0OPS") for _ in range(20)))

    assert set(answers) == {frozenset({"U0ALICE"})}
    assert asked(slack, "usergroups.users.list") == 1


@pytest.mark.parametrize("kind", [FaultKind.SERVER_ERROR, FaultKind.RATE_LIMITED, FaultKind.DROPPED])
async def test_while_slack_fails_what_is_known_serves_for_five_minutes(
    slack: LocalSlack, directory: SlackDirectory, clock: Clock, kind: FaultKind
) -> None:
    """After that nobody can say."""
    assert STALE <= 300
    await directory.members("S0OPS")
    slack.faults.set(Fault(kind, "*", times=99))
    clock.now += STALE - 1

    assert await directory.members("S0OPS") == {"U0ALICE"}

    clock.now += 2
    with pytest.raises(DirectoryDown):
        await directory.members("S0OPS")


async def test_nothing_known_and_no_answer_is_an_error(slack: LocalSlack, directory: SlackDirectory) -> None:
    """The core denies."""
    slack.faults.set(Fault(FaultKind.SERVER_ERROR, "*", times=9))

    with pytest.raises(DirectoryDown):
        await directory.profile("U0ALICE")


async def test_a_failure_is_not_remembered(slack: LocalSlack, directory: SlackDirectory) -> None:
    """The next one asks again."""
    slack.faults.set(Fault(FaultKind.SERVER_ERROR, "*"))
    with pytest.raises(DirectoryDown):
        await directory.members("S0OPS")

    assert await directory.members("S0OPS") == {"U0ALICE"}


async def test_on_a_plan_without_usergroups_every_group_is_empty(
    slack: LocalSlack, directory: SlackDirectory
) -> None:
    """Named lists in the allowlist take their place."""
    slack.faults.set(Fault(FaultKind.REFUSED, "usergroups.users.list", error="plan_upgrade_required"))

    assert await directory.members("S0OPS") == frozenset()


async def test_handles_are_what_people_call_the_groups(
    slack: LocalSlack, directory: SlackDirectory, clock: Clock
) -> None:
    """None on a plan without usergroups."""
    assert await directory.handles() == {"S0OPS": "ops", "S0SEC": "sec"}

    slack.admin.set_paid_plan(paid=False)
    clock.now += 60
    assert await directory.handles() == {}


@pytest.mark.parametrize(
    ("user", "external"),
    [
        ({"team_id": "T0HOME"}, False),
        ({"team_id": "T0OTHER"}, True),
        ({"team_id": "T0OTHER", "enterprise_user": {"enterprise_id": "E0OURS"}}, False),
        ({"team_id": "T0OTHER", "enterprise_user": {"enterprise_id": "E0THEIRS"}}, True),
        ({"team_id": "T0HOME", "is_stranger": True}, True),
        ({"profile": {"team": "T0OTHER"}}, True),
        ({}, False),  # Slack names the workspace of everybody from elsewhere
    ],
)
def test_whoever_is_of_another_workspace_is_external(user: dict[str, Any], external: bool) -> None:
    """A shared channel does not make them one of us; one organization does."""
    profile = profile_of({"id": "U1", **user}, Home("T0HOME", "E0OURS"))

    assert profile.external is external


def test_without_an_organization_nobody_shares_it() -> None:
    """Nothing equals nothing, and means nothing."""
    assert profile_of({"id": "U1", "team_id": "T0OTHER"}, Home("T0HOME", "")).external
