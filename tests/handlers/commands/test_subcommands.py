"""Each sub-command: what is typed, what the service is asked once, what is answered."""

import html
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.actions import Action
from bot.domain.lifecycle import Status
from bot.domain.request import BOT, End, Failure, Submission
from bot.ports import Posted
from bot.service.outcomes import Delegated, Delegations, Done, Found, Submitted
from bot.service.records import Happened, Story
from handlers.commands.again import draft_of
from handlers.commands.table import SUBCOMMANDS, USAGE_HINT
from handlers.transport.manifest import manifest
from tests.fakes import NOW, image, request
from tests.handlers.commands.caller import ALICE, Caller

ID = "r-7abcdef"
WRAPPED = (ID, f"`{ID}`", f"*{ID}*", f"({ID}).", ID.upper(), f"#{ID}", "r‑7abcdef", f"「{ID}」")
CARD = "https://example.slack.com/archives/C0IMAGES/p1700000000000100"
IN_THREAD = "https://example.slack.com/archives/C0IMAGES/p1700000000000200?thread_ts=1700000000.000100"
UNKNOWN = "https://example.slack.com/archives/C0IMAGES/p1700000000000404"
LINKS = (
    CARD,
    CARD.upper(),
    CARD.lower(),
    f"<{CARD}>",
    f"<{CARD}|the card>",
    f"({CARD}).",
    f"<{IN_THREAD}&amp;cid=C0IMAGES>",
)
SUBCOMMAND = st.sampled_from(sorted(SUBCOMMANDS))


@pytest.mark.parametrize(
    ("text", "outcome", "asked"),
    [
        ("list", Found(()), ("find", ALICE, "mine", 1)),
        ("LIST pending", Found(()), ("find", ALICE, "pending", 1)),
        ("list ALL", Found(()), ("find", ALICE, "all", 1)),
        *((f"show {typed}", Done(request()), ("show", ALICE, ID)) for typed in WRAPPED),
        ("list --page 3 all", Found(()), ("find", ALICE, "all", 3)),
        *((f"show {link}", Done(request()), ("show", ALICE, ID)) for link in LINKS),
        (f"why {CARD}", Done(request()), ("show", ALICE, ID)),
        (f"cancel {CARD} not needed", Done(request()), ("cancel", ALICE, ID, "not needed")),
        (f"approve {ID}", Done(request()), ("show", ALICE, ID)),
        (f"REJECT {ID} not needed", Done(request()), ("show", ALICE, ID)),
        ("ｓｈｏｗ　ｒ－７ａｂｃｄｅｆ", Done(request()), ("show", ALICE, ID)),
        (f"history {ID}", Story(request(), ()), ("history", ALICE, ID)),
        ("images", Found(()), ("images", ALICE, "")),
        ("images build tools", Found(()), ("images", ALICE, "build tools")),
        (f"again {ID}", Done(request()), ("show", ALICE, ID)),
        (f"why {ID}", Done(request()), ("show", ALICE, ID)),
        (f"retry {ID}", Done(request()), ("retry", ALICE, ID)),
        (f"cancel {ID}", Done(request()), ("cancel", ALICE, ID, "")),
        (f"cancel {ID} not needed", Done(request()), ("cancel", ALICE, ID, "not needed")),
        (f"cancel {ID} --reason 'not needed'", Done(request()), ("cancel", ALICE, ID, "not needed")),
        ("delegate", Delegations(), ("delegations", ALICE)),
        *(
            (f"delegate {off}", Delegated("U0ALICE", "U0BOB", None), ("end_delegation", ALICE))
            for off in ("OFF", "end", "Stop", "结束", "取消")
        ),
        (
            "delegate <@U0BOB|bob> for 2 days",
            Delegated("U0ALICE", "U0BOB", NOW),
            ("delegate", ALICE, "U0BOB", NOW + 2 * 86400),
        ),
        (
            "delegate `<@U0BOB|bob>`, 2d",
            Delegated("U0ALICE", "U0BOB", NOW),
            ("delegate", ALICE, "U0BOB", NOW + 2 * 86400),
        ),
        (
            "delegate U0BOB0000 2d",
            Delegated("A", "B", NOW),
            ("delegate", ALICE, "U0BOB0000", NOW + 2 * 86400),
        ),
    ],
)
async def test_a_subcommand_asks_the_service_once(
    text: str, outcome: object, asked: tuple[object, ...]
) -> None:
    alice = Caller(outcome)

    post = await alice.types(text)

    assert alice.asked == [asked]
    assert post or alice.opened


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("creat ws-1", "Did you mean `create`?"),
        ("frobnicate", "There's no command `frobnicate`. You can use: `create`"),
        ("help creat", "Did you mean `create`?"),
        ("WS-1 --name x", "put `create` before it"),
        (f"show {ID} r-2", "what `r-2` belongs to"),
        ("show", "Add its ID after `show`"),
        ("cancel --reason x", "Add its ID after `cancel`"),
        ("list pendin", "Did you mean `pending`?"),
        ("whoami now", "what `now` belongs to"),
        ("approve", "Use the buttons on the request's card"),
        ("REJECT --reason x", "Use the buttons on the request's card"),
        (f"show {UNKNOWN}", "can't find a request for that link"),
        ("list --page two", "`two` isn't a page"),
        ("again", "Add its ID after `again`"),
        ("delegate off now", "what `now` belongs to"),
        ("delegate @bob 2d", "`@bob` isn't a person"),
        ("delegate <!channel>", "Until when?"),
        ("delegate <@U0BOB> soon", "can't read `soon`"),
        ("create ws-1 --distribute x", "“x” isn't a region"),
        ("x" * 8001, "That's `8001` characters"),
    ],
)
async def test_a_mistake_is_said_and_nothing_is_asked(text: str, said: str) -> None:
    alice = Caller()

    post = await alice.types(text)

    assert post is not None
    assert said in post.text
    assert alice.asked == []


