"""Who is in which group and who people are: remembered shortly, asked once, kept when Slack fails."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.errors import DirectoryDown
from bot.playground.slack import Channel, Fault, FaultKind, LocalSlack, User, Usergroup
from bot.ports import Profile, Usergroups
from handlers.people.directory import Home, SlackDirectory, profile_of
from handlers.people.remembered import FRESH, SILENT, STALE, WAIT
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


HERE = frozenset({"T0PLAYGROUND"})


def asked(slack: LocalSlack, method: str) -> int:
    """How often a method of the Web API was called."""
    return [call.method for call in slack.ledger.calls].count(method)


async def members(directory: SlackDirectory, group: str = "S0OPS") -> set[str]:
    """Who is in a usergroup."""
    return set((await directory.usergroups()).members.get(group, ()))


async def test_groups_are_those_of_the_asked_ones_that_the_user_is_in(directory: SlackDirectory) -> None:
    """Only groups that the allowlist names matter."""
    known = await directory.usergroups()

    assert known.of("U0ALICE", frozenset({"S0OPS", "S0SEC", "S0NONE"})) == {"S0OPS"}
    assert known.of("U0ALICE", frozenset({"S0SEC"})) == frozenset()
    assert known.handles == {"S0OPS": "ops", "S0SEC": "sec"}


async def test_any_number_of_usergroups_is_one_call(slack: LocalSlack, directory: SlackDirectory) -> None:
    """Slack lets an app ask for twenty a minute one by one."""
    for number in range(60):
        slack.workspace.usergroups[f"S1{number}"] = Usergroup(f"S1{number}", f"g{number}", ("U0GUEST",))

    assert len((await directory.usergroups()).members) == 62
    assert [call.method for call in slack.ledger.calls if call.method.startswith("usergroups")] == [
        "usergroups.list"
    ]


async def test_a_usergroup_that_is_switched_off_has_nobody(
    slack: LocalSlack, directory: SlackDirectory
) -> None:
    """Its members keep no right by it."""
    slack.workspace.usergroups["S0OPS"] = Usergroup("S0OPS", "ops", ("U0ALICE",), is_enabled=False)

    assert await members(directory) == set()


@pytest.mark.parametrize(
    ("user_id", "profile"),
    [
        ("U0ALICE", Profile("U0ALICE", "T0PLAYGROUND", "Alice", "Asia/Shanghai", "zh-CN", teams=HERE)),
        ("U0GUEST", Profile("U0GUEST", "T0PLAYGROUND", "guest", "Etc/UTC", guest=True, teams=HERE)),
        ("U0GONE", Profile("U0GONE", "T0PLAYGROUND", "gone", "Etc/UTC", deactivated=True, teams=HERE)),
        ("U0FAR", Profile("U0FAR", "T0ELSEWHERE", "far", "Etc/UTC", external=True)),
        ("U0ROBOT", Profile("U0ROBOT", "T0PLAYGROUND", "robot", "Etc/UTC", bot=True, teams=HERE)),
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
    """A revoked permission is gone by then."""
    assert FRESH <= 60
    await members(directory)
    slack.workspace.usergroups["S0OPS"] = Usergroup("S0OPS", "ops", ())
    clock.now += FRESH - 1
    before = await members(directory)
    clock.now += 1

    assert (before, await members(directory)) == ({"U0ALICE"}, set())
    assert asked(slack, "usergroups.list") == 2


async def test_who_asks_at_once_waits_for_one_answer(slack: LocalSlack, directory: SlackDirectory) -> None:
    """Twenty clicks are one call."""
    answers = await asyncio.gather(*(members(directory) for _ in range(20)))

    assert answers == [{"U0ALICE"}] * 20
    assert asked(slack, "usergroups.list") == 1


@pytest.mark.parametrize("kind", [FaultKind.SERVER_ERROR, FaultKind.RATE_LIMITED, FaultKind.DROPPED])
async def test_while_slack_fails_what_is_known_serves_for_five_minutes(
    slack: LocalSlack, directory: SlackDirectory, clock: Clock, kind: FaultKind
) -> None:
    """After that nobody can say."""
    assert STALE <= 300
    await members(directory)
    slack.faults.set(Fault(kind, "*", times=99))
    clock.now += STALE - 1

    assert await members(directory) == {"U0ALICE"}

    clock.now += 2
    with pytest.raises(DirectoryDown):
        await members(directory)


async def test_nothing_known_and_no_answer_is_an_error(slack: LocalSlack, directory: SlackDirectory) -> None:
    """The core denies."""
    slack.faults.set(Fault(FaultKind.SERVER_ERROR, "*", times=9))

    with pytest.raises(DirectoryDown):
        await directory.profile("U0ALICE")


async def test_a_failure_is_remembered_for_some_seconds(
    slack: LocalSlack, directory: SlackDirectory, clock: Clock
) -> None:
    """The next answer of the same action doesn't wait for Slack again; the next action asks again."""
    slack.faults.set(Fault(FaultKind.SERVER_ERROR, "*"))
    for _ in range(3):
        with pytest.raises(DirectoryDown):
            await members(directory)
    assert asked(slack, "usergroups.list") == 1

    clock.now += SILENT

    assert await members(directory) == {"U0ALICE"}


