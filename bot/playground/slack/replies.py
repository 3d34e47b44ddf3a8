"""Answers to an interaction: what a command's ack says, and what is sent to a response_url."""

import json
from dataclasses import replace

from aiohttp import web

from bot.playground.slack.content import read_content
from bot.playground.slack.state import Message
from bot.playground.slack.triggers import ResponseUrl
from bot.playground.slack.web_api.arguments import Arguments
from bot.playground.slack.web_api.chat import draft_of, edited
from bot.playground.slack.wire import ApiError, JsonObject
from bot.playground.slack.workspace import Workspace


def reply(workspace: Workspace, url: ResponseUrl, body: JsonObject) -> Message | None:
    """Do what the answer says: delete or replace the original message, or post a new one.

    New messages are ephemeral unless ``response_type`` is ``in_channel``.
    """
    original = _original(workspace, url)
    if body.get("delete_original") is True:
        if original is None:
            raise ApiError("message_not_found")
        workspace.conversations.delete(original)
        return None
    arguments = Arguments(body)
    content = read_content(arguments, workspace.ids)
    if body.get("replace_original") is True and original is not None:
        return workspace.conversations.change(edited(workspace, original, content))
    draft = draft_of(workspace, url.channel, content, arguments.text("thread_ts") or None)
    in_channel = body.get("response_type") == "in_channel"
    return workspace.conversations.post(draft if in_channel else replace(draft, only_for=url.user))


def _original(workspace: Workspace, url: ResponseUrl) -> Message | None:
    if url.message_ts is None:
        return None
    found = workspace.conversations.find_ephemeral(url.channel, url.message_ts)
    return found or workspace.conversations.find(url.channel, url.message_ts)


async def handle_response_url(workspace: Workspace, request: web.Request) -> web.Response:
    """Serve one POST to a response_url."""
    body: JsonObject = {}
    try:
        body = _parsed(await request.read())
        reply(workspace, workspace.response_urls.use(request.match_info["url_id"]), body)
        answer: JsonObject = {"ok": True}
        status = 200
    except ApiError as refusal:
        answer = refusal.answer()
        status = 404 if refusal.error in ("expired_url", "used_url") else 400
        messages = answer.get("response_metadata", {}).get("messages", [])
        workspace.refused("response_url", refusal.error, messages, body)
    workspace.ledger.called("response_url", body, status, answer)
    return web.json_response(answer, status=status)


def _parsed(raw: bytes) -> JsonObject:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise ApiError("invalid_payload") from None
    if not isinstance(body, dict):
        raise ApiError("invalid_payload")
    return body
