"""The wheel in an environment of its own: from an empty folder, read-only, with another user's id."""

import os
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOBODY = 65534
EXAMPLE = str(ROOT / "allowlist.example.yaml")
MAIN = "from bot.__main__ import main; main()"
SITE = Path(sysconfig.get_path("purelib"))
EXTRAS = ("jinja2", "opentelemetry", "psycopg")
"""What only extras bring: the plain install runs without, and fails here where it would be imported."""


def may_be_run_by_others(path: Path) -> bool:
    """Whether somebody else can get there: each folder on the way lets everybody through."""
    return path.exists() and all(each.stat().st_mode & 0o001 for each in (path, *path.parents))


def python_for_others() -> Path | None:
    """A Python of this version that another user can run; None where there is none, or nobody may try."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    found = (Path(sys.executable).resolve(), Path("/usr/bin", version), Path("/usr/local/bin", version))
    usable = [each for each in found if may_be_run_by_others(each)] if may_be_run_by_others(SITE) else []
    return usable[0] if usable and os.getuid() == 0 else None


OTHERS = python_for_others()


@pytest.fixture(scope="module")
def installed() -> Iterator[Path]:
    """A folder with nothing but the wheel in it, which nobody may write to."""
    with tempfile.TemporaryDirectory(prefix="wheel") as made:
        folder = Path(made)
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")]
        subprocess.run(build, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own build
        (wheel,) = (folder / "dist").glob("*.whl")
        zipfile.ZipFile(wheel).extractall(folder / "site")
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        yield folder / "site"
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755)


@pytest.fixture
def empty() -> Iterator[Path]:
    """An empty folder that everybody may read, and nobody write to."""
    with tempfile.TemporaryDirectory(prefix="empty") as made:
        Path(made).chmod(0o555)
        yield Path(made)
        Path(made).chmod(0o755)


def run(site: Path, folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the installed program; the checkout is nowhere on its way."""
    found = f"import sys; sys.path[:0] = [{str(site)!r}, {str(SITE)!r}]"
    plain = f"sys.modules |= dict.fromkeys({EXTRAS})"
    return subprocess.run(  # noqa: S603 - our own
        [str(OTHERS or sys.executable), "-I", "-S", "-B", "-c", f"{found}; {plain}; {MAIN}", *arguments],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", **environment},
        user=NOBODY if OTHERS else None,
        extra_groups=[] if OTHERS else None,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["manifest"], ["ram-policy", "--allowlist", EXAMPLE]],
)
def test_the_installed_program_runs_where_nothing_can_be_written(
    installed: Path, empty: Path, arguments: list[str]
) -> None:
    done = run(installed, empty, *arguments)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
    assert list(empty.iterdir()) == []


def test_migrations_and_translations_are_in_the_wheel(installed: Path) -> None:
    """The schema is made out of the wheel, beside nothing of the checkout."""
    with tempfile.TemporaryDirectory(prefix="data") as made:
        data = Path(made)
        data.chmod(0o777)
        done = run(installed, data, "db", "upgrade", DATABASE_URL=f"sqlite:///{data}/bot.db")
        assert done.returncode == 0, done.stderr
        assert done.stdout.endswith("is created\n")
        assert (data / "bot.db").exists()
    assert list(installed.glob("handlers/locales/*.ftl"))
