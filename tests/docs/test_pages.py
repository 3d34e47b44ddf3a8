"""Links lead somewhere, the table of changes and the features are true, and no page falls into old words."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
FEATURES = (ROOT / "docs" / "features.md").read_text(encoding="utf-8")
CHANGES = re.findall(
    r"^\| (.+?) \| (`.+`) \|$", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE
)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    """On disk, and so on any forge and on the built site."""
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text) + re.findall(r'(?:src|srcset)="([^"]+)"', text)

    for link in links:
        assert link.startswith("https://") or (page.parent / link).exists(), link


def test_no_change_of_the_table_touches_more_than_four_files() -> None:
    """A sentence in each language counts as one: the same line in every file of a folder."""
    assert len(CHANGES) >= 12
    assert all(1 < files.count("`") / 2 < 5 for _, files in CHANGES)


@pytest.mark.parametrize(("change", "files"), CHANGES)
def test_every_file_of_the_table_of_changes_is_there(change: str, files: str) -> None:
    """A name in angle brackets is the new file's: there are others like it."""
    for file in re.findall(r"`([^`]+)`", files):
        assert list(ROOT.glob(re.sub("<[^>]+>", "*", file))), (change, file)


@pytest.mark.parametrize("named", sorted(set(re.findall(r"`(tests/[\w/]+\.py::\w+)`", FEATURES))))
def test_a_test_that_shows_a_feature_exists(named: str) -> None:
    path, name = named.split("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))

    assert name in {
        each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_every_feature_has_its_test_or_is_not_yet_there() -> None:
    rows = [
        row
        for row in FEATURES.splitlines()
        if row.startswith("| ") and "---" not in row and "| feature |" not in row
    ]

    assert len(rows) > 10
    assert all(re.search(r"\| (yes \| .*`tests/|not yet \|)", row) for row in rows)


OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
LOGGED = sorted(set(re.findall(r"`([a-z]+_[a-z_]+)`", OPERATING.partition("## When you are paged")[2])))
SOURCES = "".join(path.read_text() for part in ("bot", "handlers") for path in (ROOT / part).rglob("*.py"))


@pytest.mark.parametrize("name", [name for name in LOGGED if not name.startswith("imagebot_")])
def test_a_log_line_that_operators_are_told_of_is_written_somewhere(name: str) -> None:
    """Metrics have a test of their own, with the alerts."""
    assert f'"{name}"' in SOURCES


def test_there_are_log_lines_that_operators_are_told_of() -> None:
    assert {"database_down", "bot_refused"} < set(LOGGED)
