"""Tags as people write them: one reading for the form's field and the command's flags."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.image import CreateImage, Tag, is_usual_name, parse_image


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("a=b,c=d", ["a=b", "c=d"]),
        ("a=b\nc=d", ["a=b", "c=d"]),
        ("a=b c=d", ["a=b", "c=d"]),
        ("a=b，c=d、e=f；g=h;i=j", ["a=b", "c=d", "e=f", "g=h", "i=j"]),
        ("a=b, , c=d,", ["a=b", "c=d"]),
        ("team＝build", ["team=build"]),
        ("team：构建", ["team=构建"]),
        ("team = build tools", ["team=build tools"]),
        ('team="build, tools"; env=prod', ["team=build, tools", "env=prod"]),
        ('team="build tools" env="prod"', ["team=build tools", "env=prod"]),
        ('"team=build, tools"', ["team=build, tools"]),
        ("“team=build; tools”", ["team=build; tools"]),
        ("url=x?a=1", ["url=x?a=1"]),
        ("team：a：b", ["team=a：b"]),
        ("note=a：b", ["note=a：b"]),
        ("team = a = b", ["team=a = b"]),
    ],
)
@pytest.mark.parametrize("as_flag", [False, True], ids=["form", "flag"])
def test_tags_are_read_alike_wherever_they_are_typed(typed: str, read: list[str], as_flag: bool) -> None:
    image = parse_image({"instance_id": "ws-1", "tags": (typed,) if as_flag else typed})

    assert isinstance(image, CreateImage), image
    assert [str(tag) for tag in image.tags] == read


@given(st.text(max_size=80) | st.text('a=b "，,;', max_size=40))
def test_any_text_is_read_as_tags_or_refused(text: str) -> None:
    assert parse_image({"instance_id": "ws-1", "tags": text})


@pytest.mark.parametrize(
    ("name", "usual"),
    [
        ("build-tools_2:1", True),
        ("黄金-1", True),
        ("a", False),
        ("1a", False),
        ("a b", False),
        ("a" * 129, False),
    ],
)
def test_a_name_that_the_sibling_product_would_refuse_is_known(name: str, usual: bool) -> None:
    """ecd documents 2-128 characters, a letter first; for this product it is only a warning."""
    assert is_usual_name(name) is usual


@pytest.mark.parametrize("parts", [{"key": "team", "value": "a,b=c; d"}, Tag(key="team", value="a,b=c; d")])
def test_a_tag_given_by_its_parts_is_taken_as_it_is(parts: object) -> None:
    """As a form filled from an earlier request, or a caller, has them: what would end a tag belongs to it."""
    image = parse_image({"instance_id": "ws-1", "tags": [parts]})
    assert isinstance(image, CreateImage)
    assert [(tag.key, tag.value) for tag in image.tags] == [("team", "a,b=c; d")]


def test_keys_and_values_have_128_characters_and_an_image_19_tags() -> None:
    fitting = [{"key": f"{number:0>128}", "value": "v" * 128} for number in range(19)]
    assert isinstance(parse_image({"instance_id": "ws-1", "tags": fitting}), CreateImage)
    for tags in ([*fitting, "a=b"], [{"key": "k" * 129, "value": "v"}], [{"key": "k", "value": "v" * 129}]):
        assert isinstance(parse_image({"instance_id": "ws-1", "tags": tags}), list)


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ({"value": "x"}, "tag-shape"),
        ({"key": "team"}, "tag-value-missing"),
        ({"key": None, "value": None}, "tag-shape"),
        ("=x", "tag-shape"),
        ("\u200b=x", "tag-shape"),
        ("team=\u200b", "tag-value-missing"),
    ],
)
def test_a_tag_that_lacks_a_part_is_refused(tag: object, code: str) -> None:
    problems = parse_image({"instance_id": "ws-1", "tags": [tag]})
    assert isinstance(problems, list)
    assert [each.code for each in problems] == [code]
