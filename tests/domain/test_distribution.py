"""The copies of an image end region by region."""

import pytest

from bot.domain.distribution import Copy, CopyStatus, Distribution

BEIJING, TOKYO = Copy("cn-beijing", progress=40), Copy("ap-northeast-1", progress=60)


@pytest.mark.parametrize(("status", "progress"), [(CopyStatus.AVAILABLE, 100), (CopyStatus.FAILED, None)])
def test_the_copies_of_some_regions_end_and_the_others_go_on(
    status: CopyStatus, progress: int | None
) -> None:
    begun = Distribution(5.0, (BEIJING, TOKYO), caller="lease")
    after = begun.ended(("cn-beijing",), status)
    assert after.copies == (Copy("cn-beijing", status, progress), TOKYO)
    assert (begun.under_way, after.under_way) == ((BEIJING, TOKYO), (TOKYO,))
    assert after.caller is None


def test_a_distribution_begins_without_a_call_and_is_due_at_once() -> None:
    begun = Distribution(5.0, (BEIJING,))
    assert (begun.calls, begun.due, begun.asked_at) == (0, 0.0, None)
