"""Searching instances, a keystroke at a time, next to a plain scan of names and IDs."""

import random
import time
from collections.abc import Callable, Sequence

from benchmarks.table import Goal, Row
from bot.alibaba.index import Entries
from bot.domain.image import InstanceType
from bot.ports import Instance, InstanceState

TYPED = "design-render 0099"
OTHERS = ("", "e", "-", "0", "ws-", "büro", "设计", "render 1", "nothing")
WORDS = [
    "design",
    "render",
    "build",
    "cad",
    "video",
    "büro",
    "设计",
    "game",
    "edu",
    "lab",
    "test",
    "shanghai",
    "team",
]
ROUNDS = 5


def run(*, quick: bool = False) -> list[Row]:
    """Return the row: the slowest in a hundred keystrokes, in CPU seconds."""
    sizes = (100, 10_000) if quick else (100, 1_000, 10_000)
    found = [_instances(size) for size in sizes]
    ours = tuple(_slowest(Entries(each).search) for each in found)
    reference = tuple(_slowest(lambda text, each=each: _scan(each, text)) for each in found)  # type: ignore[misc]  # bound now
    return [
        Row(
            name="instance search, a keystroke, p99 CPU",
            sizes=sizes,
            ours=ours,
            reference_name="plain scan",
            reference=reference,
            goal=Goal(text="≤ 20 ms", measured=ours[-1], most=0.020),
            why="sorting what matches: a letter that is in every name makes ten thousand results.",
        )
    ]


def _instances(size: int) -> list[Instance]:
    chosen = random.Random(1)  # noqa: S311 - names, and the same ones each time
    return [
        Instance(
            f"ws-{chosen.getrandbits(60):015x}",
            f"{chosen.choice(WORDS)}-{chosen.choice(WORDS)} {number:05}",
            InstanceType.WUYING_SERVER,
            InstanceState.STOPPED,
        )
        for number in range(size)
    ]


def _scan(instances: Sequence[Instance], text: str) -> list[Instance]:
    wanted = text.casefold()
    found = [each for each in instances if wanted in each.name.casefold() or wanted in each.instance_id]
    return sorted(found, key=lambda each: (not each.name.startswith(wanted), each.name))


def _slowest(search: Callable[[str], object]) -> float:
    """Return the p99 over what people type, each keystroke being its best of some rounds."""
    texts = [*OTHERS, *(TYPED[:end] for end in range(1, len(TYPED) + 1))]
    best = dict.fromkeys(texts, float("inf"))
    for _ in range(ROUNDS):
        for text in texts:
            start = time.process_time()
            search(text)
            best[text] = min(best[text], time.process_time() - start)
    return sorted(best.values())[int(len(best) * 0.99)]
