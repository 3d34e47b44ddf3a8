"""Texts for people are plain American English: words that a newcomer has to decode don't come back."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GONE = (
    *(
        r"mend(?:s|ed|ing)?",
        r"keepers?",
        r"whoever",
        r"in the place of",
        r"in (?:his|her|their|your|my) place",
    ),
    *(r"lent", r"lends?", r"lending", r"borrow(?:s|ed)?", r"wish(?:es)?", r"is filed", r"nobody that I know"),
    *(
        r"break the glass",
        r"break glass",
        r"broken glass",
        r"glass is broken",
        r"the cloud is asked",
        r"any more",
    ),
    *(r"catalogues?", r"anew", r"for ever", r"makes of it"),
)
CODE_GONE = (
    *(r"mend(?:s|ed|ing)?", r"keepers?", r"whoever", r"lent", r"lend(?:s|ing|ers?)?", r"wish(?:es)?"),
    *(
        r"catalogues?",
        r"behaviours?",
        r"anew",
        r"for ever",
        r"any more",
        r"in the place of",
        r"the cloud is asked",
    ),
)
NOT_SAID = (
    *(
        r"cannot",
        r"do not",
        r"does not",
        r"is not",
        r"may not",
        r"can not",
        r"the cloud",
        r"(?-i:I)(?:'ll|'m| can't| don't)",
    ),
    *(r"(?-i:ids?)", r"behaviour", r"colour", r"licence", r"recognise"),
)
"""In sentences of the catalog: contractions, names of things as people know them, one voice."""
TEXTS = sorted((ROOT / "handlers" / "locales").glob("en*.ftl"))
REFERENCE = sorted((ROOT / "docs" / "reference").glob("*.md"))
PAGES = [*TEXTS, *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "allowlist.example.yaml"]


def found(words: tuple[str, ...], text: str) -> list[str]:
    """Return every line that has such a word."""
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?![\w-])", re.IGNORECASE)
    return [line for line in text.splitlines() if pattern.search(line)]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_has_a_word_to_decode(page: Path) -> None:
    assert found(GONE, page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("folder", ["bot", "handlers", "tests", "benchmarks"])
def test_no_name_or_comment_in_the_code_has_a_word_to_decode(folder: str) -> None:
    """Parts of identifiers count as words."""
    words = re.compile(rf"(?<![a-z-])(?:{'|'.join(CODE_GONE)})(?![a-z-])", re.IGNORECASE)
    files = [path for path in (ROOT / folder).rglob("*.py") if path.parent != Path(__file__).parent]

    assert [str(path) for path in files if words.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("page", [*TEXTS, *REFERENCE], ids=lambda path: path.name)
def test_what_people_are_told_is_said_as_people_say_it(page: Path) -> None:
    """The command line's help is in the reference, word by word."""
    body = re.sub(r"(?m)^#.*$|\{[^{}\n]*\}|`[^`\n]*`", "", page.read_text(encoding="utf-8"))

    assert [line for line in found(NOT_SAID, body) if not line.startswith("    image-bot")] == []


LEADS = re.compile(
    r"###|[\w-]+ = :(warning|information_source):|(status|card|admin|whoami|copy)-[\w-]+ = :[a-z_]+:"
)


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)
def test_an_emoji_leads_a_status_a_decision_or_a_warning(text: Path) -> None:
    """And is never inside a sentence."""
    lines = [line for line in text.read_text(encoding="utf-8").splitlines() if re.search(r":[a-z_]+:", line)]

    assert [line for line in lines if not LEADS.match(line) or len(re.findall(r":[a-z_]+:", line)) > 1] == []
