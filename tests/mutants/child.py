"""A process of its own for each run of the tests: forked with what is imported already, and limited."""

import json
import os
import resource
import sys
from collections import defaultdict
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType

import coverage
import hypothesis
import pytest

QUIET = ["-x", "-q", "-W", "ignore", "--hypothesis-profile=mutants", "--hypothesis-seed=0"]
BARE = ["-p", "no:cacheprovider", "-p", "no:unraisableexception", "-p", "no:threadexception"]
MEMORY = 4 * 2**30


class Mutated(SourceFileLoader):
    """Finds one module, and loads it from sources that are in no file."""

    def __init__(self, path: str, source: str) -> None:
        super().__init__(
            path.removesuffix(".py").removesuffix("/__init__").replace("/", "."), str(Path(path).resolve())
        )
        self.source = source

    def get_code(self, fullname: str) -> CodeType:
        """Compile the mutant."""
        return compile(self.source, self.get_filename(fullname), "exec")

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        """Find the mutant where its module is looked for."""
        return spec_from_file_location(name, self.path, loader=self) if name == self.name else None


class Chosen:
    """Keeps some tests, in the order given."""

    def __init__(self, tests: list[str]) -> None:
        self.rank = {test: rank for rank, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Drop the others."""
        items[:] = sorted(
            (each for each in items if each.nodeid in self.rank), key=lambda each: self.rank[each.nodeid]
        )


class Reach:
    """Writes down which tests run which lines, how long each takes, and what was imported."""

    def __init__(self, modules: list[str], file: Path) -> None:
        self.file, self.seconds = file, defaultdict[str, float](float)
        self.coverage = coverage.Coverage(
            data_file=None, include=modules, config_file=False, concurrency=["thread", "greenlet"]
        )

    def pytest_load_initial_conftests(self) -> None:
        """Begin before anything of ours is imported."""
        self.coverage.start()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Count what runs from here on for this test."""
        self.coverage.switch_context(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up a test's preparation, call and cleaning up."""
        self.seconds[report.nodeid] += report.duration

    def pytest_unconfigure(self) -> None:
        """Write it down."""
        self.coverage.stop()
        data = self.coverage.get_data()
        lines = {file: data.contexts_by_lineno(file) for file in data.measured_files()}
        self.file.write_text(json.dumps([lines, self.seconds, list(sys.modules)]))


def run(arguments: list[str], plugin: object, seconds: float, mutated: Mutated | None = None) -> int:
    """Run tests in a fork; return pytest's exit code, or minus the signal that ended it."""
    if (child := os.fork()) == 0:
        try:
            os._exit(_tests(arguments, plugin, seconds, mutated))
        finally:
            os._exit(pytest.ExitCode.INTERNAL_ERROR)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _tests(arguments: list[str], plugin: object, seconds: float, mutated: Mutated | None) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    hypothesis.settings.register_profile(
        "mutants",
        hypothesis.settings.get_profile("ci"),
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    )
    if mutated is not None:
        sys.meta_path.insert(0, mutated)
    return pytest.main([*QUIET, *BARE, f"--timeout={seconds:.0f}", *arguments], plugins=[plugin])
