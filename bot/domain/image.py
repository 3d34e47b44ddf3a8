"""What a person asks for: one image of one instance, with every parameter of CreateImageByInstance.

Source of the rules: Alibaba Cloud, App Streaming, CreateImageByInstance reference page, "Request parameters".
`parse_image` is the one validator, for the command and the form alike; `PROBLEM_CODES` lists every mistake it
can report.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from bot.domain import vocabulary
from bot.domain.field_errors import FieldError, member_of, refuse, sentence, text_of, values_of
from bot.domain.tags import MARK_TAG, TAG_COUNT, Tag, as_tags
from bot.domain.text import identifier

__all__ = [
    "ACTION",
    "DESCRIPTION_LENGTH",
    "ID_LENGTH",
    "NAME_LENGTH",
    "PERSONS_FIELDS",
    "PROBLEM_CODES",
    "CreateImage",
    "DiskType",
    "FieldError",
    "InstanceType",
    "Tag",
    "default_name",
    "is_default_name",
    "is_usual_name",
    "parse_image",
]

ACTION = vocabulary.CREATE
ID_LENGTH = 64
NAME_LENGTH = 256
DESCRIPTION_LENGTH = 1024

PROBLEM_CODES = (
    "instance-id-missing",
    "instance-id-shape",
    "instance-type-missing",
    "instance-type-unknown",
    "instance-type-mismatch",
    "sub-instance-id-shape",
    "sub-instance-id-needs-workstation",
    "image-name-length",
    "description-length",
    "disk-type-unknown",
    "auto-clean-userdata-unknown",
    "auto-clean-userdata-needs-desktop",
    "tag-shape",
    "tag-length",
    "tag-value-missing",
    "tag-ambiguous",
    "tag-reserved",
    "tag-own",
    "tag-duplicate",
    "tag-count",
)
PERSONS_FIELDS = (
    "instance_id",
    "instance_type",
    "sub_instance_id",
    "image_name",
    "description",
    "disk_type",
    "auto_clean_userdata",
    "tags",
)


_ID = re.compile(rf"[A-Za-z0-9][A-Za-z0-9-]{{0,{ID_LENGTH - 1}}}")
_ID_ALLOWED = f"A-Z a-z 0-9 - (1-{ID_LENGTH})"


class InstanceType(StrEnum):
    """Kind of instance; the prefix of the ID says which."""

    CLOUD_DESKTOP = "CloudDesktop"
    WUYING_SERVER = "WuyingServer"

    @classmethod
    def told_by(cls, instance_id: str) -> "InstanceType | None":
        """Return the type that the prefix (`ws-`, `ecd-`) tells; None for any other."""
        if instance_id[:3].lower() == "ws-":
            return cls.WUYING_SERVER
        return cls.CLOUD_DESKTOP if instance_id[:4].lower() == "ecd-" else None


class DiskType(StrEnum):
    """Which disks the image contains; the cloud's default is ALL."""

    ALL = "ALL"
    SYSTEM = "SYSTEM"


