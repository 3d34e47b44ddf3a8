"""`make bench`: every row next to its reference, in one run; `--quick`: what a busy machine can tell."""

import logging
import sys
import time
from collections.abc import Callable

import structlog

from benchmarks import (
    ack,
    audit_log,
    calls,
    homes,
    line,
    lives,
    page,
    policy,
    queues,
    report,
    search,
    telling,
    watching,
)
from benchmarks.table import Row, print_table

TABLES: dict[str, tuple[Callable[[], list[Row]], ...]] = {
    "Commands, start and memory": (ack.run,),
    "What waits, and what is looked up": (
        queues.run,
        line.run,
        telling.run,
        watching.run,
        search.run,
        homes.run,
    ),
    "The audit log": (audit_log.run,),
    "Lives": (lives.run,),
    "Calls to the cloud": (calls.run,),
    "Policy": (policy.run,),
    "The playground's page": (page.run,),
}
QUICK = (queues.run, line.run, telling.run, watching.run, search.run, homes.run, audit_log.run)
TRIES = 2
"""A row that is twice as bad as its goal is taken once more: others may have had the machine."""


def main() -> int:
    """Measure and print; the whole run writes the page too, the quick one returns 1 when a row is bad."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    return quick() if "--quick" in sys.argv else whole()


def whole() -> int:
    """Run everything, one after the other."""
    tables = {}
    for title, measurements in TABLES.items():
        begun = time.monotonic()
        tables[title] = [row for measure in measurements for row in measure()]
        print_table(tables[title], f"{title} ({time.monotonic() - begun:.0f} s)")
    report.write(tables)
    return 0


def quick() -> int:
    """Take what a busy machine hardly changes; 1 when a row is twice as bad as its goal."""
    bad = []
    for measure in QUICK:
        for _ in range(TRIES):
            rows = measure(quick=True)
            failed = [row for row in rows if row.goal is not None and not row.goal.holds_by_half]
            if not failed:
                break
        print_table(rows, "")
        bad += failed
    for row in bad:
        print(f"{row.name}: twice as bad as its goal ({row.goal.text if row.goal else ''})", file=sys.stderr)
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
