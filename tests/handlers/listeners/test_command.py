"""`/image` over the real wires: what is asked of the service, and what the person gets back."""

from collections.abc import AsyncIterator

import pytest

from bot.allowlist.access import Target
from bot.allowlist.authorizer import Candidates
from bot.domain.request import Person, Submission
from bot.errors import StoreUnavailable
from bot.policy import Answer, Clause, Decision, Effect, Explanation, Part, StatementRef, Verdict
from bot.service.outcomes import (
    Approvers,
    Denied,
    Done,
    Explained,
    Found,
    RefusalReason,
    Refused,
    RightsHeld,
    Submitted,
)
from tests.counter import ALICE, CHANNEL, Counter, open_counter
from tests.fakes import image, request, silence

PERSON = Person(ALICE, "T0PLAYGROUND", CHANNEL)


def blocked(key: str = "", value: str = "") -> Explanation:
    """A Deny, by a condition on a key or by none."""
    ref = StatementRef("image-requester", 1, Effect.DENY)
    held = (
        (Clause(Part.CONDITION, (value,), (value,), negated=False, operator="StringEquals", key=key),)
        if key
        else ()
    )
    return Explanation(Decision(Verdict.EXPLICIT_DENY, (ref,)), (Answer(ref, held=held),))


@pytest.fixture
async def counter() -> AsyncIterator[Counter]:
    """A connected bot."""
    async with open_counter() as opened:
        yield opened


async def test_create_submits_what_was_typed(counter: Counter) -> None:
    """Once, with a key that another delivery of the same command would share."""
    counter.service.outcome = Submitted(request())

    answer = await counter.slack.person(ALICE).command(
        "/image", "create ws-0buj1s9gm --name x --reason 'new build' --notify <#C0OTHER|other>", CHANNEL
    )

    [(asked_for, person, submission)] = counter.service.asked
    assert (asked_for, person) == ("submit", PERSON)
    assert isinstance(submission, Submission)
    assert submission.image == image(image_name="x")
    assert (submission.reason, submission.notify) == ("new build", ("C0OTHER",))
    assert submission.key
    assert "Request `r-7abcdef` sent to" in answer.text
    assert answer.messages[0].only_for == ALICE


@pytest.mark.parametrize(
    ("text", "outcome", "asked", "said"),
    [
        pytest.param("list", Found(()), ("find", PERSON, "mine", 1), "nothing here yet", id="an empty list"),
        pytest.param(
            "list all",
            Found((request(),), more=True),
            ("find", PERSON, "all", 1),
            ":hourglass_flowing_sand: *Waiting for approval* · <@U0ALICE>",
            id="list",
        ),
        pytest.param("show r-1", Done(request()), ("show", PERSON, "r-1"), "requested an image", id="show"),
        pytest.param(
            "cancel r-1 moved", Done(request()), ("cancel", PERSON, "r-1", "moved"), "cancelled", id="cancel"
        ),
        pytest.param(
            "retry r-1", Done(request()), ("retry", PERSON, "r-1"), "Retrying `r-7abcdef`.", id="retry"
        ),
        pytest.param(
            "whoami",
            RightsHeld(ALICE, ("S0OPS",), ("image-requester",), {"imagebot:ReadRequests": True}),
            ("whoami", PERSON),
            ":white_check_mark: You can see other people's requests",
            id="whoami",
        ),
        pytest.param(
            "approvers r-1",
            Approvers(request(), request().tally, Candidates(("U0BOB",))),
            ("approvers", PERSON, "r-1"),
            "Can still approve `r-7abcdef`: `U0BOB`",
            id="approvers",
        ),
        pytest.param(
            "show r-9",
            Refused(RefusalReason.NOT_FOUND, details={"request": "r-9"}),
            ("show", PERSON, "r-9"),
            "We can't find a request `r-9`",
            id="not found",
        ),
    ],
)
async def test_a_subcommand_asks_the_service_once_and_says_what_came_of_it(
    counter: Counter, text: str, outcome: object, asked: tuple[object, ...], said: str
) -> None:
    """Receive, translate, call one method, render."""
    counter.service.outcome = outcome

    answer = await counter.slack.person(ALICE).command("/image", text, CHANNEL)

    assert counter.service.asked == [asked]
    assert said in answer.text
    assert {each.only_for for each in answer.messages} == {ALICE}


async def test_why_explains_without_submitting(counter: Counter) -> None:
    """The same words as create, another question."""
    counter.service.outcome = Explained(silence())

    answer = await counter.slack.person(ALICE).command("/image", "why ws-0buj1s9gm", CHANNEL)

    assert counter.service.asked[0][0] == "why"
    assert "No rule in the allowlist gives you this permission" in answer.text


