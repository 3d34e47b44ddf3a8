"""Names of people and usergroups, for texts that name them without notifying them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.mrkdwn import Markup, code, inline


@dataclass(frozen=True)
class Names:
    """Names by ID, from Slack; without a name, the ID is shown. Nobody is mentioned."""

    people: Mapping[str, str] = field(default_factory=dict)
    handles: Mapping[str, str] = field(default_factory=dict)

    def person(self, user_id: str) -> Markup:
        """Return a person by their name."""
        return inline(self.people[user_id]) if self.people.get(user_id) else code(user_id)

    def group(self, group: str) -> Markup:
        """Return a usergroup by its handle; a group of the allowlist's own by its name."""
        return inline(f"@{self.handles[group]}" if self.handles.get(group) else group)


@dataclass(frozen=True)
class NamesAsked(Names):
    """Stand-in for names: records which ones a view asks for, in order."""

    user_ids: dict[str, None] = field(default_factory=dict)
    groups: dict[str, None] = field(default_factory=dict)

    def person(self, user_id: str) -> Markup:
        """Record the ID and return it."""
        self.user_ids[user_id] = None
        return super().person(user_id)

    def group(self, group: str) -> Markup:
        """Record the ID and return it."""
        self.groups[group] = None
        return super().group(group)


NAMELESS = Names()
"""No names known."""
