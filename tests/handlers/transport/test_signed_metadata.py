"""The channel that a form carries counts in policies, so nobody can change it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.transport.signed_metadata import SignedMetadata

SEAL = SignedMetadata("xoxb-of-the-test")
SEALED = SEAL.add('{"request": "r-1"}', "C0IMAGES", "U0ALICE")


@given(st.text(), st.text())
def test_a_sealed_channel_is_read_back_by_whoever_it_was_sealed_for(channel: str, user: str) -> None:
    """In any process that has the secret."""
    assert SignedMetadata("xoxb-of-the-test").channel(SEAL.add("", channel, user), user) == channel


def test_what_the_form_carries_besides_is_kept() -> None:
    """The request's id, say."""
    assert json.loads(SEALED)["request"] == "r-1"


@pytest.mark.parametrize(
    ("metadata", "user"),
    [
        pytest.param(SEALED.replace("C0IMAGES", "C0SECURE"), "U0ALICE", id="another channel"),
        pytest.param(SEALED, "U0BOB", id="another person"),
        pytest.param(
            SignedMetadata("another").add("", "C0IMAGES", "U0ALICE"), "U0ALICE", id="another secret"
        ),
        pytest.param('{"channel": "C0IMAGES"}', "U0ALICE", id="no seal"),
        pytest.param('{"channel": "C0IMAGES", "seal": "é"}', "U0ALICE", id="a seal that is no ASCII"),
        pytest.param('{"channel": "C0IMAGES", "seal": null}', "U0ALICE", id="nothing for a seal"),
        pytest.param("", "U0ALICE", id="nothing"),
        pytest.param("no json", "U0ALICE", id="no JSON"),
        pytest.param("[]", "U0ALICE", id="a list"),
        pytest.param("[" * 100_000, "U0ALICE", id="a deep nest"),
    ],
)
def test_metadata_that_was_tampered_with_names_no_channel(metadata: str, user: str) -> None:
    """A policy about channels then does not match."""
    assert SEAL.channel(metadata, user) == ""
