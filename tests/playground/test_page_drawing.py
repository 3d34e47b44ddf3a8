"""The page draws what Slack draws: mrkdwn, dates, emoji, mentions, blocks; what it cannot draw it says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.playground.cast import ALICE, BOB, IMAGES, default_cast
from bot.playground.page.dates import date, epoch_of, moment, zone
from bot.playground.page.drawing import Drawing, text_html
from bot.playground.page.names import names
from bot.playground.slack import LocalSlack, Message, User
from bot.playground.slack.wire import JsonObject
from bot.playground.slack.workspace import Workspace

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC).timestamp()
BOT = "U0IMAGEBOT"


@pytest.fixture
def workspace() -> Workspace:
    """The playground's own people and channels; nothing listens."""
    cast = default_cast()
    return LocalSlack(cast.people, cast.channels, cast.usergroups, clock=lambda: NOON).workspace


@pytest.mark.parametrize(
    ("mrkdwn", "html"),
    [
        ("plain", "plain"),
        ("*bold* _italic_ ~gone~", "<strong>bold</strong> <em>italic</em> <s>gone</s>"),
        ("*bold and _italic_*", "<strong>bold and </strong><em><strong>italic</strong></em>"),
        ("`code *as it is*`", "<code>code *as it is*</code>"),
        ("```a < b\nnext```", "<pre>a &lt; b\nnext</pre>"),
        (">quoted\n>more\nnot", "<blockquote>quoted\nmore</blockquote>not"),
        ("2*3*4 and snake_case_name", "2*3*4 and snake_case_name"),
        ("* not bold *", "* not bold *"),
        ("<@U0BOB>", '<span class="mention">@Bob</span>'),
        ("<@U0NOBODY>", '<span class="mention">@U0NOBODY</span>'),
        ("<#C0IMAGES>", '<span class="mention">#images</span>'),
        ("<!subteam^S0OPS>", '<span class="mention">@operations</span>'),
        ("<!channel>", '<span class="mention">@channel</span>'),
        (
            "<https://example.com?a=1&amp;b=2|there>",
            '<a href="https://example.com?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">there</a>',
        ),
        ("<javascript:alert(1)|there>", "&lt;javascript:alert(1)|there&gt;"),
        ("&lt;script&gt;", "&lt;script&gt;"),
        ("<script>", "&lt;script&gt;"),
        (":white_check_mark: done :no_such_emoji:", "✅ done :no_such_emoji:"),
        (f"<!date^{int(NOON)}^{{date_short_pretty}} {{time}}|then>", "Today 13:00"),
        ("<!date^soon^{time}|then>", "then"),
    ],
)
def test_mrkdwn_becomes_the_html_that_slack_would_show(mrkdwn: str, html: str, workspace: Workspace) -> None:
    """Read by Alice, who lives in Berlin."""
    assert text_html({"type": "mrkdwn", "text": mrkdwn}, names(workspace, workspace.users[ALICE])) == html


def test_plain_text_is_not_read_as_markup(workspace: Workspace) -> None:
    """Only emoji codes count in it, and only when it says so."""
    name = names(workspace, workspace.users[ALICE])

    assert text_html({"type": "plain_text", "text": "*a* <@U0BOB> :x:"}, name) == "*a* &lt;@U0BOB&gt; ❌"
    assert text_html({"type": "plain_text", "text": ":x:", "emoji": False}, name) == ":x:"


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("{date_num}", "2026-11-20"),
        ("{date_pretty} at {time_secs}", "Yesterday at 23:30:00"),
        ("{date_long}", "Friday, November 20, 2026"),
        ("{date_short}", "Nov 20, 2026"),
        ("{date}", "November 20, 2026"),
        ("{ago}", "12 h ago"),
    ],
)
def test_dates_are_shown_in_the_readers_zone(form: str, shown: str) -> None:
    """Half past eleven in the evening, UTC, seen from UTC half a day later."""
    then = datetime(2026, 11, 20, 23, 30, tzinfo=UTC).timestamp()

    assert date(f"!date^{int(then)}^{form}|x", ZoneInfo("UTC"), NOON) == shown


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("{date_short_pretty} {time}", "昨天 23:30"),
        ("{date_long}", "2026年11月20日"),
        ("{date_num}", "2026-11-20"),
    ],
)
def test_dates_are_shown_in_the_readers_language(form: str, shown: str) -> None:
    """As Slack writes them for who uses it in Chinese."""
    then = datetime(2026, 11, 20, 23, 30, tzinfo=UTC).timestamp()

    assert date(f"!date^{int(then)}^{form}|x", ZoneInfo("UTC"), NOON, "zh-CN") == shown


