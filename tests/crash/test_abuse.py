"""A short abuse run; `make crash` has the long one, with the bounds that people are promised."""

import math
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.crash.abuse import SLACK_WAITS, Bounds, Figures, Plan, abuse
from tests.crash.soak import Sample

SUITE = Bounds(acknowledged_p99=SLACK_WAITS, fewest_images=0.5)
"""A short run, on whatever machine the suite runs on."""
GOOD = Figures(0.2, 1.5, 100.0, 50, Sample(100.0, 20, 9), Sample(101.0, 20, 9), ())


@pytest.mark.alone  # it judges how fast people are answered
@pytest.mark.timeout(180)
async def test_ten_hostile_people_disturb_nobody_elses_work(tmp_path: Path) -> None:
    plan = Plan(seconds=5, in_line=60)
    figures = []
    for hostile in (False, True):
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        figures.append(await abuse(plan, f"sqlite:///{folder}/bot.db", folder, hostile=hostile))
    quiet, disturbed = figures
    assert disturbed.broken(quiet, SUITE) == []
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
