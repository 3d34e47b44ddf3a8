"""Each sub-command: what is typed, what the service is asked once, what is answered."""

import html
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.request import Submission
from bot.service.outcomes import Delegated, Done, Found, Lending, Submitted
from handlers.commands.table import SUBCOMMANDS
from handlers.transport.manifest import manifest
from tests.fakes import NOW, image, request
from tests.handlers.commands.caller import ALICE, Caller

ID = "r-7abcdef"
WRAPPED = (ID, f"`{ID}`", f"*{ID}*", f"({ID}).", ID.upper(), f"#{ID}", "r‑7abcdef", f"「{ID}」")
SUBCOMMAND = st.sampled_from(sorted(SUBCOMMANDS))


@pytest.mark.parametrize(
    ("text", "outcome", "asked"),
    [
        ("list", Found(()), ("find", ALICE, "mine")),
        ("LIST pending", Found(()), ("find", ALICE, "pending")),
        ("list ALL", Found(()), ("find", ALICE, "all")),
        *((f"show {typed}", Done(request()), ("show", ALICE, ID)) for typed in WRAPPED),
        ("ｓｈｏｗ　ｒ－７ａｂｃｄｅｆ", Done(request()), ("show", ALICE, ID)),
        (f"retry {ID}", Done(request()), ("retry", ALICE, ID)),
        (f"cancel {ID}", Done(request()), ("cancel", ALICE, ID, "")),
        (f"cancel {ID} not needed", Done(request()), ("cancel", ALICE, ID, "not needed")),
        (f"cancel {ID} --reason 'not needed'", Done(request()), ("cancel", ALICE, ID, "not needed")),
        ("delegate", Lending(), ("lending", ALICE)),
        ("delegate OFF", Delegated("U0ALICE", "U0BOB", None), ("end_delegation", ALICE)),
        (
            "delegate <@U0BOB|bob> for 2 days",
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
    assert post is not None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("creat ws-1", "Did you mean `create`?"),
        ("frobnicate", "I do not know `frobnicate`. There are: `create`"),
        ("help creat", "Did you mean `create`?"),
        ("WS-1 --name x", "put `create` before it"),
        (f"show {ID} r-2", "what `r-2` belongs to"),
        ("show", "Write its id after `show`"),
        ("cancel --reason x", "Write its id after `cancel`"),
        ("list pendin", "Did you mean `pending`?"),
        ("whoami now", "what `now` belongs to"),
        ("delegate off now", "what `now` belongs to"),
        ("delegate @bob 2d", "`@bob` is nobody"),
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
    [command] = manifest()["features"]["slash_commands"]

    assert [word.split()[0] for word in command["usage_hint"].split(" | ")] == list(SUBCOMMANDS)
