"""Somebody else's text in a finding: seen as it is, and never taken for something else."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.signs import LONGEST_SHOWN, named_signs, shown, step


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("ws-1", "ws-1"),
        ("４h", "４h (with a full-width digit)"),
        ("appstreaming：x", "appstreaming：x (with a full-width colon)"),
        ("＊", "＊ (with a full-width asterisk)"),
        ("ｗｓ－1", "ｗｓ－1 (with a full-width letter and a full-width hyphen)"),
        ("“x”", "“x” (with a curly quote)"),
        ("ws‑1", "ws‑1 (with a typographic dash)"),
        ("a、b", "a、b (with a Chinese comma)"),
        ("黄金*", "黄金*"),
        ("équipe", "équipe"),
        ("🙂", "🙂"),
        ("\u0430bc", "\\u0430bc"),
        ("cafe\u0301", "cafe\\u0301"),
        ("a\u200bb", "a\\u200bb"),
        ("a\nb\\", "a\\nb\\\\"),
        ("\u3164\u2800", "\\u3164\\u2800"),
        ("\ud800", "\\ud800"),
        ("", '""'),
        (" x", '" x"'),
        ("\u3000", '"\\u3000"'),
        ("x" * 70, "x" * LONGEST_SHOWN + "..."),
    ],
)
def test_a_sign_is_shown_and_named_and_what_deceives_is_escaped(text: str, seen: str) -> None:
    assert shown(text) == seen


@given(st.text())
def test_a_text_is_shown_on_one_line_with_nothing_unseen(text: str) -> None:
    seen = step(text)

    assert seen.isprintable()
    assert not any(unicodedata.category(char)[0] in "MCZ" for char in seen if char != " ")
    assert len(seen) <= 10 * (LONGEST_SHOWN + 5)


def test_signs_are_named_once_with_themselves() -> None:
    assert named_signs("a：［b：]") == "full-width colon (：), full-width bracket (［)"
