"""The system's own Chromium, never a downloaded one."""

import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
"""Arguments with which it talks only to us."""


def find_chromium() -> str | None:
    """Return the program's path, None if there is none."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def lacks_chinese() -> bool:
    """Tell whether no font has Chinese characters, so that they'd show as squares."""
    program = shutil.which("fc-list")
    return (
        program is not None
        and not subprocess.run(  # noqa: S603 - a program of the system's
            [program, ":lang=zh"], check=True, capture_output=True
        ).stdout
    )
