"""The page over HTTP: what each person is shown, what they can do, and who is let in. No bot is needed."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.playground.cast import ALICE, BOB, DAVE, GENERAL, IMAGES
from bot.playground.page.backstage import readable
from bot.playground.page.feed import news
from bot.playground.page.look import SHOWN_AT_FIRST, Look, read_look
from bot.playground.page.server import Page
from bot.playground.slack import Message
from bot.playground.stage import Stage
from tests.playground.slack.test_app import MANIFEST
from tests.playground.visits import does, shown

BOT = "U0IMAGEBOT"


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A local Slack and a local cloud; the bot is not started."""
    async with Stage(manifest=MANIFEST) as stage:
        yield stage


@pytest.fixture
async def page(stage: Stage) -> AsyncIterator[Page]:
    """The page on it."""
    async with Page(stage) as page:
        yield page


@pytest.fixture
async def http(page: Page) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of the page."""
    async with aiohttp.ClientSession(page.url) as session:
        yield session


def says(stage: Stage, text: str, channel: str = IMAGES, **fields: Any) -> Message:
    """Let the bot say something."""
    return stage.slack.workspace.conversations.post(Message(channel, "", BOT, text, **fields))


async def test_a_message_for_one_person_is_shown_to_nobody_else(
    stage: Stage, http: aiohttp.ClientSession
) -> None:
    """Ephemeral messages are for one pair of eyes."""
    says(stage, "a secret", only_for=ALICE)

    assert "a secret" in await shown(http, f"?as={ALICE}&in={IMAGES}")
    assert "a secret" not in await shown(http, f"?as={BOB}&in={IMAGES}")


async def test_unread_channels_are_marked_until_they_are_looked_at(
    stage: Stage, http: aiohttp.ClientSession
) -> None:
    """Each person has their own marks."""
    says(stage, "news", GENERAL)
    badge = 'aria-label="1 unread"'

    assert badge in await shown(http, f"?as={ALICE}&in={IMAGES}")
    await shown(http, f"?as={ALICE}&in={GENERAL}")
    assert badge not in await shown(http, f"?as={ALICE}&in={IMAGES}")
    assert badge in await shown(http, f"?as={BOB}&in={IMAGES}")


async def test_a_long_channel_shows_its_newest_messages_and_a_way_to_the_older(
    stage: Stage, http: aiohttp.ClientSession
) -> None:
    """A thousand messages are not drawn at once."""
    for number in range(1_000):
        says(stage, f"message {number}.")

    html = await shown(http, f"?as={ALICE}&in={IMAGES}")

    assert html.count("<article") == SHOWN_AT_FIRST
    assert "message 999." in html
    assert "message 949." not in html
    assert "Show older messages" in html
    assert "message 0." in await shown(http, f"?as={ALICE}&in={IMAGES}&last=1000")


async def test_a_message_goes_to_the_channel_with_ids_for_the_names_in_it(
    stage: Stage, http: aiohttp.ClientSession
) -> None:
    """As Slack's own client sends it; what is typed is never markup."""
    await does(http, "type", **{"as": ALICE, "channel": IMAGES, "text": "@bob see #general & <b> @nobody"})

    said = stage.slack.messages(IMAGES)[-1]
    assert said.text == "<@U0BOB|bob> see <#C0GENERAL|general> &amp; &lt;b&gt; @nobody"
    assert said.user == ALICE


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("/nonsense", "/nonsense is not a valid command"), ("/image help", "no app is connected")],
)
async def test_a_command_that_comes_to_nothing_is_told_to_who_typed_it(
    text: str, sentence: str, http: aiohttp.ClientSession
) -> None:
    """By Slackbot, and to nobody else."""
    await does(http, "type", **{"as": ALICE, "channel": IMAGES, "text": text})

    assert sentence in await shown(http, f"?as={ALICE}&in={IMAGES}")
    assert sentence not in await shown(http, f"?as={BOB}&in={IMAGES}")