@pytest.mark.parametrize(
    ("explanation", "said"),
    [
        (blocked(), "You don't have permission to request images."),
        (silence(), "You don't have permission to request images."),
        (blocked("appstreaming:DiskType", "ALL"), "Choose “System disk only”"),
        (blocked("appstreaming:AutoCleanUserdata", "true"), "Leave `--clean-userdata` out"),
        (blocked("imagebot:StopFirst", "true"), "Stop it yourself"),
        (blocked("appstreaming:ImageName", "x"), "`appstreaming:ImageName` = `x` is blocked for you"),
    ],
)
async def test_a_denial_says_what_is_not_allowed_and_the_next_step(
    counter: Counter, explanation: Explanation, said: str
) -> None:
    """To the person alone."""
    counter.service.outcome = Denied(
        "appstreaming:CreateImageByInstance", explanation, Target(image(), "U0ALICE")
    )

    answer = await counter.slack.person(ALICE).command("/image", "create ws-0buj1s9gm", CHANNEL)

    assert said in answer.text
    assert [each for each in counter.slack.messages(CHANNEL) if each.only_for is None] == []


async def test_a_mistake_is_said_with_a_button_that_opens_the_form_filled(counter: Counter) -> None:
    """And nothing is asked of the service."""
    alice = counter.slack.person(ALICE)

    answer = await alice.command("/image", "create ws-0buj1s9gm --nam x --reason 'new build'", CHANNEL)

    assert "There's no flag `--nam`. Did you mean `--name`?" in answer.text
    await alice.click(answer.messages[0], "form_open")
    await counter.slack.until(lambda _: alice.modal)
    assert alice.modal is not None
    typed = alice.modal.values
    assert typed["instance_id"]["value"]["selected_option"]["value"] == "ws-0buj1s9gm"
    assert typed["reason"]["value"]["value"] == "new build"
    assert counter.service.asked == []


async def test_a_word_that_is_like_no_other_is_answered_with_all_there_are(counter: Counter) -> None:
    """Without a guess."""
    answer = await counter.slack.person(ALICE).command("/image", "frob", CHANNEL)

    assert answer.text.startswith("There's no command `frob`. You can use: `create` `instances`")


async def test_a_problem_with_a_field_is_said_with_what_is_allowed(counter: Counter) -> None:
    """The validator's finding, in a sentence."""
    answer = await counter.slack.person(ALICE).command(
        "/image", "create ws-1 --disk HALF --type Desk", CHANNEL
    )

    assert "There's no instance type “Desk”." in answer.text
    assert "There's no disk type “HALF”. Choose one of ALL, SYSTEM." in answer.text


@pytest.mark.parametrize(
    "topic", ["", "create", "list", "show", "cancel", "retry", "why", "approvers", "whoami", "delegate"]
)
async def test_help_is_there_for_everything(counter: Counter, topic: str) -> None:
    """In a message that Slack takes."""
    answer = await counter.slack.person(ALICE).command("/image", f"help {topic}", CHANNEL)

    assert "/image" in answer.text
    assert counter.slack.problems == []


async def test_nothing_typed_opens_the_form(counter: Counter) -> None:
    """`/image` alone."""
    alice = counter.slack.person(ALICE)

    answer = await alice.command("/image", "", CHANNEL)
    await counter.slack.until(lambda _: alice.modal)

    assert (answer.error, answer.messages) == (None, ())


async def test_what_people_type_pings_nobody(counter: Counter) -> None:
    """Not even in their own answer."""
    answer = await counter.slack.person(ALICE).command("/image", "<!channel> <@U0BOB> <x>", CHANNEL)
    other = await counter.slack.person(ALICE).command("/image", "&lt;!channel&gt;", CHANNEL)

    assert "<!channel>" not in answer.text + other.text
    assert "`@channel`" in answer.text
    assert "&lt;!channel&gt;" in other.text


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StoreUnavailable("timeout"), "can't reach the database"),
        (RuntimeError("boom"), "Something went wrong (ref"),
    ],
)
async def test_whatever_breaks_the_person_is_answered(counter: Counter, error: Exception, said: str) -> None:
    """With a sentence, never with the error itself."""
    counter.service.outcome = error

    answer = await counter.slack.person(ALICE).command("/image", "create ws-0buj1s9gm", CHANNEL)

    assert said in answer.text
    assert "boom" not in answer.text
