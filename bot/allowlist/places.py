"""Where in the file something stands that was read from it, as precise as the file is."""

from collections.abc import Mapping
from typing import cast

from bot.policy.findings import SourceLocation

Tree = Mapping[str, object]
"""A file's values, with the line of each key and item."""
POLICY_DEPTH = 2
"""Steps to a policy: what stands there as a text is the name of its file."""


def locate(tree: Tree, *path: str | int) -> SourceLocation:
    """Return the place of `path`; a step that the file has not written out is its parent's."""
    location, here = SourceLocation(""), cast("object", tree)
    for depth, step in enumerate(path):
        if depth == POLICY_DEPTH and path[0] == "policies" and isinstance(here, str):
            location, here = SourceLocation(location.path, file=here), None
        if isinstance(step, str):
            block = here if isinstance(here, dict) else {}
            location, here = location.key(block, step), block.get(step)
        elif isinstance(here, list):
            location, here = location.item(here, step), here[step]
        elif here is None:
            location = SourceLocation(step, location.line, location)
    return location
