"""Values as they come from shells, files and chats, and as they are meant."""

from pathlib import Path

import pytest

from bot.environment import FROM_FILES, clean, read_environment
from bot.settings import BadSettings, read_settings

TOKEN = "xoxb-1-secret"  # noqa: S105 - nobody's


@pytest.mark.parametrize(
    "given",
    [
        f"{TOKEN}\n",
        f"  {TOKEN}\r\n",
        f"\t{TOKEN}\t",
        f"\ufeff{TOKEN}",
        f"\u200b{TOKEN}\u00a0",
        f'"{TOKEN}"',
        f"'{TOKEN}'",
        f"“{TOKEN}”",
        f' " {TOKEN} " ',
    ],
    ids=ascii,
)
def test_what_surrounds_a_value_is_not_part_of_it(given: str) -> None:
    assert clean(given) == TOKEN


@pytest.mark.parametrize("character", ["\u200b", "\u202e", "\n", "\0", "\ue000", "\u2028"], ids=ascii)
def test_a_value_with_something_unseen_in_it_is_refused_and_not_repeated(character: str) -> None:
    with pytest.raises(BadSettings) as bad:
        read_settings({"SLACK_BOT_TOKEN": f"xoxb-1{character}secret"})
    (problem,) = bad.value.problems
    assert problem == f"SLACK_BOT_TOKEN: has an invisible character (U+{ord(character):04X}) at position 7"


@pytest.mark.parametrize("name", FROM_FILES)
def test_a_secret_may_come_from_a_file(tmp_path: Path, name: str) -> None:
    file = tmp_path / "secret"
    file.write_text("  the value \n")
    assert read_environment({f"{name}_FILE": str(file)}, frozenset({name})) == {name: "the value"}


def test_other_settings_do_not_come_from_files(tmp_path: Path) -> None:
    assert read_environment({"PORT_FILE": str(tmp_path)}, frozenset({"PORT"})) == {}


def test_a_secret_that_is_set_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(TOKEN)
    with pytest.raises(BadSettings, match="is set twice"):
        read_settings({"SLACK_BOT_TOKEN": TOKEN, "SLACK_BOT_TOKEN_FILE": str(file)})


@pytest.mark.parametrize("name", ["missing", ".", "a\0b"])
def test_a_secret_file_that_cannot_be_read_is_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadSettings) as bad:
        read_settings({"SLACK_BOT_TOKEN_FILE": f"{tmp_path}/{name}"})
    (problem,) = bad.value.problems
    assert problem.startswith("SLACK_BOT_TOKEN: ")


def test_an_empty_value_is_one_left_out() -> None:
    for nothing in ("", " ", '""', " '' ", "\ufeff"):
        assert read_environment({"PORT": nothing}, frozenset({"PORT"})) == {}
