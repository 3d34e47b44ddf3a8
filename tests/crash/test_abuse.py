"""A short abuse run, judged by what is lost, doubled or wrongly adopted.

How fast others are answered meanwhile is judged where nothing else runs: by the long one in `make crash`.
"""

import math
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.crash.abuse import Bounds, Figures, Plan, abuse
from tests.crash.soak import Sample

GOOD = Figures(0.2, 1.5, 100.0, 50, Sample(100.0, 20, 9), Sample(101.0, 20, 9), ())


@pytest.mark.timeout(180)
async def test_ten_hostile_people_lose_and_double_nothing_of_others(tmp_path: Path) -> None:
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    plan = Plan(seconds=5, in_line=60)
    disturbed = await abuse(plan, f"sqlite:///{folder}/bot.db", folder, hostile=True)
    assert disturbed.faults == ()
    assert disturbed.acts > 20


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"acknowledged_p99": math.inf}, "acknowledged in inf s"),
        ({"slowest_card": 10.0}, "a card after 10.0 s"),
        ({"images_a_minute": 89.0}, "89.0 images a minute, undisturbed 100.0"),
        ({"after": Sample(200.0, 20, 9)}, "memory grew by 100.0 MiB"),
        ({"after": Sample(100.0, 80, 9)}, "60 more descriptors"),
        ({"faults": ("honest-1 has no card",)}, "honest-1 has no card"),
    ],
)
def test_every_broken_promise_of_an_abuse_run_is_said(broken: dict[str, object], said: str) -> None:
    assert GOOD.broken(GOOD, Bounds()) == []
    assert replace(GOOD, **broken).broken(GOOD, Bounds()) == [said]  # type: ignore[arg-type]  # a table's
