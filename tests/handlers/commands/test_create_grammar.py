"""What people type after `/image create`, and what is read in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import DASHES, clean, visible
from handlers.commands.create_grammar import FLAGS, read
from handlers.commands.grammar import tokens_of
from handlers.draft import MISTAKE_CODES, Draft, Mistake, Mistaken

DOUBLE_QUOTES = '"\u201c\u201d\u201e\u201f\uff02«»「」『』'
ALL_FLAGS = ", ".join(f"--{flag}" for flag in FLAGS)


def parse(text: str) -> Draft | Mistaken:
    """Parse what follows `create`."""
    tokens = tokens_of(text)
    return tokens if isinstance(tokens, Mistaken) else read(tokens)


def draft_of(text: str) -> Draft:
    """Read what must be readable."""
    draft = parse(text)
    assert isinstance(draft, Draft), draft
    return draft


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
        *(
            pytest.param(
                f"ws-1 --name{typed}x", {"instance_id": "ws-1", "image_name": "x"}, id=f"a sign{typed}"
            )
            for typed in (" = ", " =", "= ", "： ", " ：", " ＝ ")
        ),
        pytest.param("ws-1 --tag a=1, b=2", {"instance_id": "ws-1", "tags": ("a=1, b=2",)}, id="a comma"),
        pytest.param("--tag a=1 b＝2 ws-1", {"instance_id": "ws-1", "tags": ("a=1 b＝2",)}, id="a space"),
        pytest.param(
            "--tag a=1、 b=2 ws-1", {"instance_id": "ws-1", "tags": ("a=1、 b=2",)}, id="another comma"
        ),
        pytest.param(
            '--tag a="b c" ws-1', {"instance_id": "ws-1", "tags": ('a="b c"',)}, id="a quoted value"
        ),
        pytest.param(
            '--tag "a=1," ws-1', {"instance_id": "ws-1", "tags": ('"a=1,"',)}, id="a comma in quotes"
        ),
        pytest.param(
            '--tag "a=1" "b=2 c" ws-1', {"instance_id": "ws-1", "tags": ('"a=1" "b=2 c"',)}, id="both"
        ),
        pytest.param('--tag size=24" ws-1', {"instance_id": "ws-1", "tags": ('size=24"',)}, id="inches"),
        pytest.param(
            "--tag a=“b c d” ws-1", {"instance_id": "ws-1", "tags": ("a=“b c d”",)}, id="a long value"
        ),
        pytest.param("--tag a = b ws-1", {"instance_id": "ws-1", "tags": ("a = b",)}, id="spaces around"),
        pytest.param(
            "ecd-1 --clean-userdata=ＴＲＵＥ", {"instance_id": "ecd-1", "auto_clean_userdata": True}
        ),
        pytest.param(
            "ecd-1 --clean-userdata = Ｆalse", {"instance_id": "ecd-1", "auto_clean_userdata": False}
        ),
        pytest.param("ws-1 --tag a=1 --tag=b=2", {"instance_id": "ws-1", "tags": ("a=1", "b=2")}, id="tags"),
        pytest.param("", {}, id="an id that is missing is the validator's business"),
    ],
)
def test_create_reads_flags_anywhere_as_people_type_them(text: str, fields: dict[str, object]) -> None:
    """Quotes, smart quotes, dashes and equals signs all mean the same."""
    assert parse(text) == Draft(fields)


@pytest.mark.parametrize(
    ("typed", "channels"),
    [
        pytest.param("--notify <#C0AB12|general>", ("C0AB12",), id="as Slack escapes it"),
        pytest.param("--notify <#C0AB12>", ("C0AB12",), id="without its name"),
        pytest.param("--notify=<#C0AB12|>", ("C0AB12",), id="a private channel"),
        pytest.param("--notify <#C0AAAAAAA|ops>,<#C0BBBBBBB|dev>", ("C0AAAAAAA", "C0BBBBBBB"), id="a comma"),
        pytest.param("--notify <#C1|ops>、<#C2|dev>，", ("C1", "C2"), id="a Chinese keyboard's"),
        pytest.param("--notify <#C1|ops><#C2|dev>", ("C1", "C2"), id="nothing between"),
        pytest.param('--notify "<#C1|ops> <#C2|dev>"', ("C1", "C2"), id="in quotes"),
        pytest.param("--notify `C0AB12345`.", ("C0AB12345",), id="wrapped"),
        pytest.param(
            "--notify <https://acme.slack.com/archives/C0AB12345|acme.slack.com/archives/C0AB12345>",
            ("C0AB12345",),
            id="a link",
        ),
        pytest.param("--notify https://acme.slack.com/archives/c0ab12345", ("C0AB12345",), id="any case"),
        pytest.param("--notify C0AB12345", ("C0AB12345",), id="an id"),
        pytest.param("--notify <#C1|a> --notify <#C2|b>", ("C1", "C2"), id="several"),
        pytest.param("--notify <#C1|a> --notify <#C1|a>", ("C1",), id="the same twice is once"),
    ],
)
def test_channels_to_notify_are_read_in_every_form_that_slack_sends(
    typed: str, channels: tuple[str, ...]
) -> None:
    """Slack turns `#channel` into `<#C…|name>` when the command is set to escape."""
    assert draft_of(f"ws-1 {typed}").notify == channels


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        pytest.param('ws-1 --name "open', Mistake("quote-open", '--name "open'), id="an open quote"),
        pytest.param(
            "ws-1 --nam x", Mistake("flag-unknown", "--nam", "--name", ALL_FLAGS), id="a flag's typo"
        ),
        pytest.param("ws-1 --x!y", Mistake("flag-unknown", "--x!y", "", ALL_FLAGS), id="no flag at all"),
        pytest.param("ws-1 --name a --name b", Mistake("flag-twice", "--name"), id="a flag twice"),
        pytest.param("ws-1 --name", Mistake("flag-needs-value", "--name"), id="a flag without a value"),
        pytest.param(
            "ws-1 --disk --reason x", Mistake("flag-needs-value", "--disk"), id="a flag for a value"
        ),
        pytest.param("ws-1 --name=", Mistake("flag-needs-value", "--name"), id="nothing after equals"),
        pytest.param('ws-1 --name ""', Mistake("flag-needs-value", "--name"), id="nothing in quotes"),
        pytest.param(
            "ecd-1 --clean-userdata=maybe",
            Mistake("switch-value", "maybe", "--clean-userdata"),
            id="a switch with a value",
        ),
        pytest.param("ws-1 --reason don't know", Mistake("words-extra", "know"), id="text without quotes"),
        pytest.param(
            "ws-1 --notify " + ",".join(f"<#C{number}>" for number in range(6)),
            Mistake("channels-many", "6", allowed="5"),
            id="many channels",
        ),
        pytest.param("x " * 201, Mistake("text-words", "201", allowed="200"), id="many words"),
        pytest.param("x" * 8001, Mistake("text-long", "8001", allowed="8000"), id="a long text"),
        pytest.param("ws-1 --notify <@U1|bob>", Mistake("channel-unknown", "@bob"), id="a person"),
        pytest.param("ws-1 --notify #nosuch", Mistake("channel-unknown", "#nosuch"), id="a name without ID"),
        pytest.param("ws-1 --notify ＃ops", Mistake("channel-unknown", "＃ops"), id="a full-width name"),
        pytest.param("ws-1 --notify <#C1|a>,x", Mistake("channel-unknown", "#a,x"), id="one of two is none"),
        pytest.param("ws-1 --notify <!here>", Mistake("channel-unknown", "@here"), id="everybody"),
        pytest.param("ws-1 --tag a=1 name=x", Mistake("words-extra", "name=x"), id="a flag without dashes"),
        pytest.param("ws-1 --tag a=1 again", Mistake("words-extra", "again"), id="a word behind a tag"),
        pytest.param(
            "ws-1 --disk= --reason x", Mistake("flag-needs-value", "--disk"), id="a sign and no value"
        ),
        pytest.param("ws-1 --tag ，、", Mistake("flag-needs-value", "--tag"), id="no tag between commas"),
        pytest.param("ws-1 --notify ，", Mistake("channel-unknown", "，"), id="nothing but a comma"),
    ],
)
def test_a_mistake_says_what_it_is_and_what_was_probably_meant(text: str, mistake: Mistake) -> None:
    """Each kind of mistake that can be made in a command."""
    read = parse(text)

    assert isinstance(read, Mistaken)
    assert read.mistakes == (mistake,)
    assert mistake.code in MISTAKE_CODES


def test_a_create_with_a_mistake_keeps_what_could_be_read() -> None:
    """The form that fixes it starts from there."""
    command = parse("ws-1 --nam x --reason 'new build' --tag a=1")

    assert isinstance(command, Mistaken)
    assert command.draft == Draft({"instance_id": "ws-1", "tags": ("a=1",)}, "new build")


@given(st.text())
def test_any_text_is_read_as_something(text: str) -> None:
    """Nothing that anybody types breaks the reader, and a mistake has a known code."""
    draft = parse(text)

    if isinstance(draft, Mistaken):
        assert {mistake.code for mistake in draft.mistakes} <= set(MISTAKE_CODES)


@given(
    st.text(st.characters(exclude_characters=f"{DOUBLE_QUOTES}&<>", exclude_categories=["Cs"]), min_size=1)
)
def test_text_in_double_quotes_arrives_as_it_was_typed(value: str) -> None:
    """Whatever can be seen between quotes is the value, spaces, dashes and apostrophes included."""
    command = parse(f'ws-1 --reason "{value}"')

    assert (
        command == Draft({"instance_id": "ws-1"}, clean(value))
        if visible(value)
        else isinstance(command, Mistaken)
    )


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
def test_a_start_and_emergency_access_are_kept_beside_the_fields(
    flags: str, start: str, breaks: bool
) -> None:
    """They are about the request; the form has no place for them."""
    draft = draft_of(f"ws-1 {flags}")

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
    draft = draft_of(f'ws-1 --{flag} "{typed}"')

    assert (draft.reason or draft.fields["description"]) == read


@pytest.mark.parametrize(
    ("flags", "stops", "regions"),
    [
        ("", False, ()),
        ("--stop-first", True, ()),
        ("——stop——first", True, ()),
        ("--stop-first=false", False, ()),
        ("--distribute cn-beijing --distribute AP-Southeast-1", False, ("cn-beijing", "ap-southeast-1")),
        ("--distribute `cn-beijing` --distribute=cn-beijing", False, ("cn-beijing",)),
        ("--distribute cn-beijing,cn－shanghai", False, ("cn-beijing", "cn-shanghai")),
        ("--distribute cn-beijing, cn-shanghai", False, ("cn-beijing", "cn-shanghai")),
        ("--distribute ，", False, ("，",)),
    ],
)
def test_what_happens_around_the_image_is_kept_beside_it(
    flags: str, stops: bool, regions: tuple[str, ...]
) -> None:
    """The machine stopped first, and the finished image copied to other regions."""
    draft = draft_of(f"ws-1 {flags}")

    assert (draft.fields, draft.stop_first, draft.regions) == ({"instance_id": "ws-1"}, stops, regions)
