"""The index of the decision records, drawn from their titles."""

import re
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "decisions"
PAGE = FOLDER / "README.md"
DECADES = {
    "00": "The code as a whole",
    "01": "Policies and the allowlist",
    "02": "Alibaba Cloud",
    "03": "The local Slack",
    "04": "Slack's side of the bot",
    "05": "The store, the outbox, the audit log",
    "06": "The playground's page",
    "07": "People and their requests",
    "08": "Running it",
}
HEAD = """# Decisions

What the next maintainer would ask about, a page each: context, decision, what we gave up, how it's checked.
All of them hold today: a record that no longer does is rewritten or removed.
"""


def records() -> list[Path]:
    """Return the records in the order of their numbers."""
    return sorted(path for path in FOLDER.glob("*.md") if path != PAGE)


def title(record: Path) -> tuple[str, str]:
    """Return a record's number, from its file's name, and its title, from its first line."""
    first = record.read_text(encoding="utf-8").splitlines()[0]
    return record.name[:3], re.sub(r"^# (\d{3}[.:]? )?", "", first)


def index() -> str:
    """List every record under its decade."""
    parts = [HEAD]
    for decade, name in DECADES.items():
        rows = [(path.name, *title(path)) for path in records() if path.name.startswith(decade)]
        if rows:
            parts.append(
                f"## {name}\n\n" + "\n".join(f"- [{n} {text}]({file})" for file, n, text in rows) + "\n"
            )
    return "\n".join(parts)
