"""What a person puts into an element, as Slack keeps it in ``state.values``."""

from collections.abc import Iterator, Sequence

from bot.playground.slack.wire import JsonObject

STATE_KEYS = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
}
"""Element type -> the key of its value, for every element that keeps one."""

_INITIAL_KEYS = {
    "value": "initial_value",
    "rich_text_value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
}

Values = dict[str, dict[str, JsonObject]]
"""``state.values``: block_id -> action_id -> what the element holds."""


def elements(blocks: Sequence[JsonObject]) -> Iterator[tuple[JsonObject, JsonObject]]:
    """Yield every element that a person can act on, with its block, in reading order."""
    for block in blocks:
        nested = [*block.get("child_blocks", ()), *block.get("tasks", ())]
        if block["type"] == "carousel":
            nested += block["elements"]
        for element in _own_elements(block):
            yield block, element
        yield from elements(nested)


def _own_elements(block: JsonObject) -> list[JsonObject]:
    kinds = {"actions": "elements", "context_actions": "elements", "card": "actions"}
    own = list(block.get(kinds.get(block["type"], ""), ()) or ())
    return own + [block[key] for key in ("element", "accessory") if isinstance(block.get(key), dict)]


def initial_value(element: JsonObject) -> JsonObject:
    """Return the state of an untouched element."""
    key = STATE_KEYS[element["type"]]
    empty: object = [] if key in ("selected_options", "files") or key.endswith("s") else None
    initial = element.get(_INITIAL_KEYS.get(key, ""), empty)
    if key == "selected_option" and initial:
        initial = _chosen(initial)
    elif key == "selected_options":
        initial = [_chosen(option) for option in initial]
    return {"type": element["type"], key: initial}


def _chosen(option: JsonObject) -> JsonObject:
    """Return an option as the state has it: just text and value (@slack/bolt, ViewStateSelectedOption)."""
    return {key: option[key] for key in ("text", "value") if key in option}


def initial_values(blocks: Sequence[JsonObject], before: Values | None = None) -> Values:
    """Return the state of a fresh view. What was there ``before`` stays if block_id, action_id and type
    did.
    """
    values: Values = {}
    for block, element in elements(blocks):
        if element["type"] not in STATE_KEYS:
            continue
        block_id, action_id = block["block_id"], element["action_id"]
        kept = (before or {}).get(block_id, {}).get(action_id)
        still_fits = kept is not None and kept["type"] == element["type"] and _offered(element, kept)
        values.setdefault(block_id, {})[action_id] = kept if kept and still_fits else initial_value(element)
    return values


def _offered(element: JsonObject, kept: JsonObject) -> bool:
    """Whether the element still offers the options that were chosen."""
    if element["type"] not in ("static_select", "multi_static_select", "radio_buttons", "checkboxes"):
        return True
    offered = [option["value"] for option in options_of(element)]
    chosen = [kept.get("selected_option"), *(kept.get("selected_options") or ())]
    return all(option["value"] in offered for option in chosen if option)


def options_of(element: JsonObject) -> list[JsonObject]:
    """Return the options of a select, radio, checkbox or overflow element, groups flattened."""
    grouped = [option for group in element.get("option_groups") or () for option in group["options"]]
    return [*(element.get("options") or ()), *grouped]


class NoSuchOptionError(LookupError):
    """The element doesn't offer this option. Fields: ``wanted``, ``offered``."""

    def __init__(self, wanted: object, offered: Sequence[str]) -> None:
        super().__init__(f"{wanted!r} is not offered, only {', '.join(offered) or 'nothing'}")
        self.wanted = wanted
        self.offered = offered


def entered(element: JsonObject, value: object, offered: Sequence[JsonObject] = ()) -> JsonObject:
    """Return the state after a person chose or typed ``value``.

    ``value`` is whatever fits the element: text, an option's value or several, an ID, a date; None clears it.
    ``offered`` are the options that an external select has got for its queries.
    """
    key = STATE_KEYS[element["type"]]
    initial = [element.get("initial_option"), *(element.get("initial_options") or ())]
    options = [*options_of(element), *offered, *(option for option in initial if option)]
    content: object = value
    if key == "selected_option":
        content = None if value is None else _option(value, options)
    elif key == "selected_options":
        content = [_option(one, options) for one in _as_list(value)]
    elif key.endswith("s"):
        content = _as_list(value)
    elif value is not None and key == "value":
        content = str(value)
    return {"type": element["type"], key: None if content == "" else content}


def _as_list(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple | set | frozenset) else [value]


def _option(wanted: object, options: Sequence[JsonObject]) -> JsonObject:
    """Return the offered option that is ``wanted``, or has that value."""
    for option in options:
        if wanted in (option.get("value"), option):
            return _chosen(option)
    raise NoSuchOptionError(wanted, [option.get("value", "") for option in options])


class Choices:
    """What people have chosen in messages, per person."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], Values] = {}

    def of(self, user: str, channel: str, ts: str, blocks: Sequence[JsonObject]) -> Values:
        """Return the state of a message with these blocks as this person left it; change it in place."""
        key = (user, channel, ts)
        self._kept[key] = initial_values(blocks, self._kept.get(key))
        return self._kept[key]
