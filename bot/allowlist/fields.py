"""The fields of the bot's own part of the file; every mistake becomes a finding with its place."""

import re
from collections.abc import Mapping, Sequence

from bot.allowlist.slack_ids import SHAPES, IdKind, id_doubt
from bot.domain.durations import duration
from bot.policy.findings import Report, SourceLocation, meant, shown

MISTAKEN: Mapping[IdKind, IdKind] = {"users": "usergroups", "usergroups": "users"}
"""The kind of ID that each is mistaken for."""
_COUNT = re.compile(r"[0-9]{1,3}")
MEANT_FLAGS = {
    **dict.fromkeys(("true", "yes", "on", "1"), "true"),
    **dict.fromkeys(("false", "no", "off", "0"), "false"),
}
"""What people mean by other words for true and false."""
MOST_PEOPLE = 20
"""The highest count of a slot, and the most slots of a rule."""


class Fields:
    """Typed values out of untyped ones; what is wrong is reported, and a harmless value takes its place."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def error(
        self, location: SourceLocation, message: str, code: str = "invalid", hint: str | None = None
    ) -> None:
        """Record a mistake."""
        self.report.add(location.error(message, code, hint))

    def block(
        self, value: object, location: SourceLocation, known: Sequence[str] = ()
    ) -> Mapping[str, object]:
        """Return a mapping with none but the known keys; any key when none is given. None is an empty one."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.error(location, f"must be a mapping, not {shown(value)}")
            return {}
        for key in value if known else ():
            if key not in known:
                problem = f"is not known here, only {', '.join(known)}"
                self.error(location.key(value, key), problem, "key-unknown", meant(key, known))
        return value

    def items(self, value: object, location: SourceLocation) -> list[tuple[object, SourceLocation]]:
        """Return a list, each item with its place. None is an empty one."""
        if value is None:
            return []
        if not isinstance(value, list):
            self.error(location, f"must be a list, not {shown(value)}")
            return []
        return [(each, location.item(value, index)) for index, each in enumerate(value)]

    def text(self, value: object, location: SourceLocation) -> str:
        """One text that is not empty."""
        if isinstance(value, str) and value.strip():
            return value
        self.error(location, f"must be a text, not {shown(value)}")
        return ""

    def names(
        self, block: Mapping[str, object], key: str, location: SourceLocation
    ) -> list[tuple[str, SourceLocation]]:
        """Return a list of texts under a key, each with its place."""
        return self._texts(block.get(key), location.key(block, key))

    def ids(self, block: Mapping[str, object], key: IdKind, location: SourceLocation) -> frozenset[str]:
        """Slack ids under `users` or `usergroups`."""
        return self.ids_in(block[key], location.key(block, key), key) if key in block else frozenset()

    def ids_in(self, value: object, location: SourceLocation, kind: IdKind) -> frozenset[str]:
        """Return a list of Slack IDs of `users` or `usergroups`."""
        named = self._texts(value, location)
        if value in ([], None):
            self.report.add(location.warning("is empty: it matches nobody", "empty"))
        for text, at in named:
            self._check_id(text, kind, at)
        return frozenset(text for text, _ in named)

    def _check_id(self, text: str, kind: IdKind, location: SourceLocation) -> None:
        """Say that an ID of the other kind was put in the wrong list.

        Anything else is a person's or group's name.
        """
        doubt, other = id_doubt(text, kind), MISTAKEN[kind]
        if doubt and SHAPES[other].fullmatch(text):
            problem = f"{shown(text)} is one of {other}, not of {kind}"
            self.error(location, problem, "id-kind", f"{other}: [{text}]")
        elif doubt:
            problem = f"{doubt.problem}: it matches nobody"
            self.report.add(location.warning(problem, doubt.code, doubt.hint))

    def _texts(self, value: object, location: SourceLocation) -> list[tuple[str, SourceLocation]]:
        read = [(self.text(each, at), at) for each, at in self.items(value, location)]
        return [(text, at) for text, at in read if text]

    def flag(self, block: Mapping[str, object], key: str, location: SourceLocation) -> bool:
        """Return `true` or `false`; false when left out."""
        value = block.get(key, "false")
        if value not in ("true", "false"):
            hint = MEANT_FLAGS.get(value.lower()) if isinstance(value, str) else None
            self.error(location.key(block, key), f"must be true or false, not {shown(value)}", hint=hint)
        return value == "true"

    def choice(
        self, block: Mapping[str, object], key: str, location: SourceLocation, choices: Sequence[str]
    ) -> str:
        """One of a few words; the first of them when left out."""
        value = block.get(key, choices[0])
        if isinstance(value, str) and value in choices:
            return value
        hint = meant(value, choices) if isinstance(value, str) else None
        self.error(location.key(block, key), f"must be {' or '.join(choices)}, not {shown(value)}", hint=hint)
        return choices[0]

    def seconds(self, block: Mapping[str, object], key: str, location: SourceLocation) -> float | None:
        """Return a duration; None when left out."""
        if key not in block:
            return None
        at = location.key(block, key)
        text = self.text(block[key], at)
        try:
            return duration(text) if text else None
        except ValueError:
            self.error(at, f"{shown(block[key])} isn't a duration such as 45s, 15m, 4h or 2d")
            return None

    def count(self, block: Mapping[str, object], key: str, location: SourceLocation) -> int:
        """How many people; 1 when left out."""
        value = block.get(key, "1")
        number = int(value) if isinstance(value, str) and _COUNT.fullmatch(value) else 0
        if 1 <= number <= MOST_PEOPLE:
            return number
        self.error(location.key(block, key), f"must be a number from 1 to {MOST_PEOPLE}, not {shown(value)}")
        return 1

    def channel(self, block: Mapping[str, object], key: str, location: SourceLocation) -> str | None:
        """Return a channel's id; None when left out."""
        if key not in block:
            return None
        at = location.key(block, key)
        text = self.text(block[key], at)
        if text and (doubt := id_doubt(text, "channels")):
            self.error(at, doubt.problem, hint=doubt.hint)
        return text or None
