"""Who writes first within a process: people, then the work behind them, no more at once than may."""

import asyncio

from bot.store.write_queue import IN_BACKGROUND, WriteQueue


async def test_no_more_write_at_once_than_may() -> None:
    line, writing, most = WriteQueue(at_once=3), 0, 0

    async def write(*, background: bool) -> None:
        nonlocal writing, most
        IN_BACKGROUND.set(background)
        async with line.turn(reads=False):
            writing += 1
            most = max(most, writing)
            await asyncio.sleep(0)
            writing -= 1

    await asyncio.gather(*(write(background=number % 2 == 0) for number in range(20)))
    assert most == 3


async def test_a_person_waits_for_one_at_most_in_the_background() -> None:
    line, order, writing, go_on = WriteQueue(), list[str](), asyncio.Event(), asyncio.Event()

    async def work(name: str) -> None:
        IN_BACKGROUND.set(True)
        async with line.turn(reads=False):
            order.append(name)
            writing.set()
            await go_on.wait()

    works = [asyncio.create_task(work(f"work {number}")) for number in range(3)]
    await writing.wait()

    async def ask() -> None:
        async with line.turn(reads=False):
            order.append("person")

    person = asyncio.create_task(ask())
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(person, *works)
    assert order[:2] == ["work 0", "person"]


async def test_a_long_line_in_the_background_does_not_wait_for_quiet_one_after_another() -> None:
    line, waiting = WriteQueue(longest_in_line=0.02), 40

    async def work() -> None:
        nonlocal waiting
        IN_BACKGROUND.set(True)
        async with line.turn(reads=False):
            waiting -= 1

    async def people() -> None:
        while waiting:
            async with line.turn(reads=False):
                await asyncio.sleep(0)

    async with asyncio.timeout(2.0):  # each would wait 0.1 s for people who are never quiet: 4 s
        await asyncio.gather(people(), *(work() for _ in range(waiting)))
