"""The newest usable allowlist while the bot runs.

An edit counts within a second; a broken one changes nothing and is told.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from watchfiles import awatch

from bot.allowlist.file import load
from bot.allowlist.model import Allowlist, AllowlistBroken
from bot.allowlist.text import Sources, stamp
from bot.policy import Finding

LOOK_EVERY = 250
"""Milliseconds after which the files are looked at even if nothing was reported, as on network mounts."""
OnGood = Callable[[Allowlist], Awaitable[None]]
OnBroken = Callable[[tuple[Finding, ...]], Awaitable[None]]


@dataclass(slots=True)
class LiveAllowlist:
    """Holds the allowlist that counts now; services read `current` for every decision."""

    current: Allowlist

    async def follow(self, path: Path, on_good: OnGood, on_broken: OnBroken) -> None:
        """Keeps `current` up to date with the file until cancelled, and tells of every edit."""

        async def take(allowlist: Allowlist) -> None:
            """The newer one counts from here on."""
            self.current = allowlist
            await on_good(allowlist)

        await watch(path, take, on_broken, self.current.sources)


async def watch(path: Path, on_good: OnGood, on_broken: OnBroken, sources: Sources | None = None) -> None:
    """Calls one of the two after each change of the file, or of a policy file that it names, until cancelled.

    `sources` are those of the allowlist that counts now; without them the first call comes at once.
    """
    known: Sources = sources or {path: None}
    while True:
        await _changed(known)
        try:
            allowlist = await asyncio.to_thread(load, path)
        except AllowlistBroken as broken:
            known = broken.sources
            await on_broken(broken.findings)
        else:
            known = allowlist.sources
            await on_good(allowlist)


async def _changed(known: Sources) -> None:
    """Returns when the files differ from what is known and have come to rest: two looks that agree.

    Editors replace files and mounts swap links, so the folders are watched and the files compared.
    """
    before: Sources | None = None
    async for _ in _looks(known):
        now = {path: stamp(path) for path in known}
        if now != known and now == before:
            return
        before = now


async def _looks(sources: Sources) -> AsyncIterator[None]:
    """One item at each change in the files' folders, and at least every `LOOK_EVERY`."""
    while True:
        changes = awatch(
            *{_folder(path) for path in sources},
            watch_filter=None,
            debounce=LOOK_EVERY,
            rust_timeout=LOOK_EVERY,
            yield_on_timeout=True,
            recursive=False,
        )
        with contextlib.suppress(OSError, RuntimeError):  # the system has no watch left: looks are enough
            async for _ in changes:
                yield
        await asyncio.sleep(LOOK_EVERY / 1000)
        yield


def _folder(path: Path) -> Path:
    """The nearest folder above a file that exists now."""
    return next(folder for folder in path.absolute().parents if folder.is_dir())
