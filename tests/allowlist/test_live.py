"""Edits while the bot runs: each way of writing a file counts, a broken one changes nothing."""

import asyncio
import contextlib
import os
import resource
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.allowlist import Allowlist, LiveAllowlist, load, watch
from bot.policy import Finding

PATIENCE = 10


@dataclass
class Told:
    """What a watch told, in order: an admin channel for a good file, findings for a broken one."""

    live: LiveAllowlist
    queue: asyncio.Queue[str | tuple[Finding, ...] | None] = field(default_factory=asyncio.Queue)

    async def good(self, allowlist: Allowlist) -> None:
        """A usable file came."""
        await self.queue.put(allowlist.admin_channel)

    async def broken(self, findings: tuple[Finding, ...]) -> None:
        """A broken file came."""
        await self.queue.put(findings)

    async def next(self) -> str | tuple[Finding, ...] | None:
        """The next thing that is told."""
        return await asyncio.wait_for(self.queue.get(), PATIENCE)


@asynccontextmanager
async def followed(path: Path) -> AsyncIterator[Told]:
    """A live allowlist that follows its file meanwhile."""
    live = LiveAllowlist(load(path))
    told = Told(live)
    task = asyncio.create_task(live.follow(path, told.good, told.broken))
    try:
        yield told
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An allowlist whose admin channel tells its editions apart."""
    path = tmp_path / "allowlist.yaml"
    path.write_text("admin_channel: C1\n")
    return path


def in_place(file: Path) -> None:
    """As `echo >` writes."""
    file.write_text("admin_channel: C2\n")


def by_replacement(file: Path) -> None:
    """As most editors write: a new file takes the name."""
    (file.parent / "new").write_text("admin_channel: C2\n")
    (file.parent / "new").rename(file)


def gone_and_back(file: Path) -> None:
    """As some editors write: the old one is renamed away first."""
    file.rename(file.parent / "backup~")
    file.write_text("admin_channel: C2\n")


def save(file: Path, text: str) -> None:
    """Writes a file, and its folder first."""
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)


def delete(file: Path) -> None:
    """Removes a file."""
    file.unlink()


@pytest.mark.parametrize("edit", [in_place, by_replacement, gone_and_back])
async def test_an_edit_counts_however_it_is_written(file: Path, edit: Callable[[Path], None]) -> None:
    async with followed(file) as told:
        edit(file)

        assert await told.next() == "C2"
        assert told.live.current.admin_channel == "C2"


async def test_a_mount_that_swaps_its_link_counts_as_an_edit(tmp_path: Path) -> None:
    save(tmp_path / "old/allowlist.yaml", "admin_channel: C1\n")
    save(tmp_path / "new/allowlist.yaml", "admin_channel: C2\n")
    (tmp_path / "..data").symlink_to("old")
    (tmp_path / "allowlist.yaml").symlink_to("..data/allowlist.yaml")

    async with followed(tmp_path / "allowlist.yaml") as told:
        (tmp_path / "..next").symlink_to("new")
        (tmp_path / "..next").rename(tmp_path / "..data")

        assert await told.next() == "C2"


async def test_a_broken_edit_keeps_the_old_rules_and_tells_every_finding(file: Path) -> None:
    async with followed(file) as told:
        save(file, "admin_channel: C2\nextra: 1\nmore: 2\n")
        findings = await told.next()

        assert isinstance(findings, tuple)
        assert [(each.place, each.line) for each in findings] == [("extra", 2), ("more", 3)]
        assert told.live.current.admin_channel == "C1"

        save(file, "admin_channel: C3\n")
        assert await told.next() == "C3"


async def test_a_file_that_is_gone_keeps_the_old_rules_until_it_is_back(file: Path) -> None:
    async with followed(file) as told:
        delete(file)

        assert isinstance(await told.next(), tuple)
        assert told.live.current.admin_channel == "C1"

        save(file, "admin_channel: C3\n")
        assert await told.next() == "C3"


async def test_a_policy_file_that_the_allowlist_names_counts_as_part_of_it(file: Path) -> None:
    policy = file.parent / "policies/ops.json"
    save(policy, '{"Version": "1", "Statement": []}')
    save(file, "policies: {ops: policies/ops.json}\n")

    async with followed(file) as told:
        save(policy, '{"Version": "2", "Statement": []}')
        findings = await told.next()
        assert isinstance(findings, tuple)
        assert [each.place for each in findings if each.is_error] == ["policies.ops.Version"]

        save(policy, '{"Version": "1", "Statement": []}')
        assert await told.next() is None


async def test_an_edit_before_the_watch_began_is_not_missed(file: Path) -> None:
    live = LiveAllowlist(load(file))
    save(file, "admin_channel: C2\n")
    told = Told(live)
    task = asyncio.create_task(live.follow(file, told.good, told.broken))

    assert await told.next() == "C2"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@contextmanager
def hardly_a_file_left() -> Iterator[None]:
    """This process may open two more files: a watch takes three."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken = [os.open(os.devnull, os.O_RDONLY)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (taken[0] + 64, limits[1]))
    try:
        with contextlib.suppress(OSError):
            while True:
                taken.append(os.open(os.devnull, os.O_RDONLY))
        for _ in range(2):
            os.close(taken.pop())
        yield
    finally:
        for each in taken:
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