async def test_slash_commands_do_not_work_in_threads(stage: Stage, http: aiohttp.ClientSession) -> None:
    """Nor in Slack."""
    root = says(stage, "root")

    answer = await does(
        http, "type", **{"as": ALICE, "channel": IMAGES, "thread": root.ts, "text": "/image help"}
    )

    assert answer["toast"] == "Slash commands do not work in threads."


async def test_a_click_on_what_is_no_longer_there_is_answered(http: aiohttp.ClientSession) -> None:
    """A window may be behind."""
    gone = {"as": ALICE, "where": f"{IMAGES}/1.000001", "action": "request_approve", "value": "r-1"}

    assert (await does(http, "click", **gone))["toast"] == "That is no longer on the screen."


async def test_a_thread_shows_its_messages_and_the_channel_those_that_were_also_sent_there(
    stage: Stage, http: aiohttp.ClientSession
) -> None:
    """Replies are in the thread; a broadcast is in both."""
    root = says(stage, "root")
    says(stage, "only here", thread_ts=root.ts)
    says(stage, "everywhere", thread_ts=root.ts, broadcast=True)

    channel = await shown(http, f"?as={ALICE}&in={IMAGES}")
    thread = await shown(http, f"?as={ALICE}&in={IMAGES}&thread={root.ts}")

    assert ("only here" in channel, "everywhere" in channel) == (False, True)
    assert ("only here" in thread, thread.count("everywhere")) == (True, 2)


async def test_news_reach_an_open_window(stage: Stage, http: aiohttp.ClientSession) -> None:
    """By server-sent events: first everything, then what has changed."""
    async with http.get("/events", params={"as": ALICE, "in": IMAGES}) as events:
        first = json.loads((await events.content.readline()).removeprefix(b"data: "))
        await events.content.readline()
        said = says(stage, "fresh")
        changed = json.loads((await events.content.readline()).removeprefix(b"data: "))

    assert "sidebar" in first
    assert changed["messages"]["order"][-1] == said.ts
    assert "fresh" in changed["messages"]["items"][said.ts]
    assert "sidebar" not in changed


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/", {"Host": "evil.example"}),
        ("GET", "/", {"Origin": "http://evil.example"}),
        ("GET", "/events", {"Host": "evil.example"}),
        ("POST", "/do/bot", {"Content-Type": "text/plain"}),
        ("POST", "/do/bot", {"Content-Type": "application/json", "Origin": "http://evil.example"}),
    ],
)
async def test_pages_from_elsewhere_are_refused(
    method: str, path: str, headers: dict[str, str], http: aiohttp.ClientSession
) -> None:
    """A page on the web must not reach in, by its own name or by another for this machine."""
    async with http.request(
        method, path, headers=headers, data=b"{}" if method == "POST" else None
    ) as answer:
        assert answer.status == 403


async def test_the_page_may_load_nothing_from_outside(http: aiohttp.ClientSession) -> None:
    """The browser is told so, too."""
    async with http.get("/") as answer:
        policy = answer.headers["Content-Security-Policy"]

    assert policy.startswith("default-src 'none'")
    assert "http" not in policy


@pytest.mark.parametrize("tab", ["cloud", "bot", "faults", "allowlist", "stories", "problems"])
async def test_every_tab_can_be_drawn(tab: str, http: aiohttp.ClientSession) -> None:
    """Without a bot, without an image, without a problem."""
    assert f"<h1>{tab.capitalize()}</h1>" in await shown(http, f"?as={ALICE}&in={IMAGES}&tab={tab}")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (
            '{"event": "stepped", "request": "r-1", "level": "info", "timestamp": "2026-11-21T23:15:53.0Z"}',
            "23:15:53 stepped request=r-1",
        ),
        ("a traceback's line", "a traceback's line"),
        ("[1]", "[1]"),
    ],
)
def test_the_bots_log_is_shown_for_people(line: str, shown: str) -> None:
    """A line that isn't a log entry stays as it is."""
    assert readable(line) == shown


