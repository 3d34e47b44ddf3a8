"""The audit log's head is in the log lines, and a key that is missing or wrong is said at the start."""

import asyncio

from structlog.testing import capture_logs

from bot.store.audit_anchor import anchor
from bot.store.engine import open_engine
from tests.house import AUDIT_KEY, House


async def lines(url: str, key: bytes | None) -> list[tuple[str, object]]:
    """Anchor for a moment, and stop; return what was logged."""
    engine = open_engine(url, key)
    with capture_logs() as logged:
        anchoring = asyncio.create_task(anchor(engine))
        async with asyncio.timeout(10):
            while not any(line["event"] == "audit_head" for line in logged):  # noqa: ASYNC110 - a list wakes nobody
                await asyncio.sleep(0.01)
        anchoring.cancel()
        await asyncio.wait([anchoring])
    await engine.dispose()
    return [(line["event"], line.get("head")) for line in logged]


async def test_the_head_is_logged_at_the_start_and_at_the_stop(house: House, url: str) -> None:
    await house.submit()
    (entry,) = await house.log()
    assert await lines(url, AUDIT_KEY) == [("audit_head", f"1:{entry.hash}")] * 2


async def test_a_chain_without_a_key_is_warned_of(url: str) -> None:
    assert ("audit_unkeyed", None) in await lines(url, None)


async def test_another_key_than_the_log_was_written_with_is_said(house: House, url: str) -> None:
    await house.submit()
    assert ("audit_key_differs", None) in await lines(url, b"another key, and long enough")
