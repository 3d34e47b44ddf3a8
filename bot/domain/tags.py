"""Tags of an image, as people write them: KEY=VALUE."""

import re
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from bot.domain.field_errors import is_sendable, refuse, text_of

TAG_LENGTH = 128
TAG_COUNT = 20

_RESERVED = re.compile(r"acs:|aliyun|https?://", re.IGNORECASE)


class Tag(BaseModel):
    """One tag. Limits are those of Alibaba Cloud's Tag service: lengths, reserved prefixes."""

    model_config = ConfigDict(frozen=True)

    key: str
    value: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, tag: object) -> object:
        if not isinstance(tag, str):
            return tag
        key, equals, value = tag.partition("=")
        if not (equals and key.strip()):
            refuse("tag-shape", tag, "KEY=VALUE")
        return {"key": key.strip(), "value": value.strip()}

    @field_validator("key", "value")
    @classmethod
    def _within_limits(cls, text: str) -> str:
        if len(text) > TAG_LENGTH:
            refuse("tag-length", text, TAG_LENGTH)
        if not is_sendable(text):
            refuse("tag-characters", ascii(text), "")
        if _RESERVED.match(text):
            refuse("tag-reserved", text, "not acs: aliyun http:// https://")
        return text


def as_tags(given: object) -> list[object]:
    """One item for each tag: of text with one a line or between commas, or of a sequence."""
    if isinstance(given, str):
        given = re.split(r"[\n,]", given)
    several = given if isinstance(given, Iterable) else [given]
    return [tag if isinstance(tag, Tag) else str(tag) for tag in several if text_of(tag)]
