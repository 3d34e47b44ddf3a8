"""Answers to an interaction: what a command's ack says, and what is sent to a response_url."""

import json
from dataclasses import replace

from aiohttp import web

from bot.playground.slack.content import read_content
from bot.playground.slack.exchange import Exchange, Reply
from bot.playground.slack.faults import Faults
from bot.playground.slack.message import Message
from bot.playground.slack.triggers import ResponseUrl
from bot.playground.slack.web_api.arguments import Arguments
from bot.playground.slack.web_api.chat import draft_of, edited
from bot.playground.slack.wire import ApiError, JsonObject
from bot.playground.slack.workspace import Workspace


def reply(workspace: Workspace, url: ResponseUrl, body: JsonObject) -> Message | None:
    """Do what the answer asks for: delete or replace the original message, or post a new one.

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


class ResponseUrlServer:
    """Answers POSTs to response URLs; the ledger lists them as ``response_url``."""

    def __init__(self, workspace: Workspace, faults: Faults) -> None:
        self._workspace = workspace
        self._exchange = Exchange(workspace, faults)

    async def handle(self, request: web.Request) -> web.Response:
        """Serve one POST."""
        raw = await request.read()
        try:
            body = _parsed(raw)
        except ApiError as refusal:
            unread = Reply(refusal.answer(), 400)
            return await self._exchange.run(request, "response_url", {}, lambda: unread)
        url_id = request.match_info["url_id"]
        return await self._exchange.run(request, "response_url", body, lambda: self._answer(url_id, body))

    def _answer(self, url_id: str, body: JsonObject) -> Reply:
        """Do what the answer asks for, or say why not. The two statuses of refusals are our reading."""
        try:
            reply(self._workspace, self._workspace.response_urls.use(url_id), body)
        except ApiError as refusal:
            return Reply(refusal.answer(), 404 if refusal.error in ("expired_url", "used_url") else 400)
        return Reply({"ok": True})


def _parsed(raw: bytes) -> JsonObject:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise ApiError("invalid_payload") from None
    if not isinstance(body, dict):
        raise ApiError("invalid_payload")
    return body
