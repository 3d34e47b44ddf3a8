"""What may be done to a request, by its status and the time: the one table behind buttons and refusals."""

import pytest

from bot.domain.actions import RETRY_WITHIN, Action, actions_for
from bot.domain.lifecycle import Status
from bot.domain.request import End, Failure, Review
from tests.fakes import NOW, request

APPROVED_ONCE = (Review("U0BOB", True, "", NOW),)
FAILED = {"status": Status.FAILED, "end": End(NOW), "failure": Failure("Code")}
EMERGENCY = {"break_glass": True}


@pytest.mark.parametrize(
    ("about", "later", "possible"),
    [
        pytest.param({}, 0, "approve reject cancel", id="waiting"),
        pytest.param({}, 3600, "", id="its time is over, and no step has said so yet"),
        pytest.param({"reviews": APPROVED_ONCE}, 0, "cancel", id="approved, and no step has said so yet"),
        pytest.param({"reviews": APPROVED_ONCE}, 3600, "cancel", id="approved in time"),
        pytest.param(EMERGENCY, 0, "cancel", id="emergency access in progress"),
        pytest.param({"status": Status.APPROVED}, 0, "cancel", id="in line"),
        pytest.param({"status": Status.CREATING}, 0, "", id="being made"),
        pytest.param(
            {"status": Status.CREATING, "trouble": "cloud-forbidden"}, 0, "cancel", id="out of sight"
        ),
        pytest.param(FAILED, 0, "retry", id="failed just now"),
        pytest.param(FAILED, RETRY_WITHIN - 1, "retry", id="failed a day ago, nearly"),
        pytest.param(FAILED, RETRY_WITHIN, "", id="failed a day ago"),
        pytest.param(FAILED | EMERGENCY, 0, "retry sign_off", id="failed behind emergency access"),
        pytest.param(FAILED | EMERGENCY | {"signed_off_by": "U0BOB"}, 0, "retry", id="and looked at since"),
        pytest.param({"status": Status.AVAILABLE}, 0, "", id="done"),
        pytest.param(
            {"status": Status.AVAILABLE} | EMERGENCY, 0, "sign_off", id="done behind emergency access"
        ),
        pytest.param({"status": Status.EXPIRED}, 0, "", id="expired"),
        pytest.param({"status": Status.REJECTED}, 0, "", id="rejected"),
        pytest.param({"status": Status.CANCELLED}, 0, "", id="cancelled"),
    ],
)
def test_what_may_be_done_follows_from_the_life_of_a_request(
    about: dict[str, object], later: float, possible: str
) -> None:
    assert actions_for(request(**about), NOW + later) == tuple(map(Action, possible.split()))
