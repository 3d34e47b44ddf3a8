"""A short proof by crash, and proof that a broken promise would be seen. `make crash` is the long one."""

from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.crash.lives import Life
from tests.crash.rig import Rig
from tests.crash.run import Plan, run
from tests.crash.verdict import Verdict, judge
from tests.databases import Postgres


@pytest.mark.timeout(300)
async def test_one_process_on_sqlite_loses_and_doubles_nothing(sqlite_url: str, tmp_path: Path) -> None:
    outcome = await run(Plan(kills=5, lives=6), sqlite_url, tmp_path)
    assert outcome.verdict == Verdict(), outcome.told


@pytest.mark.timeout(300)
async def test_three_processes_on_postgresql_lose_and_double_nothing(
    postgresql: Postgres, tmp_path: Path
) -> None:
    outcome = await run(Plan(kills=3, lives=6, processes=3, seed=2), postgresql.fresh(), tmp_path)
    assert outcome.verdict == Verdict(), outcome.told


async def test_broken_promises_are_seen(sqlite_url: str, tmp_path: Path) -> None:
    async with Rig(sqlite_url, tmp_path, lives=1, processes=0, seed=1) as rig:
        life = Life(0, "approve", request_id="r-lost")
        slack = AsyncWebClient(rig.slack.app.bot_token, rig.slack.url)

        async def post(kind: str, seq: int, event: str) -> None:
            payload = {"request_id": "r-lost", "status": event, "event": event, "seq": seq}
            about = {"event_type": kind, "event_payload": payload}
            await slack.chat_postMessage(channel=life.channel, text="posted by hand", metadata=about)

        await post("image_request", 1, "submitted")
        await post("image_request", 1, "submitted")
        await post("image_request_event", 4, "available")
        await post("image_request_event", 3, "available")
        verdict = await judge(rig, [life])
    assert verdict == Verdict(
        lost=1,
        doubled_cards=1,
        doubled_entries=1,
        doubled_completions=1,
        wrong_order=1,
        too_fast=verdict.too_fast,
    )
    assert verdict.too_fast >= 1
    assert not verdict.is_clean
