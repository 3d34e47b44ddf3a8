"""What people type, cleaned: what nobody sees is removed, what everybody sees stays."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.image import CreateImage, parse_image
from bot.domain.text import clean, identifier, narrow, one_line, visible


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("forbidden\u200b-name", "forbidden-name"),
        ("a\u202eb\u2066c\u2069", "abc"),
        ("a\u2028b\u2029c\r\nd\re", "a\nb\nc\nd\ne"),
        ("\ufeffa\u00adb\u2060", "ab"),
        ("a\u3164b\u115f\u180e", "ab"),
        ("a\U000e0002b\U000e0080c\U000e0fffd\U000e0041", "abcd"),
        ("a\ufffcb\U0001d159c\U00016fe4", "abc"),
        ("a\ufdd0b\ufffec\U0010ffff", "abc"),
        ("a\u2800b", "a b"),
        ("cafe\u0301", "caf\u00e9"),
        ("e\u200b\u0301", "\u00e9"),
        ("q\u0323\u0307 q\u0307\u0323", "q\u0323\u0307 q\u0323\u0307"),
        ("\u1112\u1161\u11ab", "\ud55c"),
        ("\u212aelvin \u2126", "Kelvin \u03a9"),
        ("e" + "\u0323" * 5000, "\u1eb9" + "\u0323" * 29),
        ("e" + "\u0323\u200b" * 5000, "\u1eb9" + "\u0323" * 29),
        ("e" + "\u0323" * 40 + "a\u0323", "\u1eb9" + "\u0323" * 29 + "\u1ea1"),
        ("\U0001d15e\ufe0f", "\U0001d157\U0001d165"),
        ("name\ufe0f", "name"),
        ("a\ue000\U000f0000b", "ab"),
        ("a\x00\x1b\ud800b", "ab"),
        ("a\u00a0b\u3000c\u2003d", "a b c d"),
        ("👩\u200d💻 ❤\ufe0f 1\ufe0f\u20e3 👍🏽", "👩\u200d💻 ❤\ufe0f 1\ufe0f\u20e3 👍🏽"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("👩🏽\u200d💻 👩\u200b\u200d💻", "👩🏽\u200d💻 👩\u200d💻"),
        ("a\u200d💻 👩\u200da", "a💻 👩a"),
        ("❤\ufe0f\ufe0f", "❤\ufe0f"),
        ("a\u200db", "ab"),
        ("👩\u200d", "👩"),
        ("黄金镜像 é ñ", "黄金镜像 é ñ"),
    ],
)
def test_what_is_seen_stays_and_nothing_else(typed: str, seen: str) -> None:
    assert clean(typed) == seen


IGNORABLE = (
    *((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F)),
    *((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F)),
    *((0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A)),
    (0xE0000, 0xE0FFF),
)
"""Default_Ignorable_Code_Point, as Unicode lists it (DerivedCoreProperties.txt)."""


@pytest.mark.parametrize(("first", "last"), IGNORABLE)
def test_what_unicode_says_to_ignore_is_gone(first: int, last: int) -> None:
    assert {clean(f"a{chr(code)}b") for code in range(first, last + 1)} == {"ab"}


@pytest.mark.parametrize(
    "code",
    [
        *(0x34E, 0x350, 0x115E, 0x17B3, 0x17B6, 0x180A, 0x1810, 0x3163, 0x3165, 0xFDCF, 0xFDF0, 0xFDFF),
        *(0xFE10, 0xFF9F, 0xFFA1, 0xFFEF, 0xE1000),
    ],
)
def test_what_stands_beside_it_in_unicode_stays(code: int) -> None:
    assert clean(f"a{chr(code)}b") == unicodedata.normalize("NFC", f"a{chr(code)}b")


@given(
    st.text()
    | st.text("ae\u00e9\u0301\u0323\u0344\u0958\u093c\u200d\ufe0f👩\U0001d15e\u20e3", max_size=200)
    | st.integers(25, 40).map(lambda marks: "e" + "\u0344" * marks)
)
def test_cleaning_leaves_nothing_invisible_and_changes_nothing_twice(text: str) -> None:
    cleaned = clean(text)

    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not {unicodedata.category(char) for char in cleaned if char not in "\n\t\u200d"} & {
        *("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
    }
    assert "\n" not in one_line(text)


@pytest.mark.parametrize(
    "text",
    ["", " \n", "\u200b", "\u2800\u2800", "\u3164", "\ufe0f", "\u0301", " \u0323\u0301 ", "\U000e0002"],
)
def test_text_of_which_nothing_is_seen_is_none(text: str) -> None:
    assert visible(text) == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("`ws-0buj`", "ws-0buj"),
        ("*ws-0buj*", "ws-0buj"),
        ("(ws-0buj),", "ws-0buj"),
        ("“ws-0buj”", "ws-0buj"),
        ("「ws-0buj」。", "ws-0buj"),
        ("<ws-0buj>", "ws-0buj"),
        ("ws\u20110buj", "ws-0buj"),
        ("ｗｓ－０ｂｕｊ", "ws-0buj"),
        ("WS-0BUJ", "ws-0buj"),
        ("Ws-0buj", "Ws-0buj"),
        ("AIG-2X", "aig-2x"),
        ("ws-0-.", "ws-0-"),
        ("(x).", "x"),
        ("ws-0\u200bbuj", "ws-0buj"),
        ("ws_0buj", "ws_0buj"),
    ],
)
def test_an_id_is_read_out_of_what_it_is_wrapped_in(typed: str, meant: str) -> None:
    assert identifier(typed) == meant


def test_full_width_signs_are_the_plain_ones_that_unicode_says_they_stand_for() -> None:
    wide = "".join(map(chr, range(0xFF01, 0xFF5F)))
    assert narrow(wide) == unicodedata.normalize("NFKC", wide)
    assert narrow("\uff5f\uff60") == "\uff5f\uff60"


@pytest.mark.parametrize(
    ("fields", "context"),
    [
        ({"image_name": "forbidden\u200b-name"}, {"appstreaming:ImageName": "forbidden-name"}),
        ({"image_name": "forbidden\n name"}, {"appstreaming:ImageName": "forbidden name"}),
        ({"image_name": "forbidden\u2800name"}, {"appstreaming:ImageName": "forbidden name"}),
        ({"image_name": "forbidden\U000e0002-name"}, {"appstreaming:ImageName": "forbidden-name"}),
        ({"image_name": "cafe\u0301"}, {"appstreaming:ImageName": "caf\u00e9"}),
        ({"tags": "e\u0301quipe=x"}, {"acs:RequestTag/\u00e9quipe": "x"}),
        ({"disk_type": "*ｓｙｓｔｅｍ*"}, {"appstreaming:DiskType": "SYSTEM"}),
        ({"instance_type": "wuying-server"}, {"appstreaming:InstanceType": "WuyingServer"}),
        ({"instance_id": "Ws-1"}, {"appstreaming:InstanceId": "ws-1"}),
        ({"sub_instance_id": "`P-1`"}, {"appstreaming:SubInstanceId": "p-1"}),
        ({"tags": "team\u2060=pay\u200droll"}, {"acs:RequestTag/team": "payroll"}),
        ({"disk_type": "A\u200bLL"}, {"appstreaming:DiskType": "ALL"}),
    ],
)
def test_a_policy_compares_what_is_seen(fields: dict[str, str], context: dict[str, str]) -> None:
    """A zero-width space carries nothing past a Deny."""
    image = parse_image({"instance_id": "ws-1"} | fields)

    assert isinstance(image, CreateImage)
    assert context.items() <= image.context().items()
