"""What people type after `/image`, and what is read in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import DASHES, clean, visible
from handlers.commands.commands import (
    Command,
    Create,
    Delegate,
    EndDelegation,
    Help,
    List,
    OnRequest,
    OpenForm,
    ShowDelegation,
    WhoAmI,
)
from handlers.commands.parser import FLAGS, parse
from handlers.draft import MISTAKE_CODES, SUBCOMMANDS, Draft, Mistake, Mistaken

ALL = ", ".join(SUBCOMMANDS)
ALL_FLAGS = ", ".join(f"--{flag}" for flag in FLAGS)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        pytest.param("", OpenForm(), id="nothing opens the form"),
        pytest.param("  \n ", OpenForm(), id="space alone is nothing"),
        pytest.param("list", List("mine"), id="a list is of one's own requests"),
        pytest.param("list ALL", List("all"), id="a scope in any case"),
        pytest.param("LIST pending", List("pending"), id="a subcommand in any case"),
        pytest.param("show r-1", OnRequest("show", "r-1"), id="show a request"),
        *(
            pytest.param(f"show {typed}", OnRequest("show", "r-7abcdef"))
            for typed in (
                "`r-7abcdef`",
                "*r-7abcdef*",
                "(r-7abcdef).",
                "R-7ABCDEF",
                "#r-7abcdef,",
                "r‑7abcdef",
            )
        ),
        pytest.param("show 「ｒ－７ａｂｃｄｅｆ」", OnRequest("show", "r-7abcdef"), id="full-width"),
        pytest.param("retry r-1", OnRequest("retry", "r-1"), id="retry a request"),
        pytest.param("approvers r-1", OnRequest("approvers", "r-1"), id="approvers of a request"),
        pytest.param("cancel r-1", OnRequest("cancel", "r-1"), id="cancel without a reason"),
        pytest.param(
            "cancel r-1 not needed", OnRequest("cancel", "r-1", "not needed"), id="words are the reason"
        ),
        pytest.param(
            "cancel r-1 --reason 'not needed'",
            OnRequest("cancel", "r-1", "not needed"),
            id="a flag is the reason",
        ),
        pytest.param("whoami", WhoAmI(), id="who am I"),
        pytest.param("help", Help(), id="help"),
        pytest.param("help Create", Help("create"), id="help on a subcommand"),
    ],
)
def test_each_subcommand_is_read(text: str, meant: Command) -> None:
    """Every subcommand of the grammar, in the ways that people write it."""
    assert parse(text) == meant


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        pytest.param("ws-1", {"instance_id": "ws-1"}, id="an id alone"),
        pytest.param("ws-1 --name x", {"instance_id": "ws-1", "image_name": "x"}, id="a flag after"),
        pytest.param("--name x ws-1", {"instance_id": "ws-1", "image_name": "x"}, id="a flag before"),
        pytest.param("ws-1 --name=x", {"instance_id": "ws-1", "image_name": "x"}, id="an equals sign"),
        pytest.param("ws-1 --NAME x", {"instance_id": "ws-1", "image_name": "x"}, id="a flag in any case"),
        pytest.param("ws-1 -name x", {"instance_id": "ws-1", "image_name": "x"}, id="one dash"),
        pytest.param("ws-1 \u2014name x", {"instance_id": "ws-1", "image_name": "x"}, id="a phone's em dash"),
        pytest.param("ws-1 \u2013name=x", {"instance_id": "ws-1", "image_name": "x"}, id="an en dash"),
        pytest.param('ws-1 --name "a b"', {"instance_id": "ws-1", "image_name": "a b"}, id="double quotes"),
        pytest.param("ws-1 --name 'a b'", {"instance_id": "ws-1", "image_name": "a b"}, id="single quotes"),
        pytest.param(
            "ws-1 --name=\u201ca b\u201d", {"instance_id": "ws-1", "image_name": "a b"}, id="smart quotes"
        ),
        pytest.param(
            "ws-1 --name \u2018a b\u2019", {"instance_id": "ws-1", "image_name": "a b"}, id="smart single"
        ),
        pytest.param(
            'ws-1 --name \u201ca b"', {"instance_id": "ws-1", "image_name": "a b"}, id="mixed quotes"
        ),
        pytest.param("ws-1 --name don't", {"instance_id": "ws-1", "image_name": "don't"}, id="an apostrophe"),
        pytest.param("ws-1 --name 'tis", {"instance_id": "ws-1", "image_name": "'tis"}, id="one in front"),
        pytest.param(
            "ws-1 --name 'don't do'", {"instance_id": "ws-1", "image_name": "don't do"}, id="one inside"
        ),
        pytest.param(
            "ws-1 --name a&amp;b", {"instance_id": "ws-1", "image_name": "a&b"}, id="Slack's entities"
        ),
        pytest.param(
            "ws-1 --name <http://a.example|a.example>",
            {"instance_id": "ws-1", "image_name": "a.example"},
            id="a domain that Slack made a link of",
        ),
        pytest.param("ws-1 ——name x", {"instance_id": "ws-1", "image_name": "x"}, id="a Chinese dash"),
        *(
            pytest.param(f"ws-1 {dash * 2}name x", {"instance_id": "ws-1", "image_name": "x"}, id=ascii(dash))
            for dash in DASHES
        ),
        pytest.param(
            "ws-1 －－ｎａｍｅ＝x", {"instance_id": "ws-1", "image_name": "x"}, id="full-width letters"
        ),
        pytest.param("ws-1 --name：x", {"instance_id": "ws-1", "image_name": "x"}, id="a full-width colon"),
        pytest.param("ws-1\u3000--name\u00a0x", {"instance_id": "ws-1", "image_name": "x"}, id="wide spaces"),
        *(
            pytest.param(f"ws-1 --name {both[0]}a b{both[1]}", {"instance_id": "ws-1", "image_name": "a b"})
            for both in ("「」", "『』", "«»", "“”", "„“", "＂＂", "‘’", "‹›", "＇＇", "``")
        ),
        pytest.param("ws-1 --name「a b」", {"instance_id": "ws-1", "image_name": "a b"}, id="no space"),
        pytest.param("ws-1 --na\u200bme x\u202e", {"instance_id": "ws-1", "image_name": "x"}, id="invisible"),
        pytest.param("ws-1 --name <#C1|ops>", {"instance_id": "ws-1", "image_name": "#ops"}, id="a channel"),
        pytest.param(
            'ws-1 --tag "a=b, c" --tag d=e',
            {"instance_id": "ws-1", "tags": ('"a=b, c"', "d=e")},
            id="a quoted tag keeps its quotes for the one who splits tags",
        ),
        pytest.param(
            "ws-1 --type X --disk Y", {"instance_id": "ws-1", "instance_type": "X", "disk_type": "Y"}, id="2"
        ),
        pytest.param("ws-1 --sub-instance p-1", {"instance_id": "ws-1", "sub_instance_id": "p-1"}, id="sub"),
        pytest.param(
            "ws-1 --sub_instance p-1", {"instance_id": "ws-1", "sub_instance_id": "p-1"}, id="underscore"
        ),
        pytest.param(
            "--clean-userdata ecd-1", {"instance_id": "ecd-1", "auto_clean_userdata": True}, id="a switch"
        ),
        pytest.param(
            "ecd-1 --clean-userdata=false",
            {"instance_id": "ecd-1", "auto_clean_userdata": False},
            id="switched off",
        ),
        pytest.param("ws-1 --tag a=1 --tag=b=2", {"instance_id": "ws-1", "tags": ("a=1", "b=2")}, id="tags"),
        pytest.param("", {}, id="an id that is missing is the validator's business"),
    ],
)
def test_create_reads_flags_anywhere_as_people_type_them(text: str, fields: dict[str, object]) -> None:
    """Quotes, smart quotes, dashes and equals signs all mean the same."""
    assert parse(f"create {text}") == Create(Draft(fields))


@pytest.mark.parametrize(
    ("typed", "channels"),
    [
        pytest.param("--notify <#C0AB12|general>", ("C0AB12",), id="as Slack escapes it"),
        pytest.param("--notify <#C0AB12>", ("C0AB12",), id="without its name"),
        pytest.param("--notify=<#C0AB12|>", ("C0AB12",), id="a private channel"),
        pytest.param("--notify #general", ("#general",), id="plain"),
        pytest.param("--notify C0AB12345", ("C0AB12345",), id="an id"),
        pytest.param("--notify <#C1|a> --notify <#C2|b>", ("C1", "C2"), id="several"),
        pytest.param("--notify <#C1|a> --notify <#C1|a>", ("C1",), id="the same twice is once"),
    ],
)
def test_channels_to_notify_are_read_in_every_form_that_slack_sends(
    typed: str, channels: tuple[str, ...]
) -> None:
    """Slack turns `#channel` into `<#C…|name>` when the command is set to escape."""
    command = parse(f"create ws-1 {typed}")

    assert isinstance(command, Create)
    assert command.draft.notify == channels


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        pytest.param("creat ws-1", Mistake("subcommand-unknown", "creat", "create", ALL), id="a typo"),
        pytest.param(
            "frobnicate", Mistake("subcommand-unknown", "frobnicate", "", ALL), id="nothing like it"
        ),
        pytest.param(
            "help creat", Mistake("subcommand-unknown", "creat", "create", ALL), id="a typo in help"
        ),
        pytest.param("ws-1 --name x", Mistake("create-missing", "ws-1"), id="an id without create"),
        pytest.param('create ws-1 --name "open', Mistake("quote-open", '--name "open'), id="an open quote"),
        pytest.param(
            "create ws-1 --nam x", Mistake("flag-unknown", "--nam", "--name", ALL_FLAGS), id="a flag's typo"
        ),
        pytest.param(
            "create ws-1 --x!y", Mistake("flag-unknown", "--x!y", "", ALL_FLAGS), id="no flag at all"
        ),
        pytest.param("create ws-1 --name a --name b", Mistake("flag-twice", "--name"), id="a flag twice"),
        pytest.param(
            "create ws-1 --name", Mistake("flag-needs-value", "--name"), id="a flag without a value"
        ),
        pytest.param(
            "create ws-1 --disk --reason x", Mistake("flag-needs-value", "--disk"), id="a flag for a value"
        ),
        pytest.param("create ws-1 --name=", Mistake("flag-needs-value", "--name"), id="nothing after equals"),
        pytest.param('create ws-1 --name ""', Mistake("flag-needs-value", "--name"), id="nothing in quotes"),
        pytest.param(
            "create ecd-1 --clean-userdata=maybe",
            Mistake("switch-value", "maybe", "--clean-userdata"),
            id="a switch with a value",
        ),
        pytest.param(
            "create ws-1 --reason don't know", Mistake("words-extra", "know"), id="text without quotes"
        ),
        pytest.param("show r-1 r-2", Mistake("words-extra", "r-2"), id="one word too many"),
        pytest.param("show", Mistake("request-missing", "show"), id="no id"),
        pytest.param("cancel --reason x", Mistake("request-missing", "cancel"), id="a flag for an id"),
        pytest.param(
            "list pendin", Mistake("scope-unknown", "pendin", "pending", "mine, pending, all"), id="scope"
        ),
        pytest.param(
            "create ws-1" + " --notify #a" * 6, Mistake("channels-many", "6", allowed="5"), id="many channels"
        ),
        pytest.param("list " + "x " * 200, Mistake("text-words", "201", allowed="200"), id="many words"),
        pytest.param("x" * 8001, Mistake("text-long", "8001", allowed="8000"), id="a long text"),
        pytest.param("create ws-1 --notify <@U1|bob>", Mistake("channel-unknown", "@bob"), id="a person"),
    ],
)
def test_a_mistake_says_what_it_is_and_what_was_probably_meant(text: str, mistake: Mistake) -> None:
    """Each kind of mistake that can be made in a command."""
    command = parse(text)

    assert isinstance(command, Mistaken)
    assert command.mistakes == (mistake,)
    assert mistake.code in MISTAKE_CODES


def test_a_create_with_a_mistake_keeps_what_could_be_read() -> None:
    """The form that mends it starts from there."""
    command = parse("create ws-1 --nam x --reason 'new build' --tag a=1")

    assert isinstance(command, Mistaken)
    assert command.draft == Draft({"instance_id": "ws-1", "tags": ("a=1",)}, "new build")


@pytest.mark.parametrize("text", ["why ws-1 --disk ALL", "why create ws-1 --disk ALL"])
def test_why_takes_what_create_takes(text: str) -> None:
    """With or without the word `create`."""
    assert parse(text) == Create(Draft({"instance_id": "ws-1", "disk_type": "ALL"}), asks_why=True)


@given(st.text())
def test_any_text_is_read_as_something(text: str) -> None:
    """Nothing that anybody types breaks the reader, and a mistake has a known code."""
    command = parse(text)

    if isinstance(command, Mistaken):
        assert {mistake.code for mistake in command.mistakes} <= set(MISTAKE_CODES)


@given(
    st.text(
        st.characters(
            exclude_characters='"\u201c\u201d\u201e\u201f\uff02«»「」『』&<>', exclude_categories=["Cs"]
        ),
        min_size=1,
    )
)
def test_text_in_double_quotes_arrives_as_it_was_typed(value: str) -> None:
    """Whatever can be seen between quotes is the value, spaces, dashes and apostrophes included."""
    command = parse(f'create ws-1 --reason "{value}"')

    assert (
        command == Create(Draft({"instance_id": "ws-1"}, clean(value)))
        if visible(value)
        else isinstance(command, Mistaken)
    )


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("delegate", ShowDelegation()),
        ("delegate OFF", EndDelegation()),
        ("delegate <@U0BOB|bob> until friday 18:00", Delegate("U0BOB", "until friday 18:00")),
        ("delegate <@U0BOB> 2d", Delegate("U0BOB", "2d")),
        ("delegate U0BOB0000 2d", Delegate("U0BOB0000", "2d")),
        ("delegate off now", Mistaken((Mistake("words-extra", "now"),))),
        ("delegate @bob 2d", Mistaken((Mistake("person-unknown", "@bob"),))),
        ("delegate <!channel>", Mistaken((Mistake("person-unknown", "@channel"), Mistake("time-missing")))),
    ],
)
def test_a_delegation_is_to_somebody_until_some_time(text: str, meant: Command) -> None:
    """Slack writes a chosen person as `<@U…>`; a name that was only typed is nobody."""
    assert parse(text) == meant


@pytest.mark.parametrize(
    ("flags", "start", "breaks"),
    [
        ("--at 22:00", "22:00", False),
        ("--at 'friday 22:00'", "friday 22:00", False),
        ("--break-glass", "", True),
        ("--break-glass=true --at 2d", "2d", True),
        ("\u2014break\u2014glass=false", "", False),
        ("--break-glass=false", "", False),
    ],
)
def test_a_start_and_a_broken_glass_are_kept_beside_the_fields(flags: str, start: str, breaks: bool) -> None:
    """They are about the request; the form has no place for them."""
    command = parse(f"create ws-1 {flags}")
    draft = command.draft if isinstance(command, Create | Mistaken) else None

    assert draft is not None
    assert (draft.fields, draft.start, draft.break_glass) == ({"instance_id": "ws-1"}, start, breaks)
    assert draft.fits_form is not (bool(start) or breaks)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ask <@U0BOB|bob>", "ask @bob"),
        ("ask <@U0BOB>", "ask @U0BOB"),
        ("in <#C1|ops>, <!here>", "in #ops, @here"),
        ("for <!subteam^S0OPS|@ops> and <!channel|channel>", "for @ops and @channel"),
        ("see <https://a.example/x|a.example/x>", "see https://a.example/x"),
        ("see <http://a.example|a.example>", "see http://a.example"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("R&amp;D &lt;soon&gt;", "R&D <soon>"),
        ("a < b", "a < b"),
    ],
)
@pytest.mark.parametrize("flag", ["reason", "description"])
def test_free_text_is_what_a_person_would_read(typed: str, read: str, flag: str) -> None:
    """Whatever Slack makes of mentions, links and signs on the way."""
    command = parse(f'create ws-1 --{flag} "{typed}"')

    assert isinstance(command, Create)
    assert (command.draft.reason or command.draft.fields["description"]) == read
