"""The bot under the playground: the unmodified program in a process of its own, to be started, stopped and killed."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

STOP_SECONDS = 12.0
"""SIGTERM ends the bot within ten seconds; after a little more it is ended by force."""


class BotProcess:
    """`image-bot run` with the environment given. Its log goes to a file."""

    def __init__(self, environment: Mapping[str, str], log: Path, arguments: tuple[str, ...] = ("run",)) -> None:
        self.environment = dict(environment)
        self.log = log
        self.arguments = arguments
        self.process: Process | None = None

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self.process is not None and self.process.returncode is None

    async def start(self) -> None:
        """Start it, with nothing of this process's own Slack or cloud settings."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                *self.arguments,
                env=kept | self.environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the playground, which then stops its bot
            )

    async def stop(self) -> int:
        """End it with SIGTERM; return its exit status."""
        return await self._end(signal.SIGTERM)

    async def kill(self) -> int:
        """End it with SIGKILL, at once and in the middle of everything."""
        return await self._end(signal.SIGKILL)

    async def _end(self, how: signal.Signals) -> int:
        if self.process is None:
            return 0
        with suppress(ProcessLookupError):
            self.process.send_signal(how)
        try:
            return await asyncio.wait_for(self.process.wait(), STOP_SECONDS)
        except TimeoutError:
            self.process.kill()
            return await self.process.wait()


FOREIGN = ("SLACK_", "ALIBABA_", "APPSTREAM_", "ECD_", "DATABASE_URL", "ALLOWLIST", "IMAGE_", "LOG_", "PORT")
