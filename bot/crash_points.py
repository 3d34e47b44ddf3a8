"""Where a process may be killed on purpose, so that tests can prove that nothing is lost or done twice.

Each point is between an outside effect and the commit that records it, or just before or after the two.
`IMAGE_BOT_CRASH_AT=after-create:2` kills the process when it comes to that point for the second time.
"""

import os
import signal

VARIABLE = "IMAGE_BOT_CRASH_AT"

POINTS = (
    "before-commit",
    "after-commit",
    "after-claim",
    "before-stop",
    "after-stop",
    "before-start",
    "after-start",
    "before-distribute",
    "after-distribute",
    "before-create",
    "after-create",
    "before-post",
    "after-post",
)
"""Every point there is."""


def point(name: str) -> None:
    """Die here, if requested, by SIGKILL, so that nothing gets to clean up."""
    place, _, times = os.environ.get(VARIABLE, "").partition(":")
    if place != name:
        return
    left = int(times or "1") - 1
    if left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
    os.environ[VARIABLE] = f"{place}:{left}"
