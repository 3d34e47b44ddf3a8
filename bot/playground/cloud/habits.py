"""Where the cloud's behavior isn't documented, each switch is one way it might behave."""

from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(slots=True)
class Habits:
    """Undocumented behavior that the bot has to cope with, one way or the other.

    Attributes:
        description_limit: how many characters of an image's Description are kept.
        refuse_description: whether a longer one is refused instead of cut.
        keep_tags: whether tags are stored.
        empty_tag_values: whether a tag may have no value (the schema says yes, the text no).
        no_flag: how an idle desktop's ManagementFlags say that there are none: "NoFlag", '["NoFlag"]' (both
            are on the page), or "" for an empty list.
        sub_instance_required: whether a workstation is imaged only with its session.
        type_filter_required: whether images made with a BizType or ProductType are listed only with it.
    """

    description_limit: int = 1024
    refuse_description: bool = False
    keep_tags: bool = True
    empty_tag_values: bool = True
    no_flag: str = "NoFlag"
    sub_instance_required: bool = False
    type_filter_required: bool = False

    def to_json(self) -> dict[str, Any]:
        """For the control endpoint."""
        return asdict(self)

    def unusual(self) -> dict[str, Any]:
        """Return those that differ from the default."""
        usual = Habits().to_json()
        return {name: value for name, value in self.to_json().items() if value != usual[name]}

    def change(self, settings: dict[str, Any]) -> None:
        """Apply those settings that are habits; raises ValueError for a value of another type."""
        for field in fields(self):
            if field.name in settings:
                kind = type(getattr(self, field.name))
                if not isinstance(settings[field.name], kind):
                    raise ValueError(f"{field.name} is {kind.__name__}")
                setattr(self, field.name, settings[field.name])