@given(st.builds("{} {}".format, SUBCOMMAND | st.text(), st.text()))
async def test_any_text_is_answered(text: str) -> None:
    """Whatever is typed, a mistake is told or the service is asked, and nothing is raised."""

    class Asked(Exception):
        """The service was asked."""

    with suppress(Asked):
        post = await Caller(Asked()).types(text)
        assert post is None or post.text


async def test_what_happens_around_the_image_is_submitted_with_it() -> None:
    alice = Caller(Submitted(request()))

    await alice.types("create ws-0buj1s9gm --stop-first --distribute cn-beijing --reason <@U0BOB|bob>")

    [(_, _, submission)] = alice.asked
    assert isinstance(submission, Submission)
    assert (submission.image, submission.reason) == (image(), "@bob")
    assert (submission.stop_first, submission.regions) == (True, ("cn-beijing",))


async def test_who_is_delegated_to_is_told() -> None:
    alice = Caller(Delegated("U0ALICE", "U0BOB", NOW))

    await alice.types("delegate <@U0BOB> 2d")

    assert [to.user_id for to, _ in alice.told] == ["U0BOB"]


async def test_help_names_every_subcommand_as_it_is_written_and_begins_with_a_line_to_copy() -> None:
    post = await Caller().types("help")

    assert post is not None
    assert "`/image create ws-0buj1s9gm" in post.text.split("\n")[1]
    for row in SUBCOMMANDS.values():
        assert f"`/image {row.name} {row.usage}".rstrip() + "`" in html.unescape(post.text)


def test_the_hint_that_slack_shows_names_the_subcommands() -> None:
    [command] = manifest(usage_hint=USAGE_HINT)["features"]["slash_commands"]

    assert [word.split()[0] for word in command["usage_hint"].split(" | ")] == list(SUBCOMMANDS)
    assert command["usage_hint"].startswith("create <machine> | instances | ")


