"""Chromium as the system has it, never one from elsewhere."""

import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
"""Arguments under which it talks to nobody but us."""


def find_chromium() -> str | None:
    """Return the program's path, None when there is none."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def lacks_chinese() -> bool:
    """Whether no font here has Chinese characters: they would show as squares."""
    program = shutil.which("fc-list")
    return (
        program is not None
        and not subprocess.run(  # noqa: S603 - a program of the system's
            [program, ":lang=zh"], check=True, capture_output=True
        ).stdout
    )
