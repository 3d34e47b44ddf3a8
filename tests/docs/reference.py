"""The reference pages, drawn from the code: `make reference` writes them, a test compares them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from inspect import cleandoc
from pathlib import Path
from typing import Any

import typer

from bot.__main__ import app
from bot.domain.lifecycle import TRANSITIONS, Event, Status, mermaid
from bot.process.metrics import Metrics
from handlers.commands.call import Group, Subcommand
from handlers.commands.table import SUBCOMMANDS
from handlers.i18n import Localizer, Translations
from handlers.mrkdwn import Markup
from tests.docs import decisions, layers

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
LIFECYCLE = FOLDER.parent / "lifecycle.md"
NOTE = "<!-- Drawn from the code by `make reference`; a test compares the two. -->"
WHERE = (
    "They are in the metadata of cards and thread entries, in `/metrics`, in the audit log and in "
    "`image-bot requests`. The picture is in [The life of a request](../lifecycle.md)."
)
ENGLISH = Translations.read().for_locale()


def commands() -> str:
    """Draw `/image`: every sub-command with its flags, in the words of its own help."""
    parts = [
        "# Slack commands",
        NOTE,
        "`/image` alone opens the form. IDs are read in any case; text with spaces goes in quotes.",
    ]
    for group in Group:
        parts.append("## " + ENGLISH.plain(f"help-group-{group}").strip("*"))
        parts += [_subcommand(row) for row in SUBCOMMANDS.values() if row.group is group]
    return _page(parts)


def _subcommand(row: Subcommand) -> str:
    flags = "\n".join(f"- {markdown(ENGLISH(f'flag-{flag}'))}" for flag in row.flags)
    usage = f"/image {row.name} {row.usage}".strip()
    return "\n\n".join(
        filter(None, [f"### {row.name}", f"    {usage}", markdown(ENGLISH(f"help-{row.name}")), flags])
    )


def command_line() -> str:
    """Draw `image-bot`: every command with its arguments and options."""
    root = typer.main.get_command(app)
    status = "Exit status: 0 done, 1 findings, 2 wrong use or configuration. `-h` shows a command's help."
    return _page(["# Command line", NOTE, status, *_commands(root, "image-bot")])


def _commands(command: Any, path: str) -> Iterator[str]:
    children = getattr(command, "commands", None)
    if children is None:
        yield _command(command, path)
    for name, child in (children or {}).items():
        yield from _commands(child, f"{path} {name}")


def _command(command: Any, path: str) -> str:
    context = typer.Context(command, info_name=path)
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    rows = [record for each in command.params if (record := _parameter(each, context))]
    options = "\n".join(f"- `{name}`: {text}" for name, text in rows)
    return "\n\n".join(filter(None, [f"## {path}", f"    {usage}", cleandoc(command.help or ""), options]))


def _parameter(each: Any, context: typer.Context) -> tuple[str, str] | None:
    record = each.get_help_record(context)
    if record is None or "--help" in each.opts:
        return None
    return re.sub(r"\s+", " ", record[0].strip()), re.sub(r"\s+", " ", record[1].strip())


def metrics() -> str:
    """Draw the metrics: name, labels, meaning."""
    rows = [
        _metric({**vars(type(each)), **vars(each)})
        for each in vars(Metrics().registry)["_collector_to_names"]
    ]
    where = (
        "`GET /metrics` on `PORT`, in Prometheus' format. What stands in the database is counted when asked."
    )
    return _page(["# Metrics", NOTE, where, _table(("metric", "kind", "labels", "what it says"), rows)])


def _metric(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Read a collector's own attributes: a registry tells no labels of what was never counted."""
    name = facts["_name"] + ("_total" if facts["_type"] == "counter" else "")
    labels = ", ".join(map(_code, facts["_labelnames"]))
    return _code(name), facts["_type"], labels, facts["_documentation"]


def statuses() -> str:
    """Draw the statuses and events of a request."""
    lives = [(f"`{each}`", ENGLISH.plain(f"status-text-{each}"), _ways(each)) for each in Status]
    happenings = [(f"`{each}`", _said(each, ENGLISH), _where(each)) for each in Event]
    return _page(
        [
            "# Statuses and events",
            NOTE,
            WHERE,
            "## Statuses",
            _table(("status", "in words", "goes on to"), lives),
            "## Events",
            _table(("event", "what happened", "in status"), happenings),
        ]
    )


def lifecycle(page: str) -> str:
    """Return the page about a request's life with the picture as the table has it now."""
    before, rest = page.split("```mermaid\n")
    return f"{before}```mermaid\n{mermaid()}\n```{rest.split('```', 1)[1]}"


def _ways(status: Status) -> str:
    after = dict.fromkeys(each for each in TRANSITIONS[status].values() if each is not status)
    return ", ".join(map(_code, after)) or "nothing: it is an end"


def _where(event: Event) -> str:
    return (
        ", ".join(_code(status) for status, events in TRANSITIONS.items() if event in events)
        or "the beginning"
    )


def _said(event: Event, words: Localizer) -> str:
    key = f"history-event-{event}" if words.has(f"history-event-{event}") else f"event-{event}"
    said = words(key, who=Markup("someone"), instance=Markup("the machine"), waits=Markup())
    return markdown(said).rstrip(".")


def markdown(text: Markup) -> str:
    """Write Slack's markup as Markdown."""
    plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return re.sub(r"(?<![\w*`])\*([^*\n`]+)\*(?![\w*])", r"**\1**", plain)


def _code(text: str) -> str:
    return f"`{text}`"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines)


def _page(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "command-line.md": command_line,
    "metrics.md": metrics,
    "statuses.md": statuses,
}


def main() -> None:
    """Write every page, both diagrams and the index of the decisions."""
    for name, draw in PAGES.items():
        (FOLDER / name).write_text(draw(), encoding="utf-8")
    page = layers.PAGE.read_text(encoding="utf-8")
    layers.PAGE.write_text(layers.drawn_into(page), encoding="utf-8")
    LIFECYCLE.write_text(lifecycle(LIFECYCLE.read_text(encoding="utf-8")), encoding="utf-8")
    decisions.PAGE.write_text(decisions.index(), encoding="utf-8")


if __name__ == "__main__":
    main()
