"""`docs/benchmarks.md` and its plot, written from the rows of one run."""

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.plot import plot
from benchmarks.table import Row, cells

PAGE = Path("docs/benchmarks.md")
PLOT = Path("docs/pictures/benchmarks.svg")
PACKAGES = (
    "slack-bolt",
    "slack-sdk",
    "sqlalchemy",
    "aiosqlite",
    "psycopg",
    "httpx",
    "dbos",
    "cedarpy",
    "pycasbin",
    "vakt",
)
HEAD = "| what | at | ours | reference | takes | ratio | slope | goal |\n|---|---|---|---|---|---|---|---|"
INTRODUCTION = """# Benchmarks

Written by `make bench`, which measures each row at its sizes beside its reference, in one run on one machine.
*Ratio* is ours to the reference's at the largest size that both have. *Slope* is the exponent with which a
row grows with its size: 0 is flat, 1 is as the size. `make bench QUICK=1`, a part of `make check`, takes the
rows that a busy machine hardly changes (CPU time, counts, waits of seconds), and fails when one is twice as
bad as its goal.

Where the load below is above the number of cores, the rows in wall time (commands, start, calls and lives a
second) say more of what else the machine did than of the bot.
"""


def write(tables: Mapping[str, Sequence[Row]]) -> None:
    """Write the page and the plot."""
    rows = [row for table in tables.values() for row in table]
    PLOT.write_text(plot([row for row in rows if row.slope is not None]), encoding="utf-8")
    parts = [INTRODUCTION, machine(), f"![How each row grows with its size]({PLOT.relative_to('docs')})\n"]
    for title, table in tables.items():
        parts += [f"## {title}", HEAD, *("| " + " | ".join(cells(row)) + " |" for row in table), ""]
        parts += [f"* **{row.name}**: {row.why}" for row in table if row.why] + [""]
    PAGE.write_text("\n".join(parts).rstrip() + "\n", encoding="utf-8")


def machine() -> str:
    """Say what the figures were taken on, with which versions, and when."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"Taken on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {os.cpu_count()} cores ({_processor()}), "
        f"{memory:.0f} GB, {platform.system()} {platform.release()}, load {load} at the end; "
        f"Python {platform.python_version()}, {packages}.\n"
    )


def _processor() -> str:
    lines = (
        Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if Path("/proc/cpuinfo").exists()
        else []
    )
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")),
        platform.machine(),
    )
