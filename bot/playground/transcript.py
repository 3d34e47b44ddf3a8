"""A story as a Markdown file."""

from bot.playground.page.mrkdwn import Mark, Name, pieces
from bot.playground.stories import Kind, Line, Story
from bot.playground.terminal import headline

_MARKS = {Mark.BOLD: "**", Mark.ITALIC: "_", Mark.STRIKE: "~~", Mark.CODE: "`"}


class Transcript:
    """Collects a story's lines and writes them as Markdown."""

    def __init__(self, story: Story, name: Name) -> None:
        self._title = story.title
        self._name = name
        self._lines: list[str] = []
        self._headlines: dict[str, str] = {}

    def __call__(self, line: Line) -> None:
        """Keep one line; a card only when its first line has changed."""
        text = self._markdown(line.text)
        match line.kind:
            case Kind.ACT:
                self._lines.append(f"**{line.who}** {text}")
            case Kind.ANSWER:
                self._lines.append(f"> only {line.who} sees: {text}")
            case Kind.CARD if line.message is not None:
                self._keep_card(line.message.ts, headline(line.message))
            case Kind.POST:
                self._lines.append(f"> in the thread: {text}")
            case Kind.CHECK:
                self._lines.append(f"✓ {text}")
            case _:
                self._lines.append(f"_{text}_")

    def markdown(self) -> str:
        """Return the transcript."""
        return "\n\n".join([f"# {self._title}", *self._lines]) + "\n"

    def _keep_card(self, ts: str, first: str) -> None:
        if self._headlines.get(ts) != first:
            self._headlines[ts] = first
            self._lines.append(f"> the card: {self._markdown(first)}")

    def _markdown(self, text: str) -> str:
        return "".join(self._set(piece.text, piece.marks) for piece in pieces(text, self._name)).replace(
            "\n", " "
        )

    def _set(self, text: str, marks: frozenset[Mark]) -> str:
        if Mark.CODE in marks:
            return f"`{text}`"
        for mark in sorted(marks & _MARKS.keys()):
            text = f"{_MARKS[mark]}{text}{_MARKS[mark]}"
        return text
