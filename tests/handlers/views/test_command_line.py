"""A request as a command to copy: read back, it asks for the same again."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.image import CreateImage, parse_image
from bot.domain.text import visible
from handlers.commands.create_grammar import read
from handlers.commands.grammar import tokens_of
from handlers.draft import Draft
from handlers.views.command_line import command_of
from tests.fakes import image, request

words = st.text(st.characters(whitelist_categories=("L", "N"), whitelist_characters=" '-=.,"), max_size=40)


@given(words, st.sampled_from([None, "ALL", "SYSTEM"]), st.booleans(), st.booleans())
def test_a_command_that_is_copied_asks_for_the_same(
    reason: str, disk: str | None, clean: bool, stops: bool
) -> None:
    """But for the name, which is taken."""
    reason = visible(reason)  # as every request has it
    asked = image(
        instance_id="ecd-7w78", disk_type=disk, auto_clean_userdata=clean or None, tags='"team=build tools"'
    )
    told = command_of(request(image=asked, reason=reason, stop_first=stops, regions=("cn-beijing",)))

    tokens = tokens_of(told.removeprefix("/image "))
    assert isinstance(tokens, list)
    draft = read(tokens[1:])
    assert isinstance(draft, Draft), draft
    again = parse_image(draft.fields)
    assert isinstance(again, CreateImage), again
    assert again == asked
    assert (draft.reason, draft.stop_first) == (" ".join(reason.split()), stops)
    assert draft.regions == ("cn-beijing",)