async def test_again_opens_the_form_with_all_that_was_asked_for_but_its_name() -> None:
    asked = image(image_name="x", tags=('"team=a, b"',), disk_type="SYSTEM", description="tools")
    alice = Caller(Done(request(image=asked, reason="new build", notify=("C0OTHER",))))

    await alice.types(f"again {ID}")

    [view] = alice.opened
    filled = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert filled["instance_id"]["initial_option"]["value"] == "ws-0buj1s9gm"
    assert filled["tags"]["initial_value"] == '"team=a, b"'
    assert filled["disk_type"]["initial_option"]["value"] == "SYSTEM"
    assert (filled["description"]["initial_value"], filled["reason"]["initial_value"]) == (
        "tools",
        "new build",
    )
    assert filled["notify"]["initial_conversations"] == ["C0OTHER"]
    assert "initial_value" not in filled["image_name"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "`r-7abcdef`: Waiting for 1 approval. Approve by"),
        ({"status": Status.APPROVED}, "and starts soon"),
        ({"status": Status.APPROVED, "queue_reason": "instance-busy"}, "hasn't started yet"),
        ({"status": Status.CREATING, "progress": 34}, "34% so far"),
        ({"status": Status.AVAILABLE, "image_id": "img-1"}, "The image is `img-1`"),
        ({"status": Status.EXPIRED}, "Nobody approved"),
        (
            {"status": Status.REJECTED, "end": End(NOW, "U0BOB", "in use")},
            "<@U0BOB> rejected `r-7abcdef`: “in use”",
        ),
        ({"status": Status.CANCELLED, "end": End(NOW, BOT, "rights-lost")}, "the bot cancelled"),
        (
            {"status": Status.FAILED, "failure": Failure("timed-out")},
            "`r-7abcdef` failed.\nThe image took",
        ),
    ],
)
async def test_why_tells_where_a_request_stands_and_why(fields: dict[str, Any], said: str) -> None:
    post = await Caller(Done(request(**fields))).types(f"why {ID}")

    assert post is not None
    assert said in post.text


async def test_a_long_history_is_told_in_ten_lines_with_its_begin_and_its_end() -> None:
    reviews = [Happened(NOW + at, "U0BOB", "reviewed", {"reason": "fine"}) for at in range(20)]
    ends = Happened(NOW + 99, BOT, "available")
    unseen = Happened(NOW, BOT, "watched")

    post = await Caller(
        Story(request(), (Happened(NOW, "U0ALICE", "submitted"), unseen, *reviews, ends))
    ).types(f"history {ID}")

    assert post is not None
    _, *lines = post.text.split("\n")
    assert len(lines) == 10
    assert "sent the request" in lines[0]
    assert "approved: “fine”" in lines[1]
    assert lines[3] == "… 13 more"
    assert "Image ready" in lines[-1]


async def test_each_request_in_a_list_has_a_menu_and_more_are_a_button_away() -> None:
    waits, done = request(id="r-waits"), request(id="r-done", status=Status.AVAILABLE)

    post = await Caller(Found((waits, done), more=True, page=2)).types("list --page 2 pending")

    assert post is not None
    menus = [block["accessory"] for block in post.blocks if "accessory" in block]
    values = [[option["value"] for option in menu["options"]] for menu in menus]
    assert values == [["show:r-waits", "cancel:r-waits", "again:r-waits"], ["show:r-done", "again:r-done"]]
    turns = [(each["action_id"], each["value"]) for each in post.blocks[-1]["elements"]]
    assert turns == [("command_turn:0", "list --page 1 pending"), ("command_turn:1", "list --page 3 pending")]
    assert "page 2" in post.text


async def test_a_shown_request_links_to_its_card_and_has_the_buttons_of_who_looks() -> None:
    seen = Done(
        request(), card=Posted("C0IMAGES", "1700000000.000100"), may=frozenset({Action.CANCEL}), others=2
    )

    shown, told = await Caller(seen).types(f"show {ID}"), await Caller(seen).types(f"approve {ID}")

    assert shown is not None
    assert told is not None
    assert f"<{CARD}|Open the card>" in str(shown.blocks)
    assert "2 other requests for this machine are open." in str(shown.blocks)
    assert [each["action_id"] for each in shown.blocks[-1]["elements"]] == ["request_cancel"]
    assert "Approve and reject with the buttons on the card" in told.text
    assert told.blocks[1:] == shown.blocks


@pytest.mark.parametrize(
    ("name", "follows"), [("golden", "golden"), ("ws-0buj1s9gm-2026-11-25-7abcdef", ""), ("", "")]
)
def test_again_follows_a_name_that_somebody_thought_of(name: str, follows: str) -> None:
    """One that was made of the request's ID is followed by no other."""
    assert draft_of(request(id="r-7abcdef", image=image(image_name=name or None))).follows == follows
