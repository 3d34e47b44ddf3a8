"""A story in the terminal: who says what, a card that changes in place, a growing thread."""

from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from bot.playground.page.mrkdwn import Mark, Name, pieces
from bot.playground.page.names import names
from bot.playground.slack import Message, User
from bot.playground.slack.wire import JsonObject
from bot.playground.slack.workspace import Workspace
from bot.playground.stories import Kind, Line

WIDTH = 96
_STYLES = {
    Mark.BOLD: "bold",
    Mark.ITALIC: "italic",
    Mark.STRIKE: "strike",
    Mark.CODE: "cyan",
    Mark.FENCE: "cyan",
    Mark.QUOTE: "italic",
    Mark.MENTION: "blue",
    Mark.LINK: "underline",
}


class Terminal:
    """Prints a story's lines. On a terminal the card stays at the bottom and changes there; elsewhere its
    first line is printed again whenever it changes.
    """

    def __init__(self, workspace: Workspace, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)
        self._name = names(workspace, User("U0TERMINAL"))
        self._live = Live(console=self.console, auto_refresh=False, transient=True)
        self._card: Message | None = None
        self._posts: dict[str, Message] = {}

    def __enter__(self) -> Self:
        if self.console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()
        if self.console.is_terminal and self._card is not None:
            self.console.print(self._scene())

    def __call__(self, line: Line) -> None:
        """Tell one line."""
        match line.kind:
            case Kind.CARD if line.message is not None:
                self._draw_card(line.message)
            case Kind.POST if line.message is not None:
                self._add_post(line.message)
            case _:
                self._print(self._told(line))

    def _draw_card(self, message: Message) -> None:
        before, self._card = self._card, message
        if self.console.is_terminal:
            self._live.update(self._scene(), refresh=True)
        elif before is None or before.ts != message.ts:
            self._print(Padding(drawn(message, self._name), (0, 0, 0, 4)))
        elif headline(before) != headline(message):
            self._print(Padding(Text("the card: ", "dim").append_text(self._first(message)), (0, 0, 0, 4)))

    def _first(self, message: Message) -> Text:
        return styled(headline(message), self._name)

    def _add_post(self, message: Message) -> None:
        self._posts[message.ts] = message
        if self.console.is_terminal:
            self._live.update(self._scene(), refresh=True)
        else:
            self._print(self._entry(message))

    def _scene(self) -> RenderableType:
        """Return the card with its thread."""
        card = [drawn(self._card, self._name)] if self._card else []
        return Padding(Group(*card, *(self._entry(post) for post in self._posts.values())), (0, 0, 0, 4))

    def _entry(self, message: Message) -> RenderableType:
        mark = "├─ also sent to the channel: " if message.broadcast else "├─ "
        return Padding(Text(mark, "dim").append_text(styled(message.text, self._name)), (0, 0, 0, 2))

    def _told(self, line: Line) -> RenderableType:
        text = styled(line.text, self._name)
        match line.kind:
            case Kind.ACT:
                return Text(line.who, "bold").append("  ").append_text(text)
            case Kind.ANSWER:
                return Padding(Text(f"only {line.who} sees: ", "dim").append_text(text), (0, 0, 0, 4))
            case Kind.CHECK:
                return Text("✓ ", "green").append_text(text)
        return Text("· ", "yellow").append_text(text)

    def _print(self, what: RenderableType) -> None:
        self.console.print(what, width=min(WIDTH, self.console.width))


def headline(message: Message) -> str:
    """Return the first line of a card."""
    section = next((block for block in message.blocks if block["type"] == "section"), {})
    return str((section.get("text") or {}).get("text", message.text)).partition("\n")[0]


def drawn(message: Message, name: Name) -> RenderableType:
    """Return a message's blocks, drawn in a box."""
    rows = [row for block in message.blocks for row in _rows(block, name)]
    return Panel(Group(*rows or [styled(message.text, name)]), width=WIDTH - 8, border_style="dim")


def styled(text: str, name: Name) -> Text:
    """Return mrkdwn as the terminal shows it."""
    written = Text()
    for piece in pieces(text, name):
        shown = f"“{piece.text}”" if Mark.QUOTE in piece.marks else piece.text
        written.append(shown, " ".join(_STYLES[mark] for mark in sorted(piece.marks)))
    written.rstrip()
    return written


def _rows(block: JsonObject, name: Name) -> Iterator[RenderableType]:
    """Return a block as lines, without anything that has no words."""
    match block["type"]:
        case "section":
            texts = [block["text"]] if block.get("text") else []
            yield from (styled(text["text"], name) for text in texts)
            yield from _fields(block.get("fields") or (), name)
        case "context":
            for element in block["elements"]:
                small = styled(str(element.get("text", "")), name)
                small.stylize("dim")
                yield small
        case "actions":
            labels = [element["text"]["text"] for element in block["elements"] if "text" in element]
            yield Text("  ".join(f"[ {label} ]" for label in labels), "reverse")
        case "header":
            yield Text(block["text"]["text"], "bold")


def _fields(fields: Sequence[JsonObject], name: Name) -> Iterator[RenderableType]:
    """Return names and values, one pair per line."""
    for field in fields:
        label, _, value = str(field["text"]).partition("\n")
        yield styled(f"{label}  {value}" if value else label, name)
