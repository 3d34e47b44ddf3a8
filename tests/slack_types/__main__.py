"""`make slack-types`: plays every story and lets TypeScript check all payloads against Slack's own types.

Needs node and npm. It's a separate job because it needs another registry than everything else.
"""

import asyncio
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bot.playground.stage import Stage
from bot.playground.stories import STORIES, perform
from tests.slack_types.payloads import typescript

HERE = Path(__file__).parent
COMPILE = ("--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--moduleResolution", "nodenext")


async def played() -> str:
    """Play every story; return what went over the wire as TypeScript."""
    async with Stage(image_seconds=1.0) as stage:
        await stage.start_bot()
        for story in STORIES.values():
            await perform(story, stage, lambda _line: None)
        return typescript(stage.slack.ledger.deliveries, stage.slack.ledger.calls)


def installed(folder: Path) -> bool:
    """Install the compiler and the types into a folder; False when they can't be had here."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    npm = shutil.which("npm")
    if npm is None:
        return False
    command = (npm, "ci", "--silent", "--no-audit", "--no-fund")
    return subprocess.run(command, cwd=folder, check=False).returncode == 0  # noqa: S603 - as set up here


def main() -> int:
    """Return 0 if every payload fits, or if there's no compiler, which is said loudly."""
    with tempfile.TemporaryDirectory(prefix="slack-types-") as name:
        folder = Path(name)
        if not installed(folder):
            sys.stderr.write(
                "SKIPPED: payloads were not held against Slack's types: no npm, or no registry\n"
            )
            return 0
        module = folder / "payloads.ts"
        module.write_text(asyncio.run(played()), encoding="utf-8")
        compiler = folder / "node_modules" / ".bin" / "tsc"
        done = subprocess.run([compiler, *COMPILE, module], cwd=folder, check=False)  # noqa: S603 - the pinned one
        count = module.read_text(encoding="utf-8").count("\nconst ")
    sys.stdout.write(f"{count} payloads of different shape, {'not ' * bool(done.returncode)}all fit\n")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
