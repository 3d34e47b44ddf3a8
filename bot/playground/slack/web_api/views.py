"""views.*"""

import json

from bot.playground.slack.blocks import check_view, with_ids
from bot.playground.slack.view import View
from bot.playground.slack.web_api import lookups
from bot.playground.slack.web_api.arguments import Arguments
from bot.playground.slack.wire import ApiError, JsonObject, invalid_arguments
from bot.playground.slack.workspace import Workspace

VIEW_BYTES = 250_000
"""A view may be 250 kB (docs.slack.dev, views.open errors)."""


def open_view(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """views.open: a modal for the person behind the trigger_id."""
    body = _modal(workspace, arguments)
    user = workspace.triggers.exchange(arguments.required("trigger_id"))
    return _shown(workspace, workspace.surfaces.open(user, body))


def push(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """views.push: one more on top of an open modal."""
    body = _modal(workspace, arguments)
    user = workspace.triggers.exchange(arguments.required("trigger_id"))
    if workspace.surfaces.modal(user) is None:
        raise ApiError("not_found")
    return _shown(workspace, workspace.surfaces.push(user, body))


def update(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """views.update: new content for an open view, by view_id or external_id, guarded by ``hash``."""
    old = _open_view(workspace, arguments)
    body = read_view(workspace, arguments.structure("view", "invalid_arguments"), (old.body["type"],))
    if arguments.text("hash", old.hash) != old.hash:
        raise ApiError("hash_conflict")
    _claim_external_id(workspace, body, old)
    return _shown(workspace, workspace.surfaces.update(old, body))


def publish(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """views.publish: somebody's home tab."""
    user = lookups.user(workspace, arguments.required("user_id"))
    if not workspace.app.home_enabled:
        raise ApiError("not_enabled")
    body = read_view(workspace, arguments.structure("view", "invalid_arguments"), ("home",))
    old = workspace.surfaces.home(user.id)
    if old is not None and arguments.text("hash", old.hash) != old.hash:
        raise ApiError("hash_conflict")
    return _shown(workspace, workspace.surfaces.publish(user.id, body))


def read_view(workspace: Workspace, view: object, types: tuple[str, ...] = ("modal",)) -> JsonObject:
    """Return a view as an app sent it, checked as Slack checks it, block and action ids filled in."""
    if not isinstance(view, dict):
        raise invalid_arguments("must provide an object [json-pointer:/view]")
    if len(json.dumps(view, ensure_ascii=False).encode(errors="surrogatepass")) > VIEW_BYTES:
        raise ApiError("view_too_large")
    hints = check_view(view, types, confirm_in_inputs=workspace.conditions.confirm_in_inputs)
    if hints:
        raise invalid_arguments(*hints)
    return view | {"blocks": with_ids(view["blocks"], workspace.ids)}


def _modal(workspace: Workspace, arguments: Arguments) -> JsonObject:
    body = read_view(workspace, arguments.structure("view", "invalid_arguments"))
    _claim_external_id(workspace, body, None)
    return body


def _claim_external_id(workspace: Workspace, body: JsonObject, owner: View | None) -> None:
    external_id = body.get("external_id")
    holder = workspace.surfaces.find_external(external_id) if external_id else None
    if holder is not None and (owner is None or holder.id != owner.id):
        raise ApiError("duplicate_external_id")


def _open_view(workspace: Workspace, arguments: Arguments) -> View:
    if "view_id" in arguments:
        view = workspace.surfaces.find(arguments.text("view_id"))
    else:
        view = workspace.surfaces.find_external(arguments.required("external_id"))
    if view is None:
        raise ApiError("not_found")
    return view


def _shown(workspace: Workspace, view: View) -> JsonObject:
    return {"view": view.wire(workspace.app)}
