"""What the tests of a module would not notice: `make mutants MODULE=bot/policy/values.py`.

Each change is tried in a process of its own, forked with the libraries imported and nothing of ours, so that
tables built at import change too. The tests that reach the statement run, the quickest first, until one of
them fails or a minute has passed. What mypy refuses isn't tried. Whatever is written is in a temporary
folder. `python -m tests.mutants --help` has more: which kinds of change, which tests, how long.
"""

import ast
import gc
import importlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import suppress
from itertools import accumulate
from pathlib import Path

import typer

from tests.mutants.changes import Mutant, mutants
from tests.mutants.child import Chosen, Mutated, Reach, run

OURS = re.compile(r"(bot|handlers|tests|__main__)\b")


class Tests:
    """The tests, and which of them reach what."""

    def __init__(self, tests: list[str], modules: list[str], folder: Path, seconds: float) -> None:
        self.most = seconds
        self.options = ["-k", "not postgresql", f"--basetemp={folder}/tests"]
        if run([*tests, *self.options], Reach(modules, folder / "reach"), 1000):
            sys.exit("the tests fail without a change")
        self.lines, self.seconds, imported = json.loads((folder / "reach").read_text())
        for name in imported:
            if not OURS.match(name):
                with suppress(Exception):
                    importlib.import_module(name)
        gc.freeze()  # a child's first collection would copy all of it

    def judge(self, path: str, mutant: Mutant) -> str:
        """Run the tests that reach a mutant, and say how it ended."""
        lines = self.lines.get(str(Path(path).resolve()), {})
        reached = {test for line in mutant.lines for test in lines.get(str(line), ())}
        chosen = sorted(self.seconds if "" in reached else reached, key=lambda test: self.seconds[test])
        if not chosen:
            return "unreached"
        times = accumulate(self.seconds[test] for test in chosen)
        chosen = [test for test, until in zip(chosen, times, strict=True) if until < self.most] or chosen[:1]
        files = sorted({test.split("::")[0] for test in chosen})
        limit = 10 + 3 * sum(self.seconds[test] for test in chosen)
        code = run([*files, *self.options], Chosen(chosen), limit, Mutated(path, mutant.source))
        return "survived" if code == 0 else "killed" if code > 0 else "too long"


def refused(made: list[Mutant], source: str, folder: Path) -> set[int]:
    """Return the numbers of the mutants in which mypy finds more than in the module itself."""
    files = [folder / f"mutant_{number}.py" for number in range(len(made) + 1)]
    plain = ast.unparse(ast.parse(source))  # without its comments, as a mutant is
    for file, text in zip(files, [*(mutant.source for mutant in made), plain], strict=True):
        file.write_text(text)
    mypy = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", *map(str, files)]
    told = subprocess.run(mypy, capture_output=True, text=True, check=False).stdout  # noqa: S603 - ours
    found = Counter(int(number) for number in re.findall(r"mutant_(\d+)\.py:\d+: error", told))
    return {number for number in range(len(made)) if found[number] > found[len(made)]}


def main(
    modules: list[str],
    kinds: str = "logic statement entry constant argument text",
    tests: str = "",
    seconds: float = 60.0,
) -> None:
    """Print the survivors of some modules, and how many of each kind ended how."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sys.dont_write_bytecode, sys.pycache_prefix = False, name
        os.environ |= {"TMPDIR": name, "HYPOTHESIS_STORAGE_DIRECTORY": name}
        theirs = tests.split() or sorted({str(Path("tests", *Path(path).parts[1:-1])) for path in modules})
        judges = Tests(theirs, modules, folder, seconds)
        for path in modules:
            source, ends = Path(path).read_text(), Counter[str]()
            made = [mutant for mutant in mutants(source) if mutant.kind in kinds.split()]
            unfit = refused(made, source, folder)
            for number, mutant in enumerate(made):
                end = "refused" if number in unfit else judges.judge(path, mutant)
                ends[f"{mutant.kind} {end}"] += 1
                if end in {"survived", "unreached"}:
                    typer.echo(f"{path}:{mutant.line}: {end} {mutant.kind}: {mutant.text}")
            typer.echo(f"{path}: {dict(sorted(ends.items()))}")


if __name__ == "__main__":
    typer.run(main)