def test_a_zone_that_the_machine_does_not_know_is_taken_by_its_offset() -> None:
    """Slack gives both."""
    assert zone(User("U1", tz="Mars/Olympus", tz_offset=3600)).utcoffset(None) == timedelta(hours=1)


RICH = {"type": "rich_text_section", "elements": [{"type": "text", "text": "rich words"}]}


def text_block(text: str) -> JsonObject:
    """A section."""
    return {"type": "section", "block_id": "b", "text": {"type": "mrkdwn", "text": text}}


def drawn(workspace: Workspace, *blocks: JsonObject, **fields: object) -> str:
    """A message of the bot's with these blocks, as Alice sees it."""
    message = replace(Message(IMAGES, f"{NOON:.6f}", BOT, "text", blocks), **fields)  # type: ignore[arg-type]  # a test's shorthand
    return Drawing(workspace).message(message, ALICE, "/?thread")


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (text_block("*hello*"), "<strong>hello</strong>"),
        ({"type": "header", "text": {"type": "plain_text", "text": "Title"}}, "<h3>Title</h3>"),
        ({"type": "divider"}, "<hr>"),
        ({"type": "context", "elements": [{"type": "mrkdwn", "text": "small"}]}, "small"),
        (
            {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Name*\nvalue"}]},
            "<strong>Name</strong>\nvalue",
        ),
        (
            {"type": "image", "image_url": "https://example.com/x.png", "alt_text": "a chart"},
            'aria-label="a chart"',
        ),
        ({"type": "video", "title": {}}, "not drawn: <code>video</code>"),
        (
            {"type": "actions", "elements": [{"type": "workflow_button", "action_id": "w"}]},
            "not drawn: <code>workflow_button</code>",
        ),
        (
            {"type": "rich_text", "elements": [RICH]},
            "rich words",
        ),
    ],
)  # fmt: skip
def test_every_block_is_drawn_or_said_not_to_be(
    block: JsonObject, expected: str, workspace: Workspace
) -> None:
    """Nothing is left blank, and no picture is fetched from elsewhere."""
    html = drawn(workspace, {"block_id": "b", **block})

    assert expected in html
    assert "example.com" not in html


def test_a_button_carries_what_a_click_needs(workspace: Workspace) -> None:
    """Its action, its value, its style, and the dialog that asks first."""
    words = {"type": "plain_text", "text": "Sure?"}
    button = {
        "type": "button", "action_id": "request_approve", "value": "r-1", "style": "danger", "text": words,
        "confirm": {"title": words, "text": words, "confirm": words, "deny": words},
    }  # fmt: skip

    html = drawn(workspace, {"type": "actions", "block_id": "b", "elements": [button]})

    for part in ('data-action="request_approve"', 'data-value="r-1"', "danger", "data-confirm=", "Sure?"):
        assert part in html


def test_what_only_one_person_sees_says_so(workspace: Workspace) -> None:
    """And has no thread."""
    html = drawn(workspace, text_block("psst"), only_for=ALICE)

    assert "Only visible to you" in html
    assert "Reply in thread" not in html


def test_two_readers_see_the_same_message_at_their_own_hour(workspace: Workspace) -> None:
    """Alice is in Berlin, Bob in New York; neither gets the other's drawing."""
    drawing = Drawing(workspace)
    message = Message(IMAGES, f"{NOON:.6f}", BOT, "noon")

    assert "13:00" in drawing.message(message, ALICE, "/")
    assert "07:00" in drawing.message(message, BOB, "/")


def test_a_changed_message_is_redrawn(workspace: Workspace) -> None:
    """The old drawing is kept for the old version only."""
    drawing = Drawing(workspace)
    message = Message(IMAGES, f"{NOON:.6f}", BOT, "before")
    drawing.message(message, ALICE, "/")

    assert "after" in drawing.message(replace(message, text="after"), ALICE, "/")


def test_a_moment_is_entered_in_the_zone_of_who_enters_it() -> None:
    """A browser knows no zones in such a field; what is no moment is none."""
    berlin = ZoneInfo("Europe/Berlin")

    assert epoch_of(moment(NOON, berlin), berlin) == NOON
    assert epoch_of("soon", berlin) is None