async def test_nobody_waits_twice_for_a_slack_that_does_not_answer(
    slack: LocalSlack, directory: SlackDirectory, clock: Clock
) -> None:
    """One wait for everything that an action asks at once; after it the old answers serve."""
    await asyncio.gather(members(directory), directory.profile("U0ALICE"))
    slack.faults.set(Fault(FaultKind.SLOW, "*", times=9, seconds=WAIT + 3))
    clock.now += FRESH
    loop = asyncio.get_running_loop()
    begun = loop.time()

    for _ in range(3):
        found, profile = await asyncio.gather(members(directory), directory.profile("U0ALICE"))

    assert (found, profile.name) == ({"U0ALICE"}, "Alice")
    assert WAIT <= loop.time() - begun < 2 * WAIT


async def test_a_rate_limit_is_kept_for_as_long_as_slack_asks(
    slack: LocalSlack, directory: SlackDirectory, clock: Clock
) -> None:
    """It is the method's: nobody else is asked about meanwhile, and what is known serves."""
    await directory.profile("U0ALICE")
    slack.faults.set(Fault(FaultKind.RATE_LIMITED, "users.info", seconds=30))
    clock.now += FRESH
    assert (await directory.profile("U0ALICE")).name == "Alice"

    clock.now += 29
    with pytest.raises(DirectoryDown):
        await directory.profile("U0GUEST")
    assert asked(slack, "users.info") == 2

    clock.now += 1
    assert (await directory.profile("U0GUEST")).guest


async def test_on_a_plan_without_usergroups_there_are_none(
    slack: LocalSlack, directory: SlackDirectory
) -> None:
    """Named lists in the allowlist take their place."""
    slack.admin.set_paid_plan(paid=False)

    assert await directory.usergroups() == Usergroups()


async def test_where_the_bot_is_installed_is_asked_once_at_most(
    slack: LocalSlack, directory: SlackDirectory, clock: Clock
) -> None:
    """The start asks anyway, and gives its answer on."""
    await directory.profile("U0ALICE")
    clock.now += STALE
    await directory.profile("U0ALICE")

    assert asked(slack, "auth.test") == 1


@pytest.mark.parametrize(
    ("user", "external"),
    [
        ({"team_id": "T0HOME"}, False),
        ({"team_id": "T0OTHER"}, True),
        ({"team_id": "T0OTHER", "enterprise_user": {"enterprise_id": "E0OURS"}}, False),
        ({"team_id": "T0OTHER", "enterprise_user": {"enterprise_id": "E0THEIRS"}}, True),
        ({"team_id": "T0OTHER", "enterprise_user": {"teams": ["T0THIRD", "T0HOME"]}}, False),
        ({"team_id": "T0OTHER", "enterprise_user": {"teams": ["T0THIRD"]}}, True),
        ({"team_id": "T0HOME", "is_stranger": True}, True),
        ({"profile": {"team": "T0OTHER"}}, True),
        ({}, False),  # Slack names the workspace of everybody from elsewhere
    ],
)
def test_who_is_of_another_workspace_is_external(user: dict[str, Any], external: bool) -> None:
    """A shared channel does not make them one of us; one organization does."""
    profile = profile_of({"id": "U1", **user}, Home("T0HOME", "E0OURS"))

    assert profile.external is external


def test_without_an_organization_nobody_shares_it() -> None:
    """Nothing equals nothing, and means nothing."""
    assert profile_of({"id": "U1", "team_id": "T0OTHER"}, Home("T0HOME", "")).external


async def test_who_is_in_a_channel_is_asked_page_by_page(
    slack: LocalSlack, directory: SlackDirectory
) -> None:
    """Nobody is in one that the bot can't see."""
    crowd = {f"U1{number:05}" for number in range(1500)}
    slack.workspace.channels["C0CROWD"] = Channel("C0CROWD", "crowd", members={"U0ALICE", *crowd})

    assert await directory.in_channel("U0ALICE", "C0CROWD")
    assert not await directory.in_channel("U0GUEST", "C0CROWD")
    assert not await directory.in_channel("U0ALICE", "C0NOWHERE")
    assert asked(slack, "conversations.members") == 3
