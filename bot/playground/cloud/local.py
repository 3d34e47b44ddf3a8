"""`LocalCloud`: everything put together, to be started, watched, and made to fail."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from bot.playground.cloud.accounts import Account, Accounts
from bot.playground.cloud.changes import Changes
from bot.playground.cloud.clock import Clock
from bot.playground.cloud.control import Control
from bot.playground.cloud.faults import Faults
from bot.playground.cloud.gateway import Gateway
from bot.playground.cloud.habits import Habits
from bot.playground.cloud.images import Images
from bot.playground.cloud.instances import Instances, LocalInstance, some_instances
from bot.playground.cloud.ledger import Ledger
from bot.playground.cloud.parameters import World
from bot.playground.cloud.server import Server
from bot.playground.cloud.signatures import Verifier

_TICK = 0.1


def _now() -> datetime:
    return datetime.now(UTC)


class LocalCloud:
    """A local cloud. App Streaming and Elastic Desktop Service answer on the same port.

    Args:
        instances: what there is to image; a handful by default.
        accounts: who may call; one made-up key by default.
        seconds: how long an image takes on `clock`.
        slots: how many images may be made at once.
        speed: of `clock`; 10 makes an image in a tenth of its time.
        port: 0 takes a free one.
        now: the wall clock that signatures are checked against.

    Attributes:
        images, instances, accounts, habits, faults, ledger, clock: to look at and to set, at any time.
        changes: `await changes.until(lambda: …)`, or `async for _ in changes.stream()`.
    """

    def __init__(
        self,
        instances: Iterable[LocalInstance] | None = None,
        accounts: Sequence[Account] = (Account(),),
        *,
        seconds: float = 6.0,
        slots: int = 5,
        speed: float = 1.0,
        port: int = 0,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self.clock = Clock(speed)
        self.habits = Habits()
        self.images = Images(self.clock, seconds, slots, self.habits)
        self.instances = Instances(some_instances() if instances is None else instances, self.clock)
        self.accounts = Accounts(accounts)
        self.faults = Faults()
        self.ledger = Ledger()
        self.changes = Changes()
        self.account = accounts[0]
        self.url = ""
        world = World(self.images, self.instances, self.habits, self.accounts)
        gateway = Gateway(world, Verifier(self.accounts, now), self.faults, self.ledger, self.changes, now)
        self._control = Control(world, self.faults, self.ledger, self.changes)
        self._server = Server(gateway, self._control.routes(), port)
        self._ticking: asyncio.Task[None] | None = None

    async def start(self) -> str:
        """Listen; return the URL to call, for both services."""
        self.url = await self._server.start()
        self._ticking = asyncio.create_task(self._tick(), name="local cloud's clock")
        return self.url

    async def stop(self) -> None:
        """Stop listening; the state is kept for another `start` on the same port."""
        self.faults.release()
        if self._ticking:
            self._ticking.cancel()
        await self._server.stop()

    def unusual(self) -> list[str]:
        """Return in words how the cloud differs from the default, apart from faults."""
        words = [f"{name} is {value!r}" for name, value in self.habits.unusual().items()]
        words += [f"the listing lags {self.images.lag:g} s"] if self.images.lag else []
        words += ["the keys have expired"] if any(account.expired for account in self.accounts) else []
        forbidden = sorted({name for account in self.accounts for name in account.forbidden})
        return words + ([f"{', '.join(forbidden)} is forbidden"] if forbidden else [])

    def as_usual(self) -> None:
        """Switch off everything that goes wrong; instances and images stay as they are."""
        self.faults.clear()
        self.images.lag = 0.0
        self.habits.change(Habits().to_json())
        self.accounts.set_all(expired=False, forbidden=())

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _tick(self) -> None:
        """Announce that images and machines make progress; sleep while none does."""
        while True:
            if not (self.images.moving() or self.instances.turning()):
                await self.changes.after(self.changes.count)
                continue
            before = self._progress()
            await asyncio.sleep(_TICK)
            if self._progress() != before:
                self.changes.happened()

    def _progress(self) -> list[object]:
        now = self.clock.now()
        return [
            *(int(making.done(now) * 100) for image in self.images for making in image.makings()),
            *(instance.state for instance in self.instances),
        ]
