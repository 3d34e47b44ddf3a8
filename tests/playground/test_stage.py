"""The stage: the bot's start and its allowlist, a cast for somebody's own file, and the demo around them."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from bot.playground.bot_process import BotProcess
from bot.playground.cast import default_cast
from bot.playground.demo import demo
from bot.playground.rehearsal import STRANGER, BadCast, cast_from
from bot.playground.stage import BotDidNotStart, Stage

RULES = """
policies:
  near: near.json
  deep: {Version: "1", Statement: [{Effect: Allow, Action: "*", Resource: "*",
         Condition: {StringEquals: {"slack:UserId": [U0DEEP]}}}]}
groups: {leads: [U0LEAD]}
attachments:
  - {users: [U0ONE, U0TWO], policies: [near]}
  - {usergroups: [S0TEAM], policies: [deep]}
approvals:
  - {name: safe, channel: C0SAFE, quorum: [{usergroups: [S0OTHER], count: 1}]}
"""


async def test_a_bot_that_cannot_start_says_why() -> None:
    """Its last lines are in the error."""
    async with Stage(environment={"IMAGE_TIMEOUT": "soon"}) as stage:
        with pytest.raises(BotDidNotStart) as failed:
            await stage.start_bot()

    assert any("IMAGE_TIMEOUT" in line for line in failed.value.lines)


async def test_the_bot_gets_nothing_of_the_environment_it_is_started_from(tmp_path: Path) -> None:
    """Nobody's own workspace or cloud account is ever touched."""
    bot = BotProcess({"SLACK_API_URL": "http://127.0.0.1:1/api/"}, tmp_path / "log")
    await bot.start()
    await bot.until(lambda: not bot.is_running, 30.0)

    assert bot.heard("SLACK_BOT_TOKEN") > 0
    assert (tmp_path / "log").read_text().splitlines() == list(bot.lines)


HOLDER = """
import asyncio, json, sys
from pathlib import Path
from bot.playground.bot_process import BotProcess

async def keep():
    await BotProcess(json.loads(sys.argv[1]), Path(sys.argv[2])).start()
    await asyncio.Event().wait()

asyncio.run(keep())
"""


async def test_a_bot_does_not_outlive_the_playground_that_is_killed() -> None:
    """SIGKILL: the playground itself has no chance to end it."""
    async with Stage() as stage:
        options = (json.dumps(stage.environment()), str(stage.folder / "kept.log"))
        holder = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLDER, *options)
        await stage.slack.until(lambda slack: slack.sockets.connections, 30.0)

        holder.kill()
        await holder.wait()

        await stage.slack.until(lambda slack: not slack.sockets.connections, 10.0)


async def test_the_running_bot_takes_a_good_edit_and_keeps_its_rules_over_a_broken_one() -> None:
    """And says which."""
    async with Stage() as stage:
        await stage.start_bot()

        assert await stage.save_allowlist(stage.cast.allowlist + "\n# edited\n")
        assert not await stage.save_allowlist("policies: {}\nnonsense: 1\n")
        assert stage.allowlist.read_text() == "policies: {}\nnonsense: 1\n"
        assert await stage.save_allowlist(stage.cast.allowlist)


def test_everybody_whom_an_allowlist_names_becomes_a_persona(tmp_path: Path) -> None:
    """Usergroups get a member each, and there is a stranger who is allowed nothing."""
    file = tmp_path / "rules.yaml"
    file.write_text(RULES)
    (tmp_path / "near.json").write_text("{}")

    cast = cast_from(file)

    assert [user.id for user in cast.people] == [
        "U0DEEP", "U0ONE", "U0TWO", "U0LEAD", "U0INS0TEAM", "U0INS0OTHER", STRANGER
    ]  # fmt: skip
    assert {group.id: group.users for group in cast.usergroups} == {
        "S0TEAM": ("U0INS0TEAM",),
        "S0OTHER": ("U0INS0OTHER",),
    }
    assert [channel.id for channel in cast.channels] == ["C0IMAGES", "C0SAFE"]
    assert (cast.allowlist, dict(cast.policy_files)) == (RULES, {"near.json": "{}"})


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("policies: [", "expected"),
        ("policies: {x: ../outside.json}", "beside the allowlist"),
        ("policies: {x: gone.json}", "can't be read"),
        ("[" * 5_000, "rules.yaml"),
    ],
)
def test_an_allowlist_that_cannot_be_rehearsed_is_refused_in_one_line(
    text: str, complaint: str, tmp_path: Path
) -> None:
    """Not with a traceback."""
    file = tmp_path / "rules.yaml"
    file.write_text(text)

    with pytest.raises(BadCast, match=complaint) as refused:
        cast_from(file)

    assert "\n" not in str(refused.value)


async def rehearsed(**options: object) -> int:
    """The demo's exit status, without a page."""
    defaults = {"port": 0, "browser": False, "once": True, "story": None, "record": None, "allowlist": None}
    return await demo(**(defaults | options))  # type: ignore[arg-type]  # the options of one test


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"story": "nonsense"}, "there is no story 'nonsense', only first-image, by-name"),
        ({"story": "denied", "allowlist": Path("x.yaml")}, "leave out --allowlist"),
        ({"allowlist": Path("nowhere.yaml")}, "nowhere.yaml: there is no such file"),
    ],
)
async def test_options_that_the_demo_cannot_grant_end_it_with_a_sentence(
    options: dict[str, object], complaint: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2."""
    assert await rehearsed(**options) == 2
    assert complaint in capfd.readouterr().err


async def test_the_demo_plays_a_story_and_writes_it_down(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Exit status 0, and a transcript in Markdown."""
    record = tmp_path / "story.md"

    assert await rehearsed(story="denied", record=record) == 0

    told, written = capfd.readouterr().out, await asyncio.to_thread(record.read_text)
    for text in ("Dave", "You don't have permission", "Alibaba Cloud wasn't called."):
        assert text in " ".join(told.split())
        assert text in written
    assert written.startswith("# Denied, and why\n")


async def test_somebodys_own_allowlist_is_taken_as_it_is(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The bot starts with it; no story is played, for its people are others, and the demo says so."""
    file = tmp_path / "rules.yaml"
    file.write_text(default_cast().allowlist)

    assert await rehearsed(allowlist=file) == 0
    assert "There is no story to play" in capfd.readouterr().out


async def test_a_broken_allowlist_ends_the_demo_with_a_line_for_each_error(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """About the file that was named, in the words of `image-bot policy check`."""
    file = tmp_path / "rules.yaml"
    file.write_text("extra: 1\npolicies: {p: []}\n")

    assert await rehearsed(allowlist=file) == 2
    assert [line.partition(" is not")[0] for line in capfd.readouterr().err.splitlines()] == [
        f"{file}: error: line 1: extra:",
        f"{file}: error: line 2: policies.p: must be a mapping, not a list [invalid]",
    ]
