"""A story in the terminal and as a transcript: who says what, the card once and then what changes of it."""

import io

import pytest
from rich.console import Console

from bot.playground.cast import default_cast
from bot.playground.page.names import names
from bot.playground.slack import LocalSlack, Message, User
from bot.playground.slack.workspace import Workspace
from bot.playground.stories import MAIN, Kind, Line
from bot.playground.terminal import Terminal
from bot.playground.transcript import Transcript


def card(headline: str) -> Message:
    """A version of the card."""
    words = {"type": "mrkdwn", "text": f"{headline}\n<@U0ALICE> asks"}
    button = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Approve"}}
    blocks = (
        {"type": "section", "block_id": "1", "text": words},
        {"type": "section", "block_id": "2", "fields": [{"type": "mrkdwn", "text": "*Image*\nbuild-tools"}]},
        {"type": "context", "block_id": "3", "elements": [{"type": "mrkdwn", "text": "request `r-1`"}]},
        {"type": "actions", "block_id": "4", "elements": [button]},
    )
    return Message("C0IMAGES", "1.000001", "U0IMAGEBOT", headline, blocks)


def post(text: str, *, broadcast: bool = False) -> Message:
    """An entry in the thread."""
    return Message("C0IMAGES", "1.000002", "U0IMAGEBOT", text, thread_ts="1.000001", broadcast=broadcast)


STORY = (
    Line(Kind.STAGE, "The stage is set."),
    Line(Kind.ACT, "`/image create ws-1`", "Alice"),
    Line(Kind.ANSWER, "Request `r-1` is sent.", "Alice"),
    Line(Kind.CARD, "", message=card(":hourglass_flowing_sand: *Waiting*")),
    Line(Kind.CARD, "", message=card(":hourglass_flowing_sand: *Waiting*")),
    Line(Kind.CARD, "", message=card(":white_check_mark: *Available*")),
    Line(Kind.POST, "<@U0BOB> approved.", message=post("<@U0BOB> approved.")),
    Line(Kind.POST, "It is there.", message=post("It is there.", broadcast=True)),
    Line(Kind.CHECK, "All is well."),
)


@pytest.fixture
def workspace() -> Workspace:
    """The playground's own people."""
    cast = default_cast()
    return LocalSlack(cast.people, cast.channels, cast.usergroups).workspace


def told(workspace: Workspace, *, terminal: bool) -> str:
    """What the story looks like."""
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=terminal, width=100, highlight=False, color_system=None)
    with Terminal(workspace, console) as narrator:
        for line in STORY:
            narrator(line)
    return screen.getvalue()


def test_without_a_terminal_the_story_is_plain_and_the_card_is_drawn_once(workspace: Workspace) -> None:
    """Afterwards only its first line is told, when it changes."""
    text = told(workspace, terminal=False)

    assert "\x1b" not in text
    assert (text.count("╭"), text.count("the card: ✅ Available"), text.count("⏳ Waiting")) == (1, 1, 1)
    for part in (
        "· The stage is set.",
        "Alice  /image create ws-1",
        "only Alice sees: Request r-1 is sent.",
        "@Alice asks",
        "Image  build-tools",
        "[ Approve ]",
        "├─ @Bob approved.",
        "├─ also sent to the channel: It is there.",
        "✓ All is well.",
    ):
        assert part in text


def test_on_a_terminal_the_card_stays_with_its_last_state(workspace: Workspace) -> None:
    """What it was before is overwritten."""
    last = told(workspace, terminal=True).rpartition("All is well.")[2]

    assert "✅ Available" in last
    assert "Waiting" not in last
    assert "It is there." in last


def test_a_transcript_is_markdown(workspace: Workspace) -> None:
    """With the story's title; commands in code, the card by its first line."""
    transcript = Transcript(MAIN, names(workspace, User("U0READER")))
    for line in STORY:
        transcript(line)

    assert transcript.markdown().split("\n\n") == [
        "# A request, an approval, an image",
        "_The stage is set._",
        "**Alice** `/image create ws-1`",
        "> only Alice sees: Request `r-1` is sent.",
        "> the card: ⏳ **Waiting**",
        "> the card: ✅ **Available**",
        "> in the thread: @Bob approved.",
        "> in the thread: It is there.",
        "✓ All is well.\n",
    ]