@pytest.mark.parametrize("act", ["nonsense", "click", "speed", "fault"])
async def test_what_the_page_cannot_do_is_answered_and_not_broken(
    act: str, http: aiohttp.ClientSession
) -> None:
    """Unknown acts and missing parts."""
    async with http.post(f"/do/{act}", json={"as": ALICE}) as answer:
        assert (answer.status, list(await answer.json())) == (400, ["toast"])


async def test_faults_are_thrown_listed_and_switched_off(stage: Stage, http: aiohttp.ClientSession) -> None:
    """In the cloud and in Slack."""
    await does(http, "fault", side="cloud", value="code-ExceedBuilderQuota")
    await does(http, "fault", side="slack", value="rate-limited")
    html = await shown(http, "?tab=faults")

    assert "cloud: error for 1 × CreateImageByInstance" in html
    assert "Slack: rate_limited for 1 × *" in html

    await does(http, "clear")

    assert "Everything works." in await shown(http, "?tab=faults")
    assert (list(stage.cloud.faults), stage.slack.faults.waiting) == ([], [])


async def test_an_allowlist_is_checked_and_asked_by_the_bots_own_command_line(
    stage: Stage, http: aiohttp.ClientSession
) -> None:
    """Next to it are the findings, and who would be allowed what."""
    await does(http, "check", text="policies: {}\nnonsense: 1\n")
    await does(
        http,
        "ask",
        who=DAVE,
        action="appstreaming:CreateImageByInstance",
        instance="ws-1",
        context="appstreaming:DiskTyp=ALL",
    )
    html = await shown(http, "?tab=allowlist")

    assert "nonsense: is not known here" in html
    assert html.index("<strong>No</strong>") < html.index("ImplicitDeny")
    assert "Note: the bot never sends the condition key appstreaming:DiskTyp." in html
    assert stage.allowlist.read_text() == stage.cast.allowlist


async def test_the_composer_knows_the_commands_of_the_bots_manifest(http: aiohttp.ClientSession) -> None:
    """With their usage."""
    async with http.get("/commands") as answer:
        (command,) = await answer.json()

    assert command["command"] == "/image"
    assert command["usage"] == "list"


@pytest.mark.parametrize(
    ("query", "look"),
    [
        ({}, Look(ALICE, IMAGES)),
        ({"as": BOB, "in": GENERAL, "tab": "cloud"}, Look(BOB, GENERAL, tab="cloud")),
        ({"as": "U0NOBODY", "in": "C0NOWHERE", "tab": "x", "last": "x"}, Look(ALICE, IMAGES)),
        ({"as": BOT}, Look(ALICE, IMAGES)),
        ({"last": "99999999"}, Look(ALICE, IMAGES, last=5_000)),
        ({"last": "9" * 5_000}, Look(ALICE, IMAGES, last=5_000)),
    ],
)
async def test_a_url_is_read_as_far_as_it_makes_sense(
    query: dict[str, str], look: Look, stage: Stage
) -> None:
    """What does not is replaced by where the story plays."""
    assert read_look(query, stage.slack.workspace, ALICE, IMAGES) == look


def test_news_are_what_differs_and_the_order_of_all() -> None:
    """Regions that stayed the same are left out."""
    before = {"messages": {"1": "a", "2": "b"}, "sidebar": {"s": "x"}}
    after = {"messages": {"2": "B", "3": "c"}, "sidebar": {"s": "x"}}

    assert news(before, after) == {"messages": {"order": ["2", "3"], "items": {"2": "B", "3": "c"}}}
    assert news({}, {"modal": {}}) == {"modal": {"order": [], "items": {}}}
    assert news(before, {"messages": {"2": "b", "1": "a"}}) == {
        "messages": {"order": ["2", "1"], "items": {}}
    }
