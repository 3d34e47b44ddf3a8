"""Chromium as the system has it, never one from elsewhere."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
"""Arguments under which it talks to nobody but us."""


def find_chromium() -> str | None:
    """Return the program's path, None when there is none."""
    return next((path for path in map(shutil.which, NAMES) if path), None)
