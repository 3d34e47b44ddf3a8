"""A long, steady run of one process: memory, descriptors and threads have to stay where they are."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.crash.lives import FATES, Life, live
from tests.crash.rig import Rig

SAMPLE_SECONDS = 5.0
LIVES = 60
"""The most lives at once; each has a channel and an instance, and is replaced when it ends."""


@dataclass(frozen=True)
class Sample:
    """What the process uses: memory in MiB, open files and sockets, threads."""

    memory: float
    descriptors: int
    threads: int


@dataclass(frozen=True)
class Soaked:
    """Medians of the second and of the last fifth of the run (the first is warming up)."""

    lives: int
    before: Sample
    after: Sample


async def soak(url: str, folder: Path, seconds: float, pause: float = 1.0) -> Soaked:
    """Live life after life for so long, starting one every `pause` seconds, and watch the process."""
    async with Rig(url, folder, LIVES, processes=1, seed=1) as rig:
        await rig.start_all()
        process = rig.processes[0].process
        assert process is not None
        watching = asyncio.create_task(watch(Path(f"/proc/{process.pid}"), seconds))
        begun = 0
        end = time.monotonic() + seconds
        async with asyncio.TaskGroup() as group:
            while time.monotonic() < end:
                fate = list(FATES)[begun % len(FATES)]
                life = Life(begun % LIVES, fate, attempts=["" for _ in range(begun)])
                group.create_task(_lived(rig, life))
                begun += 1
                await asyncio.sleep(pause)
        samples = await watching
    fifth = max(1, len(samples) // 5)
    return Soaked(begun, middle(samples[fifth : 2 * fifth]), middle(samples[-fifth:]))


async def _lived(rig: Rig, life: Life) -> None:
    with suppress(TimeoutError):  # how a life ends is the crash runs' business
        await live(rig, life)


async def watch(process: Path, seconds: float) -> list[Sample]:
    """Look at a process every now and then."""
    samples = []
    for _ in range(max(5, int(seconds / SAMPLE_SECONDS))):
        await asyncio.sleep(min(SAMPLE_SECONDS, seconds / 5))
        status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
        memory = int(status["VmRSS"].split()[0]) / 1024
        samples.append(Sample(memory, len(list((process / "fd").iterdir())), int(status["Threads"])))
    return samples


def middle(samples: list[Sample]) -> Sample:
    """Return the median of each figure."""
    return Sample(
        round(median(sample.memory for sample in samples), 1),
        int(median(sample.descriptors for sample in samples)),
        int(median(sample.threads for sample in samples)),
    )
