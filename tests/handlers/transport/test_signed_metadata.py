"""Where a form was opened counts in policies, so nobody can change it, or bring it along to another form."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.transport.signed_metadata import Origin, SignedMetadata

SEAL = SignedMetadata("xoxb-of-the-test")
ALICE = Origin("U0ALICE", "T0TEAM", "C0IMAGES")
FORM = {"callback_id": "image_create", "private_metadata": '{"request": "r-1"}'}
OPENED = SEAL.opening(FORM, ALICE)


def with_metadata(text: str) -> dict[str, Any]:
    """The form that was opened, come back with other metadata."""
    return OPENED | {"private_metadata": text}


@given(st.text(), st.text(), st.text())
def test_an_origin_is_read_back_by_who_it_was_sealed_for(team: str, channel: str, user: str) -> None:
    """In any process that has the secret."""
    origin = Origin(user, team, channel)
    view = SEAL.opening({"callback_id": "image_create", "private_metadata": ""}, origin)

    assert SignedMetadata("xoxb-of-the-test").origin(view | {"id": "V1"}, user) == origin


def test_what_the_form_carries_besides_is_kept() -> None:
    """The request's id, say."""
    assert json.loads(OPENED["private_metadata"])["request"] == "r-1"


def test_a_redrawn_form_is_known_by_slacks_own_id_of_it() -> None:
    """Whatever becomes of the id that it was opened with."""
    redrawn = SEAL.redrawing(FORM, ALICE, "V1")

    assert SEAL.origin(redrawn | {"id": "V1", "external_id": ""}, "U0ALICE") == ALICE
    assert SEAL.origin(redrawn | {"id": "V2", "external_id": ""}, "U0ALICE") is None


@pytest.mark.parametrize(
    ("view", "user"),
    [
        pytest.param(
            with_metadata(OPENED["private_metadata"].replace("C0IMAGES", "C0SECURE")), "U0ALICE", id="channel"
        ),
        pytest.param(
            with_metadata(OPENED["private_metadata"].replace("T0TEAM", "T0HOME")), "U0ALICE", id="workspace"
        ),
        pytest.param(
            with_metadata(OPENED["private_metadata"].replace("r-1", "r-2")), "U0ALICE", id="request"
        ),
        pytest.param(OPENED, "U0BOB", id="another person"),
        pytest.param(OPENED | {"callback_id": "request_reject"}, "U0ALICE", id="another kind of form"),
        pytest.param(
            SEAL.opening(FORM, ALICE) | {"private_metadata": OPENED["private_metadata"]},
            "U0ALICE",
            id="a later form",
        ),
        pytest.param(OPENED | {"external_id": "", "id": ""}, "U0ALICE", id="no form"),
        pytest.param(SignedMetadata("another").opening(FORM, ALICE), "U0ALICE", id="another secret"),
        pytest.param(with_metadata('{"channel": "C0IMAGES", "team": "T"}'), "U0ALICE", id="no seal"),
        pytest.param(
            with_metadata('{"channel": "C", "team": "T", "seal": "é"}'), "U0ALICE", id="a seal not in ASCII"
        ),
        pytest.param(
            with_metadata('{"channel": "C", "team": "T", "seal": null}'), "U0ALICE", id="nothing for a seal"
        ),
        pytest.param(with_metadata(""), "U0ALICE", id="nothing"),
        pytest.param(with_metadata("no json"), "U0ALICE", id="no JSON"),
        pytest.param(with_metadata("[]"), "U0ALICE", id="a list"),
        pytest.param(with_metadata("[" * 100_000), "U0ALICE", id="a deep nest"),
        pytest.param({}, "U0ALICE", id="no view"),
    ],
)
def test_metadata_that_was_tampered_with_names_no_place(view: dict[str, Any], user: str) -> None:
    """A policy about channels or workspaces then doesn't match."""
    assert SEAL.origin(view, user) is None
