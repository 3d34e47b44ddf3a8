"""`python -m tests.crash`: hundreds of kills on either database, plus a soak, as a table."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.crash.abuse import Bounds, Figures, abuse
from tests.crash.abuse import Plan as AbusePlan
from tests.crash.run import Plan, run
from tests.crash.soak import Soaked, soak
from tests.crash.verdict import Verdict
from tests.databases import postgres

KILLS_A_RUN = 20
LIVES_A_RUN = 20
IN_LINE = 3000


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="kills for each row of the table (200)")
    parser.add_argument("--minutes", type=float, default=30.0, help="how long the soak takes (30), 0: none")
    parser.add_argument("--abuse", type=float, default=3.0, help="minutes of the abuse run (3), 0: none")
    parser.add_argument("--only", default="", help="rows whose name holds this, such as sqlite")
    return parser.parse_args()


async def row(kills: int, processes: int, fresh: Callable[[], str]) -> tuple[int, int, Verdict]:
    """Do so many kills, in runs with a fresh database each; return kills, lives and the verdict."""
    killed, lived, verdict = 0, 0, Verdict()
    while killed < kills:
        plan = Plan(min(KILLS_A_RUN, kills - killed), LIVES_A_RUN, processes, seed=killed + processes)
        with tempfile.TemporaryDirectory() as folder:
            outcome = await run(plan, fresh(), Path(folder))
        killed, lived, verdict = killed + outcome.kills, lived + outcome.lives, verdict + outcome.verdict
        sys.stderr.write(f"{killed} kills, {lived} lives: {outcome.verdict}\n{outcome.told}")
    return killed, lived, verdict


async def prove(chosen: argparse.Namespace, postgresql: Callable[[], str], folder: Path) -> bool:
    """Run every row and the soak; print the tables; return whether every promise was kept."""

    def sqlite() -> str:
        return f"sqlite:///{tempfile.mkdtemp(dir=folder)}/bot.db"

    clean = await endure(chosen.abuse * 60, folder) if chosen.abuse else True
    soaking = None
    if chosen.minutes:
        (folder / "soak").mkdir()
        soaking = asyncio.create_task(soak(sqlite(), folder / "soak", chosen.minutes * 60))
    table = Table("database", "processes", "kills", "lives", *Verdict.headings(), title="Killed and judged")
    for name, fresh in (("sqlite", sqlite), ("postgresql", postgresql)):
        for processes in (1, 3):
            if not chosen.kills or chosen.only not in f"{name}-{processes}":
                continue
            killed, lived, verdict = await row(chosen.kills, processes, fresh)
            table.add_row(name, *map(str, (processes, killed, lived, *astuple(verdict))))
            clean = clean and verdict.is_clean
    console = Console(width=160)
    if table.row_count:
        console.print(table)
    if soaking is not None:
        console.print(soaked_table(await soaking))
    return clean


async def endure(seconds: float, folder: Path) -> bool:
    """Let honest people work alone, then next to hostile ones; return whether every promise was kept."""
    plan, runs = AbusePlan(seconds, in_line=IN_LINE), []
    for hostile in (False, True):
        place = Path(tempfile.mkdtemp(dir=folder))
        runs.append(await abuse(plan, f"sqlite:///{place}/bot.db", place, hostile=hostile))
    quiet, disturbed = runs
    console = Console(width=160)
    console.print(abuse_table(quiet, disturbed))
    broken = disturbed.broken(quiet, Bounds())
    for promise in broken:
        console.print(promise, markup=False)
    return not broken


def abuse_table(quiet: Figures, disturbed: Figures) -> Table:
    """Draw the two runs side by side."""
    headings = (
        "acknowledged, p99 s",
        "slowest card, s",
        "images a minute",
        "hostile acts",
        "MiB",
        "descriptors",
    )
    table = Table("", *headings, title="Abused")
    for name, run_ in (("undisturbed", quiet), ("disturbed", disturbed)):
        seconds = (
            f"{run_.acknowledged_p99:.2f} s",
            f"{run_.slowest_card:.1f} s",
            f"{run_.images_a_minute:.0f}",
        )
        memory = f"{run_.before.memory} → {run_.after.memory}"
        descriptors = f"{run_.before.descriptors} → {run_.after.descriptors}"
        table.add_row(name, *seconds, str(run_.acts), memory, descriptors)
    return table


def soaked_table(soaked: Soaked) -> Table:
    """Draw what the soak has shown."""
    table = Table("", "memory, MiB", "descriptors", "threads", title=f"Soaked: {soaked.lives} lives")
    table.add_row("early", *map(str, astuple(soaked.before)))
    table.add_row("late", *map(str, astuple(soaked.after)))
    return table


def main() -> None:
    """Exit 0 when every promise was kept."""
    chosen = arguments()
    with postgres() as server, tempfile.TemporaryDirectory() as folder:
        sys.exit(0 if asyncio.run(prove(chosen, server.fresh, Path(folder))) else 1)


if __name__ == "__main__":
    main()
