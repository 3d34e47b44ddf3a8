"""Every setting, command, metric, status and event is documented, and nothing else is."""

import re
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.docs import decisions, layers, reference

ROOT = Path(__file__).parents[2]
SETTINGS = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (`[^|]*) \|[^|]*\| ([^|]*?) ?\|$", SETTINGS, re.MULTILINE)
CHAIN = "ALIBABA_CLOUD_ACCESS_KEY_ID"
"""The one row that is the credential chain's own."""
DEFAULTS = [
    (name, cell) for names, cell in ROWS for name in re.findall(r"`([A-Z_]+)`", names) if name != CHAIN
]


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_page_of_the_reference_is_what_the_code_says(name: str) -> None:
    """`make reference` draws it again."""
    assert (reference.FOLDER / name).read_text(encoding="utf-8") == reference.PAGES[name]()


def test_the_diagram_of_the_layers_is_the_import_contract() -> None:
    page = layers.PAGE.read_text(encoding="utf-8")

    assert layers.drawn_into(page) == page


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    assert sorted(name for name, _ in DEFAULTS) == sorted(name.upper() for name in Settings.model_fields)


@pytest.mark.parametrize(("name", "cell"), DEFAULTS)
def test_a_setting_has_the_default_that_its_row_says(name: str, cell: str) -> None:
    """As people write it; a row without one is a setting without one, or says what happens then."""
    field = Settings.model_fields[name.lower()]
    literal = re.fullmatch(r"`([^`]+)`", cell)

    if field.is_required():
        assert cell == "required"
    elif field.default is None:
        assert literal is None
    else:
        assert literal is not None
        read = Settings.model_validate({"slack_bot_token": "xoxb-1", name.lower(): literal[1]})
        assert getattr(read, name.lower()) == field.default


def test_every_record_of_a_decision_has_a_number_of_its_own() -> None:
    numbers = [decisions.title(record)[0] for record in decisions.records()]

    assert [number for number in numbers if numbers.count(number) > 1] == []
    assert all(number[:2] in decisions.DECADES for number in numbers)


@pytest.mark.parametrize("record", decisions.records(), ids=lambda path: path.stem)
def test_a_record_of_a_decision_fits_a_page_and_says_how_it_is_checked(record: Path) -> None:
    """And every test that it names is there."""
    text = record.read_text(encoding="utf-8")

    assert len(text) < 4500
    assert "**Checks.**" in text
    for path in re.findall(r"`((?:tests|bot|handlers)/[\w/.*-]+)", text):
        assert list(ROOT.glob(path.rstrip("."))), path


def test_the_index_of_the_decisions_has_them_all() -> None:
    assert decisions.PAGE.read_text(encoding="utf-8") == decisions.index()
    assert decisions.index().count("](0") == len(decisions.records())
