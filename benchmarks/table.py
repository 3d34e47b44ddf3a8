"""The table that every benchmark fills, and how a median is taken."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure: our seconds, a reference's on the same input, and the most that ours may take."""

    name: str
    ours: float
    reference_name: str = ""
    reference: float | None = None
    limit: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times longer the reference takes; None without one."""
        return self.reference / self.ours if self.reference is not None else None

    @property
    def holds(self) -> bool:
        """Whether ours is within its limit."""
        return self.limit is None or self.ours <= self.limit


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


def print_table(rows: Iterable[Row], title: str) -> None:
    """Return the rows for people."""
    table = Table(title=title, title_justify="left")
    table.add_column("what")
    for column in ("ours", "at most", "reference", "takes", "times ours"):
        table.add_column(column, justify="right")
    for row in rows:
        limit = "" if row.limit is None else f"{_time(row.limit)} {'✓' if row.holds else '✗'}"
        reference = "" if row.reference is None else _time(row.reference)
        ratio = "" if row.ratio is None else f"{row.ratio:,.1f}"
        table.add_row(row.name, _time(row.ours), limit, row.reference_name, reference, ratio)
    Console().print(table)


def _time(seconds: float) -> str:
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= scale:
            return f"{seconds / scale:,.3g} {unit}"
    return f"{seconds / 1e-9:,.3g} ns"
