"""Where an image is to be copied to is held against the cloud's list, where that can be read."""

import pytest

from bot.domain.field_errors import FieldError, cut
from bot.domain.request import Submission
from handlers.draft import Draft
from handlers.listeners.context import submission_of

LISTED = ("ap-southeast-1", "cn-beijing", "cn-shanghai")


@pytest.mark.parametrize(
    ("region", "listed", "problem"),
    [
        ("cn-beijing", LISTED, None),
        ("cn-beijing", None, None),
        ("mars-1", None, FieldError("regions", "region-shape", "mars-1", "cn-shanghai")),
        ("cn-mars", None, None),
        ("cn-beijng", LISTED, FieldError("regions", "region-unknown", "cn-beijng", "cn-beijing")),
        ("us-moon", LISTED, FieldError("regions", "region-unknown", "us-moon", "")),
        ("beijing", LISTED, FieldError("regions", "region-shape", "beijing", "cn-shanghai")),
        ("cn" + "-x" * 40, None, FieldError("regions", "region-shape", cut("cn" + "-x" * 40), "cn-shanghai")),
    ],
)
def test_what_the_cloud_does_not_list_is_no_region(
    region: str, listed: tuple[str, ...] | None, problem: FieldError | None
) -> None:
    read = submission_of(Draft({"instance_id": "ws-1"}, regions=(region,)), "key", listed)
    assert (read if isinstance(read, list) else None) == ([problem] if problem else None)
    assert problem or (isinstance(read, Submission) and read.regions == (region,))
