"""A command's lookups cost the same however many requests a person, a machine or the table has had."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import event

from bot.domain.lifecycle import Hands
from bot.store.engine import transaction
from bot.store.requests import request_queues
from tests.house import ALICE, INSTANCE, House, lease

Look = Callable[[House], Awaitable[object]]


async def others(house: House) -> object:
    """Count who else wants the machine."""
    return await house.store.others_open(await house.submit())


LOOKS: list[tuple[str, Look]] = [
    ("requests_by_requester_and_status", lambda house: house.store.asked_by("T0TEAM", ALICE, 0.0)),
    ("requests_by_requester_and_status", lambda house: house.store.open_for("T0TEAM", ALICE, INSTANCE)),
    ("requests_by_instance", others),
    ("requests_by_intake_key", lambda house: house.store.by_key("T0TEAM", "key")),
]


@pytest.mark.parametrize(("index", "look"), LOOKS)
async def test_a_look_for_open_requests_walks_through_no_history(
    cabin: House, index: str, look: Look
) -> None:
    said: list[tuple[str, Any]] = []

    def hear(*call: Any) -> None:
        """Keep the statement and its parameters."""
        said.append(call[2:4])

    event.listen(cabin.engine.sync_engine, "before_cursor_execute", hear)
    await look(cabin)
    statement, parameters = [each for each in said if each[0].startswith("SELECT")][-1]
    async with transaction(cabin.engine, reads=True) as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        steps = [row[-1] for row in plan]
    looks = [step for step in steps if step.startswith(("SEARCH", "SCAN requests"))]
    assert [step for step in looks if not step.startswith("SEARCH")] == []
    assert index in looks[0]


async def test_the_line_is_read_from_its_head(cabin: House) -> None:
    """Nothing is sorted or counted that merely waits."""
    line = request_queues(cabin.store, places=5)[Hands.CREATE]
    said: list[tuple[str, Any]] = []
    event.listen(cabin.engine.sync_engine, "before_cursor_execute", lambda *call: said.append(call[2:4]))
    await line.next_due()
    await line.claim(lease())
    steps = []
    async with transaction(cabin.engine, reads=True) as connection:
        for statement, parameters in [each for each in said if each[0].startswith("SELECT")]:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps += [row[-1] for row in plan]
    assert [step for step in steps if "TEMP B-TREE" in step or "SCAN requests" in step] == []
    assert [step for step in steps if step.endswith("requests_by_status (status=?)")] == []
    assert [step for step in steps if "requests_in_line (status=?)" in step]
    assert [
        step for step in steps if "requests_in_hand (status=? AND lease_until>? AND lease_until<?)" in step
    ]
