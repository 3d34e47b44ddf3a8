"""The table that every benchmark fills: a row at several sizes, next to its reference, with its goal."""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table

SECONDS = "s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a row should reach: `measured` is at most, or at least, a number; `text` says it for people."""

    text: str
    measured: float
    most: float = math.inf
    least: float = -math.inf

    @property
    def holds(self) -> bool:
        """Whether it's reached."""
        return self.least <= self.measured <= self.most

    @property
    def holds_by_half(self) -> bool:
        """Whether half of it is reached: anything less has become twice as bad, on any machine."""
        return self.least / 2 <= self.measured <= self.most * 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measurement: ours and a reference's at each size, in the same unit, taken in the same run.

    `why` says where the time goes and what the limit is.
    """

    name: str
    ours: tuple[float, ...]
    sizes: tuple[int, ...] = (1,)
    unit: str = SECONDS
    reference_name: str = ""
    reference: tuple[float, ...] = ()
    goal: Goal | None = None
    why: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours to the reference's at the largest size that both have; None without one."""
        return self.ours[len(self.reference) - 1] / self.reference[-1] if self.reference else None

    @property
    def slope(self) -> float | None:
        """The exponent with which it grows: 0 is flat, 1 is proportional; None with one size."""
        if len(self.sizes) < 2 or min(self.ours[0], self.ours[-1]) <= 0:
            return None
        return math.log(self.ours[-1] / self.ours[0]) / math.log(self.sizes[-1] / self.sizes[0])


def at_most(row: Row, limit: float, text: str) -> Row:
    """Give a row the goal that its ratio is at most this."""
    return with_goal(row, Goal(text=text, measured=row.ratio or 0.0, most=limit))


def with_goal(row: Row, goal: Goal) -> Row:
    """Give a row a goal."""
    return Row(**{name: getattr(row, name) for name in Row.__slots__} | {"goal": goal})


def median_of(actions: Sequence[Callable[[], object]], *, within: float = 2.0) -> float:
    """Median seconds of one action; they are run in turn until `within` seconds have passed, one at least."""
    samples: list[float] = []
    until = time.perf_counter() + within
    while not samples or time.perf_counter() < until:
        for action in actions:
            start = time.perf_counter()
            action()
            samples.append(time.perf_counter() - start)
            if start > until:
                break
    return median(samples)


def cpu_of(action: Callable[[], object], times: int = 5) -> float:
    """Least CPU seconds that an action takes: what other processes do meanwhile counts for little."""
    samples = []
    for _ in range(times):
        start = time.process_time()
        action()
        samples.append(time.process_time() - start)
    return min(samples)


def print_table(rows: Iterable[Row], title: str) -> None:
    """Return the rows for people."""
    table = Table(title=title, title_justify="left")
    table.add_column("what")
    for column in ("at", "ours", "reference", "takes", "ratio", "slope", "goal"):
        table.add_column(column, justify="right")
    for row in rows:
        table.add_row(*cells(row))
    Console(width=160).print(table)


def cells(row: Row) -> tuple[str, ...]:
    """One row's texts: name, sizes, ours, reference's name and figures, ratio, slope, goal."""
    return (
        row.name,
        " · ".join(f"{size:,}" for size in row.sizes) if row.sizes != (1,) else "",
        " · ".join(written(value, row.unit) for value in row.ours),
        row.reference_name,
        " · ".join(written(value, row.unit) for value in row.reference),
        "" if row.ratio is None else f"{row.ratio:.2g}",
        "" if row.slope is None else f"{row.slope:.2f}",
        "" if row.goal is None else f"{row.goal.text} {'✓' if row.goal.holds else '✗'}",
    )


def written(value: float, unit: str) -> str:
    """Write a figure with its unit, seconds in the unit that suits them."""
    if unit != SECONDS:
        return f"{value:,.3g} {unit}"
    for name, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= scale:
            return f"{value / scale:,.3g} {name}"
    return f"{value / 1e-9:,.3g} ns"
