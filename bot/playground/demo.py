"""`image-bot demo`: a story in the terminal, then the playground's page until Ctrl-C."""

import asyncio
import os
import signal
import sys
import webbrowser
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from pathlib import Path

from rich.console import Console

from bot.playground.cast import Cast, default_cast
from bot.playground.command_line import image_bot
from bot.playground.page.names import names
from bot.playground.page.server import Page
from bot.playground.rehearsal import BadCast, cast_from
from bot.playground.slack import User
from bot.playground.stage import BotDidNotStart, Stage
from bot.playground.stories import MAIN, STORIES, Line, Story, StoryFailed, perform
from bot.playground.terminal import Terminal
from bot.playground.transcript import Transcript

DONE, FAILED, WRONG_USE = 0, 1, 2
NO_STORY = (
    "The bot takes this allowlist, and has started with it. There is no story to play: "
    "run this in a terminal without --once to act as the people that the file names."
)


async def demo(
    *, port: int, browser: bool, once: bool, story: str | None, record: Path | None, allowlist: Path | None
) -> int:
    """Play a story and serve the page; return the exit status.

    Args:
        port: of the page on 127.0.0.1, 0 for any.
        browser: whether to open one.
        once: end after the story; the default without a terminal on stdin.
        story: its name; the main job by default, none if an allowlist is given.
        record: a file for the story's transcript, in Markdown.
        allowlist: rehearse this one, with personas for the users that it names.
    """
    try:
        chosen = _chosen(story, record, allowlist)
        cast = default_cast() if allowlist is None else await _cast_for(allowlist)
    except BadCast as bad:
        return _complain(str(bad))
    ends = once or not sys.stdin.isatty()
    try:
        async with AsyncExitStack() as stack:
            stage = await stack.enter_async_context(Stage(cast))
            return await _until_stopped(_show(stage, stack, chosen, record, None if ends else port, browser))
    except BotDidNotStart as silent:
        return _complain("\n".join(("The bot didn't start. Its last lines:", *silent.lines)), FAILED)
    except OSError as taken:
        return _complain(f"127.0.0.1:{port} can't be used: {taken.strerror}. Choose another with --port")


class Screen(Console):
    """A terminal that may go away: the story is played to its end without a reader too."""

    def on_broken_pipe(self) -> None:
        """Write to nobody from here on."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


async def _cast_for(allowlist: Path) -> Cast:
    """Return the people of an allowlist that the bot's own check has no error for. Raises `BadCast`."""
    status, output = await image_bot("policy", "check", str(allowlist))
    if status:
        lines = output.splitlines()
        raise BadCast("\n".join([line for line in lines if ": error: " in line] or lines))
    return cast_from(allowlist)


async def _show(
    stage: Stage,
    stack: AsyncExitStack,
    story: Story | None,
    record: Path | None,
    port: int | None,
    browser: bool,
) -> int:
    """Play the story, and serve the page if there's a port for it."""
    console = Screen(highlight=False)
    page = Page(stage, port or 0)
    if port is not None:
        await stack.enter_async_context(page)
        console.print(f"The playground: [link={page.url}]{page.url}[/link]")
    await stage.start_bot()
    status = await _play(story, stage, console, record, page) if story else DONE
    if port is None:
        if story is None:
            console.print(NO_STORY, soft_wrap=True)
        return status
    if browser and _has_screen():
        await asyncio.to_thread(webbrowser.open, page.url)
    console.print(f"\nGo on yourself at {page.url} (Ctrl-C ends it).")
    await asyncio.Event().wait()
    return status


async def _play(story: Story, stage: Stage, console: Console, record: Path | None, page: Page) -> int:
    transcript = Transcript(story, names(stage.slack.workspace, User("U0READER")))
    console.print(f"\n{story.title}\n", style="bold")
    with Terminal(stage.slack.workspace, console) as terminal:

        def tell(line: Line) -> None:
            terminal(line)
            transcript(line)
            page.tell(line)

        try:
            await perform(story, stage, tell)
        except StoryFailed as failed:
            return _complain(f"The story did not end as it should: {failed}", FAILED)
        finally:
            if record is not None:
                await asyncio.to_thread(record.write_text, transcript.markdown(), encoding="utf-8")
    return DONE


async def _until_stopped(show: Awaitable[int]) -> int:
    """Run until it's over, or until SIGINT or SIGTERM, which is how a demo normally ends."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    showing = asyncio.ensure_future(show)
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((showing, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if showing.done():
        return showing.result()
    showing.cancel()
    await asyncio.gather(showing, return_exceptions=True)
    return DONE


def _has_screen() -> bool:
    """Return whether a browser would open in a window rather than in this terminal."""
    return sys.platform in ("darwin", "win32") or bool({"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys())


def _chosen(story: str | None, record: Path | None, allowlist: Path | None) -> Story | None:
    """Return the story to play. Raises `BadCast` if the options don't go together."""
    if record is not None and (record.is_dir() or not os.access(record.parent, os.W_OK)):
        raise BadCast(f"--record: {record} can't be written")
    if allowlist is not None:
        if story or record:
            raise BadCast("stories play with the playground's own allowlist: leave out --allowlist")
        return None
    if story is None:
        return MAIN
    if story not in STORIES:
        raise BadCast(f"there is no story {story!r}, only {', '.join(STORIES)}")
    return STORIES[story]


def _complain(sentence: str, status: int = WRONG_USE) -> int:
    Console(stderr=True, highlight=False, soft_wrap=True).print(sentence, markup=False)
    return status
