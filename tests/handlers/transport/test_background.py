"""A stop waits for what is going on, and nothing that comes meanwhile is left half done."""

import asyncio

from handlers.transport.background import LONGEST_ANSWER, Background


async def test_a_drain_waits_for_an_answer_that_began_while_it_waited() -> None:
    """The reply to one delivery is still on its way when the next delivery comes."""
    background, replied = Background(), asyncio.Event()

    async def reply() -> None:
        await replied.wait()

    background.start(reply())
    draining = asyncio.create_task(background.drain(within=60.0))
    await asyncio.sleep(0)
    with background.answering("interactive"):
        replied.set()
        await asyncio.wait({draining}, timeout=0.05)
        assert not draining.done()
        assert not background.closed

    assert await draining
    assert background.closed


async def test_the_door_is_shut_in_time_for_what_is_in_hand_to_be_answered() -> None:
    """Where deliveries never cease, there is never a quiet moment before."""
    background = Background()
    with background.answering("interactive"):
        draining = asyncio.create_task(background.drain(within=LONGEST_ANSWER + 0.01))
        while not (background.closed or draining.done()):
            await asyncio.wait({draining}, timeout=0.005)
        assert not draining.done()

    assert await draining


async def test_a_drain_of_what_hangs_ends_and_says_so() -> None:
    """Anybody who stops goes on."""
    background = Background()
    with background.answering("interactive"):
        assert not await background.drain(within=0.01)
    assert background.closed
