"""What can be done through the control endpoint: one row per act of a person or admin."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from bot.playground.slack.admin import Admin
from bot.playground.slack.control_views import answer_json, message_json, submission_json, view_json
from bot.playground.slack.people import Person
from bot.playground.slack.state import Message
from bot.playground.slack.surfaces import View
from bot.playground.slack.wire import JsonObject

if TYPE_CHECKING:
    from bot.playground.slack.server import LocalSlack

Act = Callable[["LocalSlack", Person, JsonObject], Awaitable[object]]


def _where(slack: "LocalSlack", person: Person, body: JsonObject) -> Message | View:
    """What is acted on: a message by ``channel`` and ``ts``, a view by ``view_id``, else the open modal."""
    if "ts" in body:
        seen = slack.workspace.conversations.seen_by(person.id, body["channel"])
        found = next((message for message in seen if message.ts == body["ts"]), None)
        if found is None:
            raise LookupError(f"{person.id} sees no message {body['ts']}")
        return found
    view = slack.workspace.surfaces.find(body["view_id"]) if "view_id" in body else person.modal
    if view is None:
        raise LookupError(f"{person.id} has no such view open")
    return view


async def _command(slack: "LocalSlack", person: Person, body: JsonObject) -> object:
    answer = await person.command(body["command"], body.get("text", ""), body["channel"])
    return answer_json(slack.workspace, answer)


async def _click(slack: "LocalSlack", person: Person, body: JsonObject) -> object:
    answer = await person.click(_where(slack, person, body), body["action_id"], body.get("value"))
    return answer_json(slack.workspace, answer)


async def _change(slack: "LocalSlack", person: Person, body: JsonObject) -> object:
    answer = await person.change(_where(slack, person, body), body["block_id"], body.get("value"))
    return answer_json(slack.workspace, answer)


async def _suggest(slack: "LocalSlack", person: Person, body: JsonObject) -> object:
    return await person.suggest(_where(slack, person, body), body["action_id"], body["query"])


async def _fill(slack: "LocalSlack", person: Person, body: JsonObject) -> object:
    return view_json(slack.workspace, person.fill(body["values"]).modal)


async def _submit(slack: "LocalSlack", person: Person, body: JsonObject) -> object:
    submission = await person.fill(body.get("values", {})).submit()
    return submission_json(slack.workspace, submission)


async def _close(slack: "LocalSlack", person: Person, body: JsonObject) -> object:
    await person.close(all_views=bool(body.get("all_views")))
    return view_json(slack.workspace, person.modal)


async def _open_home(slack: "LocalSlack", person: Person, _body: JsonObject) -> object:
    return view_json(slack.workspace, await person.open_home())


async def _say(slack: "LocalSlack", person: Person, body: JsonObject) -> object:
    message = await person.say(body["channel"], body["text"], body.get("thread_ts"))
    return message_json(slack.workspace, message)


async def _shortcut(slack: "LocalSlack", person: Person, body: JsonObject) -> object:
    message = _where(slack, person, body) if "ts" in body else None
    answer = await person.shortcut(body["callback_id"], message if isinstance(message, Message) else None)
    return answer_json(slack.workspace, answer)


async def _send_raw(slack: "LocalSlack", person: Person, body: JsonObject) -> object:
    return answer_json(slack.workspace, await person.send_raw(body["kind"], body["payload"]))


ACTS: Mapping[str, Act] = {
    "command": _command,
    "click": _click,
    "change": _change,
    "suggest": _suggest,
    "fill": _fill,
    "submit": _submit,
    "close": _close,
    "open_home": _open_home,
    "say": _say,
    "shortcut": _shortcut,
    "send_raw": _send_raw,
}
"""``do`` -> act; the arguments are those of the ``Person`` method, ``ts`` or ``view_id`` saying where."""

ADMIN: Mapping[str, Callable[..., None]] = {
    "archive": Admin.archive,
    "remove": Admin.remove,
    "invite": Admin.invite,
    "delete_message": Admin.delete_message,
    "deactivate": Admin.deactivate,
    "make_guest": Admin.make_guest,
    "move_to_team": Admin.move_to_team,
    "set_locale": Admin.set_locale,
    "set_usergroup_users": Admin.set_usergroup_users,
    "set_paid_plan": Admin.set_paid_plan,
}
