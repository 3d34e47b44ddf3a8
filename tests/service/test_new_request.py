"""A request out of a submission: what nobody typed is filled in."""

import pytest

from bot.domain.approvals import DEFAULT_RULE
from bot.domain.image import CreateImage
from bot.domain.request import Submission
from bot.service.new_request import new_request
from tests.house import ALICE, INSTANCE, person

LATE_IN_LONDON = 1_795_302_000.0  # 2026-11-21 23:00 UTC


@pytest.mark.parametrize(
    ("tz", "day"), [("UTC", "2026-11-21"), ("Asia/Shanghai", "2026-11-22"), ("No/Where", "2026-11-21")]
)
def test_an_image_without_a_name_is_named_after_the_requesters_day_and_its_request(tz: str, day: str) -> None:
    submission = Submission(CreateImage(instance_id=INSTANCE))

    one, two = (
        new_request(person(ALICE), submission, DEFAULT_RULE, "C0", LATE_IN_LONDON, tz) for _ in range(2)
    )

    assert one.image.image_name == f"{INSTANCE}-{day}-{one.id.removeprefix('r-')}"
    assert one.image.image_name != two.image.image_name