async def test_where_the_system_has_no_watch_left_an_edit_counts_all_the_same(file: Path) -> None:
    """Anybody who lost a right would keep it otherwise, and nobody would know."""
    with hardly_a_file_left():
        async with followed(file) as told:
            await asyncio.sleep(0)
            save(file, "admin_channel: C2\n")

            assert await told.next() == "C2"


async def test_a_watch_that_knows_nothing_tells_the_file_as_it_is(file: Path) -> None:
    told = Told(LiveAllowlist(Allowlist()))
    task = asyncio.create_task(watch(file, told.good, told.broken))

    assert await told.next() == "C1"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize(
    "broken",
    [
        'policies: {p: "a\\0b.json"}\n',
        f"policies: {{p: {'x' * 5000}.json}}\n",
        f"policies: {{p: {'x/' * 3000}.json}}\n",
        "policies: {p: /proc/self/mem.json}\n",
        "a: " + "[" * 5000 + "\n",
        "a: &a [*a]\n",
        "groups: {\x01: []}\n",
        "policies: " + "{p: " * 30 + "\n",
    ],
)
async def test_no_content_ends_the_following(file: Path, broken: str) -> None:
    """A right that was taken away later would count until a restart."""
    async with followed(file) as told:
        save(file, broken)

        assert isinstance(await told.next(), tuple)
        assert told.live.current.admin_channel == "C1"

        save(file, "admin_channel: C3\n")
        assert await told.next() == "C3"


@pytest.mark.parametrize("place", ["a\0b.yaml", "x" * 5000, "no/such/folder/allowlist.yaml"])
async def test_a_path_that_cannot_be_looked_at_is_told_as_broken(tmp_path: Path, place: str) -> None:
    told = Told(LiveAllowlist(Allowlist()))
    task = asyncio.create_task(watch(tmp_path / place, told.good, told.broken, {tmp_path / place: (1, 2, 3)}))

    assert isinstance(await told.next(), tuple)
    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_an_edit_that_cannot_be_told_counts_and_the_next_one_too(file: Path) -> None:
    live, seen = LiveAllowlist(load(file)), asyncio.Queue[str | None]()

    async def fail(allowlist: Allowlist) -> None:
        """Slack is away."""
        await seen.put(allowlist.admin_channel)
        raise ConnectionError

    task = asyncio.create_task(live.follow(file, fail, Told(live).broken))
    for channel in ("C2", "C3"):
        save(file, f"admin_channel: {channel}\n")
        assert await asyncio.wait_for(seen.get(), PATIENCE) == channel

    assert live.current.admin_channel == "C3"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_file_that_has_had_the_end_mark_is_broken_without_it(file: Path) -> None:
    save(file, "admin_channel: C1\ngroups: {a: [U0A]}\nend: true\n")
    async with followed(file) as told:
        save(file, "admin_channel: C2\n")
        findings = await told.next()
        assert isinstance(findings, tuple)
        assert [(each.place, each.code) for each in findings] == [("end", "end-missing")]
        assert told.live.current.admin_channel == "C1"

        save(file, "admin_channel: C3\nend: true\n")
        assert await told.next() == "C3"


async def test_an_edit_comes_with_its_warnings(file: Path) -> None:
    async with followed(file) as told:
        save(file, "admin_channel: C2\nattachments: [{users: ['@bob'], policies: []}]\n")
        await told.next()

        assert [each.code for each in told.live.current.warnings] == ["id-shape", "no-approver"]
