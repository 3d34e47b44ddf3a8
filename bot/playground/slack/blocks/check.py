"""The rules for a whole message or view."""

from collections.abc import Iterator, Sequence

from bot.playground.slack.blocks import parts
from bot.playground.slack.blocks.kinds import BLOCKS, LIMITS, MODAL_ELEMENTS, SURFACES
from bot.playground.slack.blocks.specs import (
    ByType,
    Flag,
    Many,
    Report,
    Shape,
    Spec,
    String,
    choice,
    repeated,
)
from bot.playground.slack.inputs import elements
from bot.playground.slack.wire import JsonObject

_MARKDOWN_LIMIT = 12_000

_COMMON: dict[str, Spec] = {"private_metadata": String(3000, 0), "callback_id": String(255, 0),
                            "external_id": String(255, 0)}  # fmt: skip


def check_blocks(blocks: object, surface: str, at: str) -> list[str]:
    """Return hints for blocks on a ``surface`` (message, modal, home), found at the JSON pointer ``at``."""
    report = Report()
    Many(ByType(BLOCKS, SURFACES[surface]), LIMITS[surface], at_least=0).check(blocks, at, report)
    if not report.hints and isinstance(blocks, list):
        _check_together(blocks, surface, at, report)
    return report.hints


def check_view(
    view: JsonObject, types: tuple[str, ...] = ("modal", "home"), *, confirm_in_inputs: bool = False
) -> list[str]:
    """Return hints for a view of one of these ``types``; ``confirm_in_inputs``: whether that is accepted."""
    kind = view.get("type")
    if kind not in types:
        return [f"unsupported type: {kind} [json-pointer:/view/type]"]
    report = Report()
    (_MODAL if kind == "modal" else _HOME).check(view, "/view", report)
    hints = report.hints + check_blocks(view.get("blocks", []), str(kind), "/view/blocks")
    if not hints and not confirm_in_inputs:
        hints = list(_confirmed_inputs(view))
    return hints or list(_submit_missing(view))


def check_options(payload: object) -> list[str]:
    """Return hints for the answer to a block_suggestion: at most 100 options or groups."""
    report = Report()
    body = payload if isinstance(payload, dict) else {}
    name = "option_groups" if "option_groups" in body else "options"
    item = parts.OPTION_GROUP if name == "option_groups" else parts.OPTION
    Shape({name: Many(item, 100, at_least=0)}, {}).check(payload, "", report)
    return report.hints


class _Blocks:
    """Checks each block, knowing the surface."""

    def check(self, value: object, at: str, report: Report) -> None:
        if not isinstance(value, list):
            report.add(at, "must provide an array")


_MODAL = Shape(
    {"type": choice("modal"), "title": parts.plain(24), "blocks": _Blocks()},
    {**_COMMON, "submit": parts.plain(24), "close": parts.plain(24), "clear_on_close": Flag(),
     "notify_on_close": Flag(), "submit_disabled": Flag()},
)  # fmt: skip
_HOME = Shape({"type": choice("home"), "blocks": _Blocks()}, _COMMON)


def _confirmed_inputs(view: JsonObject) -> Iterator[str]:
    """Return a ``confirm`` in an input block's element (Slack refuses a view for one property too many)."""
    for index, block in enumerate(view["blocks"]):
        if block["type"] == "input" and "confirm" in block["element"]:
            yield f"additional field: confirm [json-pointer:/view/blocks/{index}/element]"


def _submit_missing(view: JsonObject) -> Iterator[str]:
    """Check that a modal with input blocks has a submit button (docs.slack.dev, Views)."""
    has_inputs = any(block["type"] == "input" for block in view["blocks"])
    if view["type"] == "modal" and has_inputs and view.get("submit") is None:
        yield "missing required field: submit [json-pointer:/view]"


def _check_together(blocks: Sequence[JsonObject], surface: str, at: str, report: Report) -> None:
    """Return hints that take more than one block to see."""
    for index in repeated(block.get("block_id") for block in blocks):
        report.add(f"{at}/{index}/block_id", "must be unique")  # our reading
    for index, block in enumerate(blocks):
        _check_action_ids(block, f"{at}/{index}", report)
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > _MARKDOWN_LIMIT:
        report.add(at, f"markdown must be less than {_MARKDOWN_LIMIT + 1} characters")
    if sum(block["type"] == "table" for block in blocks) > 1:
        report.add(at, "only_one_table_allowed")
    _check_elements(blocks, surface, at, report)


def _check_action_ids(block: JsonObject, at: str, report: Report) -> None:
    """Check that action_ids are unique in a block (that Slack refuses the second is our reading)."""
    inside = [element for _, element in elements([block])]
    for index in repeated(element.get("action_id") for element in inside):
        report.add(f"{at}/elements/{index}/action_id", "must be unique")


def _check_elements(blocks: Sequence[JsonObject], surface: str, at: str, report: Report) -> None:
    found = [element for _, element in elements(blocks)]
    if sum(bool(element.get("focus_on_load")) for element in found) > 1:
        report.add(at, "focus_on_load can be true for one element only")
    for element in found:
        if element["type"] in MODAL_ELEMENTS and surface != "modal":
            report.add(at, f"unsupported type: {element['type']}")
