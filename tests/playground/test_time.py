"""The local cloud's sense of time and change."""

import asyncio

from bot.playground.cloud.changes import Changes
from bot.playground.cloud.clock import Clock


class Hands:
    """A monotonic clock that is turned by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.at


def test_clock_runs_at_any_speed_and_never_back() -> None:
    """A change of speed counts from then on; a jump adds to what has passed."""
    hands = Hands()
    clock = Clock(speed=10.0, monotonic=hands)
    seen = [clock.now()]
    hands.at += 2
    seen.append(clock.now())
    clock.speed = 0.0
    hands.at += 5
    seen.append(clock.now())
    clock.advance(30)
    seen.append(clock.now())

    assert seen == [0.0, 20.0, 20.0, 50.0]


async def test_stream_tells_of_every_change_that_was_not_seen_yet() -> None:
    """Changes that come while the reader is busy are one."""
    changes = Changes()
    seen: list[int] = []

    async def read() -> None:
        async for count in changes.stream():
            seen.append(count)
            if count == 3:
                return

    reading = asyncio.create_task(read())
    await asyncio.sleep(0)
    changes.happened()
    changes.happened()
    await asyncio.sleep(0)
    changes.happened()
    await reading

    assert seen[-1] == 3
    assert len(seen) <= 3
    assert seen == sorted(set(seen))


async def test_waiting_ends_with_what_is_waited_for_and_not_before() -> None:
    """A change that does not bring it about is passed over."""
    changes = Changes()
    done: list[str] = []
    waiting = asyncio.create_task(changes.until(lambda: "it" in done))
    await asyncio.sleep(0)
    changes.happened()
    await asyncio.sleep(0)

    assert not waiting.done()

    done.append("it")
    changes.happened()
    await waiting


async def test_reader_that_goes_away_is_forgotten() -> None:
    """A page that was closed leaves nothing behind."""
    changes = Changes()
    waiting = asyncio.create_task(changes.after(changes.count))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    changes.happened()

    assert await changes.after(0) == 1