class CreateImage(BaseModel):
    """The documented parameters of CreateImageByInstance, and the rules between them.

    Fields are checked in order, so a rule about two fields belongs to the later one; that way all problems
    are found at once. `biz_type` and `product_type` are not public: they come from the operator's settings,
    never from a person.
    """

    model_config = ConfigDict(frozen=True, validate_default=True, extra="forbid")

    instance_id: str = ""
    instance_type: InstanceType = Field(default=None)  # type: ignore[assignment]  # inferred from the id
    sub_instance_id: str | None = None
    image_name: str | None = None
    description: str | None = None
    disk_type: DiskType | None = None
    auto_clean_userdata: bool | None = None
    tags: tuple[Tag, ...] = ()
    biz_type: int | None = None
    product_type: str | None = None

    @field_validator("instance_id", mode="before")
    @classmethod
    def _check_instance_id(cls, given: object) -> str:
        text = text_of(given)
        if text is None:
            refuse("instance-id-missing", given, _ID_ALLOWED)
        bare = identifier(text)
        if InstanceType.told_by(bare):
            bare = bare.lower()
        return bare if _ID.fullmatch(bare) else refuse("instance-id-shape", text, _ID_ALLOWED)

    @field_validator("instance_type", mode="wrap")
    @classmethod
    def _check_instance_type(cls, given: object, _: object, info: ValidationInfo) -> InstanceType | None:
        instance_id = info.data.get("instance_id")
        told = InstanceType.told_by(instance_id or "")
        if text_of(given) is None:
            if instance_id and told is None:
                refuse("instance-type-missing", None, values_of(InstanceType))
            return told
        chosen = member_of(InstanceType, given, "instance-type-unknown")
        if told not in (None, chosen):
            refuse("instance-type-mismatch", chosen, told)
        return chosen

    @field_validator("sub_instance_id", mode="before")
    @classmethod
    def _check_sub_instance_id(cls, given: object, info: ValidationInfo) -> str | None:
        text = text_of(given)
        if text is None:
            return None
        if info.data.get("instance_type") is InstanceType.CLOUD_DESKTOP:
            refuse("sub-instance-id-needs-workstation", text, InstanceType.WUYING_SERVER)
        bare = identifier(text)
        return bare if _ID.fullmatch(bare) else refuse("sub-instance-id-shape", text, _ID_ALLOWED)

    @field_validator("image_name", mode="before")
    @classmethod
    def _check_image_name(cls, given: object) -> str | None:
        return sentence(given, "image-name", NAME_LENGTH)

    @field_validator("description", mode="before")
    @classmethod
    def _check_description(cls, given: object) -> str | None:
        return sentence(given, "description", DESCRIPTION_LENGTH)

    @field_validator("disk_type", mode="before")
    @classmethod
    def _check_disk_type(cls, given: object) -> DiskType | None:
        return None if text_of(given) is None else member_of(DiskType, given, "disk-type-unknown")

    @field_validator("auto_clean_userdata", mode="before")
    @classmethod
    def _check_auto_clean_userdata(cls, given: object, info: ValidationInfo) -> bool | None:
        text = text_of(given)
        if text is None:
            return None
        word = identifier(text).lower()
        if word not in ("true", "false"):
            refuse("auto-clean-userdata-unknown", text, "true, false")
        clean = word == "true"
        if info.data.get("instance_type") is not InstanceType.WUYING_SERVER:
            return clean
        return (
            refuse("auto-clean-userdata-needs-desktop", text, InstanceType.CLOUD_DESKTOP) if clean else None
        )

    @field_validator("tags", mode="before")
    @classmethod
    def _check_tag_count(cls, given: Sequence[object]) -> Sequence[object]:
        # Before any is parsed: thousands would take everybody else's time.
        return given if len(given) <= TAG_COUNT else refuse("tag-count", len(given), TAG_COUNT)

    @field_validator("tags")
    @classmethod
    def _check_tags(cls, tags: tuple[Tag, ...]) -> tuple[Tag, ...]:
        # Condition keys ignore case, so to a policy Env and env would be one key with two values.
        keys = [tag.key.casefold() for tag in tags]
        twice = sorted({tag.key for tag in tags if keys.count(tag.key.casefold()) > 1})
        if MARK_TAG in keys:
            refuse("tag-own", MARK_TAG, "")
        return tags if not twice else refuse("tag-duplicate", ", ".join(twice), "")

    def resource(self, region: str, account: str = vocabulary.UNKNOWN_ACCOUNT) -> str:
        """Return the instance's resource name in policies: our own extension, as the cloud has only `*` for
        this action.
        """
        return vocabulary.ACTIONS[ACTION.lower()].resource(region, account, self.instance_id)

    def context(self) -> dict[str, str]:
        """Return the request's condition keys, including the cloud's defaults, which count as if they had
        been typed.

        DiskType left out is ALL ("by default, the system disk and data disk"), AutoCleanUserdata is false.
        """
        context = {
            vocabulary.INSTANCE_ID.name: self.instance_id,
            vocabulary.INSTANCE_TYPE.name: self.instance_type.value,
            vocabulary.DISK_TYPE.name: (self.disk_type or DiskType.ALL).value,
            vocabulary.AUTO_CLEAN_USERDATA.name: "true" if self.auto_clean_userdata else "false",
        }
        if self.sub_instance_id:
            context[vocabulary.SUB_INSTANCE_ID.name] = self.sub_instance_id
        if self.image_name:
            context[vocabulary.IMAGE_NAME.name] = self.image_name
        return context | {vocabulary.TAG + tag.key: tag.value for tag in self.tags}


def parse_image(fields: Mapping[str, Any]) -> CreateImage | list[FieldError]:
    """Return the image that a person asked for, or everything that is wrong with it.

    `fields` has the keys of the form's blocks (`PERSONS_FIELDS`); other keys are ignored. Values are text,
    None or their own types; `tags` is text or a sequence (`bot.domain.tags`).
    """
    given = {name: fields[name] for name in PERSONS_FIELDS if name in fields}
    try:
        return CreateImage.model_validate(given | {"tags": as_tags(given.get("tags"))})
    except ValidationError as wrong:
        return [
            FieldError(str(error["loc"][0]), error["type"], error["ctx"]["given"], error["ctx"]["allowed"])
            for error in wrong.errors()
        ]


_USUAL_NAME = re.compile(r"[^\W\d_][\w:-]{1,127}")


def is_usual_name(name: str) -> bool:
    """Tell whether a name follows the rules that the sibling product ecd documents for images: a warning, not
    a rule.

    2-128 characters, a letter first, then letters, digits, colons, underscores and hyphens.
    """
    return bool(_USUAL_NAME.fullmatch(name))


def default_name(instance_id: str, today: date, request_id: str) -> str:
    """Return the default name of an image, from instance, day and request: `ws-0buj1s9gm-2026-11-25-7abcdef`.

    The day is in the requester's time zone; the request ID keeps two names of one day apart.
    """
    return f"{instance_id}-{today:%Y-%m-%d}-{_letters(request_id)}"


def is_default_name(name: str, request_id: str) -> bool:
    """Tell whether the request's image has its default name."""
    return name.endswith(f"-{_letters(request_id)}")


def _letters(request_id: str) -> str:
    return request_id.removeprefix("r-")
