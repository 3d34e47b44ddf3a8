"""The newest usable allowlist while the bot runs.

An edit counts within a second; a broken one changes nothing and is reported.
"""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import structlog
from watchfiles import awatch

from bot.allowlist.edits import findings_of_edit
from bot.allowlist.file import inspect, load
from bot.allowlist.model import Allowlist, AllowlistBroken
from bot.allowlist.text import Sources, stamp
from bot.domain.vocabulary import ANYWHERE, Deployment
from bot.policy import Finding

log = structlog.get_logger(__name__)
T = TypeVar("T")
LOOK_EVERY = 250
"""Milliseconds after which the files are looked at even if nothing was reported, as on network mounts."""
UNFORESEEN = Finding(
    "", "can't be used, and the bot's log says why (allowlist_not_followed)", code="unforeseen"
)
OnGood = Callable[[Allowlist], Awaitable[None]]
OnBroken = Callable[[tuple[Finding, ...]], Awaitable[None]]


@dataclass(slots=True)
class LiveAllowlist:
    """Holds the allowlist in force; services read `current` for every decision."""

    current: Allowlist
    deployment: Deployment = ANYWHERE

    async def follow(self, path: Path, on_good: OnGood, on_broken: OnBroken) -> None:
        """Keep `current` up to date with the file until cancelled, and tell of every edit.

        `on_good` gets the allowlist with everything worth a warning in `warnings`; `on_broken` every finding.
        """

        async def take(allowlist: Allowlist) -> None:
            """Say that the newer one counts from here on, unless it was cut short."""
            found = findings_of_edit(self.current, allowlist)
            if any(finding.is_error for finding in found):
                await on_broken(found)
                return
            self.current = replace(allowlist, warnings=(*found, *allowlist.warnings))
            await on_good(self.current)

        await watch(path, take, on_broken, self.current.sources, self.deployment)


async def watch(
    path: Path,
    on_good: OnGood,
    on_broken: OnBroken,
    sources: Sources | None = None,
    deployment: Deployment = ANYWHERE,
) -> None:
    """Call one of the two after each change of the file, or of a policy file that it names, until cancelled.

    `sources` are those of the allowlist that counts now; without them the first call comes at once. Nothing
    else ends it: what cannot be read counts as broken, and looking goes on.
    """
    known: Sources = sources or {path: None}
    while True:
        try:
            await _changed(known)
            allowlist = await asyncio.to_thread(_load_inspected, path, deployment)
        except AllowlistBroken as broken:
            known = broken.sources
            await _tell(on_broken, broken.findings)
        except Exception:
            log.exception("allowlist_not_followed")
            known = {path: stamp(path)}
            await _tell(on_broken, (UNFORESEEN,))
            await asyncio.sleep(LOOK_EVERY / 1000)
        else:
            known = allowlist.sources
            await _tell(on_good, allowlist)


def _load_inspected(path: Path, deployment: Deployment) -> Allowlist:
    return inspect(load(path), deployment)


async def _tell(told: Callable[[T], Awaitable[None]], what: T) -> None:
    """Report an edit; if that fails, keep following."""
    try:
        await told(what)
    except Exception:
        log.exception("allowlist_edit_not_told")


async def _changed(known: Sources) -> None:
    """Return when the files differ from what is known and have come to rest: two looks that agree.

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
    """Return the nearest folder above a file that can be watched now; the root when none can be looked at."""
    return next((folder for folder in path.absolute().parents if _is_folder(folder)), Path("/"))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir() and os.access(path, os.R_OK | os.X_OK)
    except (OSError, ValueError):  # a folder that may not be entered, a path too long
        return False
