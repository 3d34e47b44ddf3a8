"""The layers, drawn from the import contract and from each package's first sentence."""

import tomllib
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- layers: drawn by `make reference` -->", "<!-- end of layers -->"


def layers() -> list[list[str]]:
    """Return the rows of the import contract, top first; modules of one row don't import each other."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    [house] = [each for each in project["tool"]["importlinter"]["contracts"] if each["type"] == "layers"]
    return [[name.strip() for name in row.split("|")] for row in house["layers"]]


def diagram() -> str:
    """Draw the rows as a Mermaid flowchart, and say below what each module is."""
    rows = layers()
    boxes = [f'    L{at}["{" · ".join(row)}"]' for at, row in enumerate(rows)]
    arrows = [f"    L{at} --> L{at + 1}" for at in range(len(rows) - 1)]
    table = ["| module | what it is |", "| --- | --- |"]
    table += [f"| `{name}` | {_says(name)} |" for row in rows for name in row]
    return "\n".join([BEGIN, "", "```mermaid", "flowchart TD", *boxes, *arrows, "```", "", *table, "", END])


def _says(name: str) -> str:
    text = (import_module(name).__doc__ or "").strip().split("\n\n")[0]
    return " ".join(text.split()).replace("|", "\\|")


def drawn_into(page: str) -> str:
    """Return the page with the diagram as it is now."""
    before, rest = page.split(BEGIN)
    return before + diagram() + rest.split(END)[1]
