"""What happens to a modal once the app has answered its submission."""

from bot.playground.slack.delivery import Ack
from bot.playground.slack.screen import TROUBLE, Submission
from bot.playground.slack.view import View
from bot.playground.slack.web_api.views import read_view
from bot.playground.slack.wire import ApiError, JsonObject
from bot.playground.slack.workspace import Workspace


def submitted(workspace: Workspace, view: View, ack: Ack) -> Submission:
    """Close, clear, update or push, depending on the answer's ``response_action``, or show its errors."""
    if ack.error is not None:
        return Submission("failed", error=ack.error, view=view)
    try:
        return _followed(workspace, view, ack.payload or {})
    except ApiError as refusal:
        messages = refusal.answer().get("response_metadata", {}).get("messages", [])
        workspace.refused("response_action", refusal.error, messages or [TROUBLE], ack.payload or {})
        return Submission("failed", error=refusal.error, view=view)


def _followed(workspace: Workspace, view: View, answer: JsonObject) -> Submission:
    surfaces = workspace.surfaces
    match answer.get("response_action"):
        case None if not answer:
            surfaces.close_view(view)
            return Submission("closed", view=surfaces.modal(view.user))
        case "clear":
            surfaces.close(view.user, all_views=True)
            return Submission("cleared")
        case "errors":
            return Submission("errors", _errors(view, answer.get("errors")), view=view)
        case "update":
            return Submission("updated", view=surfaces.update(view, read_view(workspace, answer.get("view"))))
        case "push":
            body = read_view(workspace, answer.get("view"))
            return Submission("pushed", view=surfaces.push(view.user, body))
    raise ApiError("invalid_response_action")


def _errors(view: View, errors: object) -> dict[str, str]:
    """Return errors for the view's input blocks; anything else Slack shows as trouble with the app."""
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
        raise ApiError("invalid_response_action")
    return {str(block_id): str(sentence) for block_id, sentence in errors.items()}
