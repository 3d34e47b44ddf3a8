"""Work that goes on for as long as the process does: what breaks is started again, and seen."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

import structlog

log = structlog.get_logger(__name__)

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
HEALTHY_SECONDS = 10.0
"""Work that went on for so long has recovered: its next break is its first again."""

Work = Callable[[], Awaitable[None]]


class Supervisor:
    """Runs works by name. `failing` says which are broken at the moment, and how."""

    def __init__(self, healthy_seconds: float = HEALTHY_SECONDS) -> None:
        self._healthy_seconds = healthy_seconds
        self.failing: dict[str, str] = {}
        self._ending = False

    async def run(self, works: Mapping[str, Work]) -> None:
        """Keep every work going until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for name, work in works.items():
                tasks.create_task(self._keep(name, work), name=name)

    def end(self) -> None:
        """Take what ends from now on as ended: the process is stopping."""
        self._ending = True

    async def _keep(self, name: str, work: Work) -> None:
        breaks = 0
        while True:
            began = time.monotonic()
            error = await self._one_go(name, work)
            if error is None and self._ending:
                return
            breaks = 1 if time.monotonic() - began >= self._healthy_seconds else breaks + 1
            self.failing[name] = type(error).__name__ if error else "it ended"
            log.error("work_broke", work=name, again_in=wait_after(breaks), breaks=breaks, exc_info=error)
            await asyncio.sleep(wait_after(breaks))

    async def _one_go(self, name: str, work: Work) -> Exception | None:
        """Work until it breaks or ends; return what broke it."""
        recovery = asyncio.get_running_loop().call_later(self._healthy_seconds, self.failing.pop, name, None)
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - whatever it is, the work has to go on
            return error
        finally:
            recovery.cancel()
        return None


def wait_after(breaks: int) -> float:
    """Return the seconds to wait after so many breaks in a row."""
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(breaks - 1, 10))
