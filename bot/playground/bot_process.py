"""The playground's bot: the unmodified program in its own process, to be started and killed."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

STOP_SECONDS = 12.0
"""SIGTERM ends the bot within ten seconds; a little later it's killed."""
LINES_KEPT = 1_000
LEASH = 'read -r _ || kill -KILL "$0"'
"""A shell that ends the bot when this process is gone, for whatever reason: its input ends then."""
FOREIGN = ("SLACK_", "ALIBABA_", "APPSTREAM_", "ECD_", "DATABASE_URL", "ALLOWLIST", "IMAGE_", "LOG_", "PORT")


class BotProcess:
    """`image-bot run` with the given environment. Its log goes to a file, and the last lines are kept.

    It doesn't outlive this process. `changed` is called when it starts, ends or writes a line; `role` is
    what it is told to do (`--role`).
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        log: Path,
        changed: Callable[[], None] = lambda: None,
        *,
        role: str = "all",
    ) -> None:
        self.environment = dict(environment)
        self.log = log
        self.role = role
        self.lines: deque[str] = deque(maxlen=LINES_KEPT)
        self.lives = 0
        self.process: Process | None = None
        self._changed = changed
        self._news = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether the process is running."""
        return self.process is not None and self.process.returncode is None

    async def start(self) -> None:
        """Start it without any of this process's own Slack or cloud settings."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", "--role", self.role),
            env=kept | self.environment,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            start_new_session=True,  # Ctrl-C is for the playground, which then stops its bot
        )
        self.lives += 1
        leash = await _leash(self.process.pid)
        self._reading = asyncio.create_task(self._read(self.process, leash), name="the bot's log")
        self._tell()

    async def stop(self) -> int:
        """End it with SIGTERM; return its exit status."""
        return await self._end(signal.SIGTERM)

    async def kill(self) -> int:
        """End it with SIGKILL, in the middle of everything."""
        return await self._end(signal.SIGKILL)

    def heard(self, *events: str) -> int:
        """Return how many of the kept lines contain one of these words."""
        return sum(any(event in line for event in events) for line in self.lines)

    async def until(self, holds: Callable[[], object], seconds: float) -> None:
        """Return once `holds()`, checked whenever the bot writes a line or ends. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not holds():
                await self._news.wait()

    async def _end(self, how: signal.Signals) -> int:
        if self.process is None:
            return 0
        with suppress(ProcessLookupError):
            self.process.send_signal(how)
        try:
            status = await asyncio.wait_for(self.process.wait(), STOP_SECONDS)
        except TimeoutError:
            self.process.kill()
            status = await self.process.wait()
        if self._reading is not None:
            await self._reading
        return status

    async def _read(self, process: Process, leash: Process) -> None:
        stream = process.stdout
        if stream is None:
            return
        with self.log.open("ab", buffering=0) as log:
            while line := await stream.readline():
                log.write(line)
                self.lines.append(line.decode(errors="replace").rstrip())
                self._tell()
        await process.wait()
        with suppress(ProcessLookupError):
            leash.kill()  # before its process ID belongs to another process
        await leash.wait()
        self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
        self._changed()


async def _leash(number: int) -> Process:
    """Tie the process with this ID to the current one."""
    return await asyncio.create_subprocess_exec(
        *("/bin/sh", "-c", LEASH, str(number)),
        stdin=PIPE,
        stdout=DEVNULL,
        stderr=DEVNULL,
        start_new_session=True,
    )
