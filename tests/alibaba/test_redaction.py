"""A secret is never in what is told, however the cloud, a proxy or a library spells it."""

import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alibaba.answers import read
from bot.alibaba.redaction import without_secrets
from bot.alibaba.signing import Keys
from bot.errors import CloudError

SECRET, TOKEN = "a/secret+key==&<é>", "CAIS/real+looking\"token'=="
KEYS = Keys("LTAI-x", SECRET, TOKEN)
SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "percent": lambda text: quote(text, safe=""),
    "percent in small letters": lambda text: quote(text, safe="").lower(),
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "form": quote_plus,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON with slashes escaped": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text))[3:-3],
    "JSON, all escaped": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text),
    "HTML": html.escape,
    "HTML in numbers": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "HTML in hexadecimal": lambda text: "".join(f"&#x{ord(letter):X};" for letter in text),
    "capitals": str.upper,
}


@pytest.mark.parametrize("secret", [SECRET, TOKEN])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_secret_is_taken_out_in_every_spelling(spelling: str, secret: str) -> None:
    """Whatever surrounds it stays."""
    assert without_secrets(f"before {SPELLINGS[spelling](secret)} after", KEYS) == "before *** after"


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=6, max_size=80),
    st.sampled_from(sorted(SPELLINGS)),
    st.text(max_size=20),
)
def test_no_spelling_of_any_secret_comes_through(secret: str, spelling: str, around: str) -> None:
    """A law over secrets that keys can be."""
    spelled = SPELLINGS[spelling](secret)
    told = without_secrets(f"{around}\n{spelled}\n{around}", Keys("LTAI-x", secret))

    assert f"\n{spelled}\n" not in told


@pytest.mark.parametrize(
    "said",
    [
        "x-acs-security-token:CAIS1234567890",
        "SecurityToken=CAIS1234567890&x=1",
        '"SecurityToken": "CAIS1234567890"',
        "AccessKeySecret: CAIS1234567890",
        "access_key_secret".replace("_", "-") + " = CAIS1234567890",
    ],
)
def test_value_that_calls_itself_a_secret_is_taken_out(said: str) -> None:
    """Also when it is cut short, or somebody else's."""
    assert "CAIS" not in without_secrets(said, KEYS)


@pytest.mark.parametrize("at", range(460, 520, 7))
def test_secret_at_the_cut_of_a_long_message_is_taken_out_whole(at: int) -> None:
    """First it is taken out, then the message is cut: half a secret is one too."""
    message = "x" * at + TOKEN
    body = json.dumps({"Code": "SignatureDoesNotMatch", "Message": message, "RequestId": "R"}).encode()
    with pytest.raises(CloudError) as caught:
        read("ListImage", 400, {}, body, lambda text: without_secrets(text, KEYS))

    assert TOKEN[:4] not in str(caught.value)


def test_short_words_are_left_alone() -> None:
    """A made-up secret of two letters would blank every sentence out."""
    assert without_secrets("an instance", Keys("LTAI-x", "an")) == "an instance"
