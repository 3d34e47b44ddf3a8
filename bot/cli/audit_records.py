"""Audit entries for readers who have never seen Slack: flat columns, and one request's story in sentences."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from bot.cli.refusal_words import in_words
from bot.domain.request import BOT, OPERATOR
from bot.store.audit import Entry

DECISIONS = {
    "reviewed": "approve",
    "bypassed": "approve",
    "rejected": "reject",
    "signed_off": "approve",
}
FACTS = ("status_from", "status_to", "revision", "instance_id", "instance_type", "sub_instance_id",
         "image_name", "description", "disk_type", "auto_clean_userdata", "tags", "stop_first", "regions",
         "start_at", "break_glass", "reason", "behalf_of", "usergroups", "rule", "approvers", "action",
         "resource", "decided", "statements", "why", "channel", "to", "until", "times", "image_id", "task_id",
         "cloud_request_id", "code", "message", "error")  # fmt: skip
TIMES = ("start_at", "until")
COLUMNS = ("seq", "time", "actor", "event", "request_id", "decision", *FACTS, "details", "previous", "hash")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet would take a cell that begins like this for a formula."""

SENTENCES = {
    "submitted": "{actor} asked for an image of {instance} named “{image_name}”. Reason given: {reason}. "
    "Approval rule: {rule}.",
    "inspected": "Alibaba Cloud said that the instance is {instance_state}.",
    "reviewed": "{actor} approved{behalf}{groups}. Reason given: {reason}.",
    "approved": "The rule's conditions were met, counting the approvals of {approvers}.",
    "bypassed": "{actor} skipped approval (emergency access). Reason given: {reason}.",
    "rejected": "{actor} rejected it{behalf}{groups}. Reason given: {reason}.",
    "refused": "{actor} tried {action} and was refused: {why}.",
    "refused_again": "{actor} tried {action} another {times} times, and was refused: {why}.",
    "reminded": "The bot reminded those who could still approve.",
    "escalated": "The bot turned to more people, as the rule says.",
    "queued": "The bot put it in line: {reason}{answer}.",
    "stopping": "The bot asked Alibaba Cloud to stop the instance.",
    "stopped": "The instance was stopped.",
    "creating": "The bot asked Alibaba Cloud to make the image.",
    "restarted": "The call before had made no image, so the bot could ask again.",
    "looked_up": "The bot looked whether the call had made an image{answer}.",
    "stalled": "Alibaba Cloud refused to say how the image is doing: {code}. {message}",
    "issued": "Alibaba Cloud began image {image_id} (cloud request {cloud_request_id}).",
    "available": "The image is available.",
    "appeared": "The image {image_id} is available after all.",
    "retried": "{actor} tried it again.",
    "distributing": "The bot asked Alibaba Cloud to copy the image to {regions}.",
    "distributed": "The image was copied to {regions}.",
    "distribution_failed": "The image wasn't copied to {regions}: {code}. {message}",
    "starting": "The bot asked Alibaba Cloud to start the instance again.",
    "started": "The instance is running again.",
    "start_failed": "The instance isn't running again: {code}. {message}",
    "start_abandoned": "The bot gave up starting the instance: {code}. {message}",
    "undeliverable": "Slack doesn't take what the bot posts in {channel}: {code}.",
    "failed": "It failed: {code}. {message}",
    "expired": "It expired: not enough people approved in time.",
    "cancelled": "{actor} cancelled it. Reason given: {reason}.",
    "reopened": "An approval was taken back, because the approver no longer had the right.",
    "signed_off": "{actor} reviewed the emergency access afterwards. Reason given: {reason}.",
    "removed": "The request itself was removed, because it was older than this installation keeps requests.",
}
"""What happened, by event; an event without a sentence is told with its facts."""


def record(entry: Entry) -> dict[str, Any]:
    """Return an entry for JSON, with its time as people read it and what was decided."""
    details = _details(entry.details)
    return {
        **asdict(entry),
        "details": details,
        "time": _time(entry.at),
        "decision": DECISIONS.get(entry.event),
    }


def flat(entry: Entry) -> list[object]:
    """Return an entry's cells, one fact each, in the order of `COLUMNS`."""
    facts = _facts(entry)
    facts |= facts["image"] if isinstance(facts.get("image"), dict) else {}
    facts |= {name: _time(facts[name]) for name in TIMES if facts.get(name) is not None}
    cells: dict[str, object] = {
        **{name: _cell(facts.get(name)) for name in FACTS},
        **asdict(entry),
        "time": _time(entry.at),
        "decision": DECISIONS.get(entry.event, ""),
    }
    return [_plain(cells[name]) for name in COLUMNS]


def story(request_id: str, entries: Sequence[Entry]) -> list[str]:
    """Return a request's story, a line for each thing that happened, and who let it through."""
    lines = [f"Request {request_id}", ""]
    lines += [f"{_time(entry.at)}  {_sentence(entry)}{_rights(entry)}" for entry in entries]
    return [*lines, "", _verdict(entries)]


def _verdict(entries: Sequence[Entry]) -> str:
    """Answer who let it through, by which rule, with which rights at that moment."""
    rule = (
        next((_facts(each).get("rule") for each in entries if each.event == "submitted"), None) or "unknown"
    )
    bypassed = [each.actor for each in entries if each.event == "bypassed"]
    if bypassed:
        who = ", ".join(bypassed)
        return f"Let through by {who}, without approval (emergency access; the rule was “{rule}”)."
    passed = [each for each in entries if each.event == "approved"]
    if not passed:
        return "Nobody let it through."
    approvers = _facts(passed[-1]).get("approvers") or ()
    if not approvers:
        return f"Let through by the rule “{rule}”, which asks for no approval."
    reviews = [each for each in entries if each.event == "reviewed" and each.actor in approvers]
    rights = dict.fromkeys(name for each in reviews for name in _facts(each).get("statements") or ())
    by_right = f"; allowed by {_statements(list(rights))}" if rights else ""
    return f"Let through by {', '.join(approvers)}, as the rule “{rule}” asks{by_right}."


def _sentence(entry: Entry) -> str:
    sentence = SENTENCES.get(entry.event)
    facts = _facts(entry)
    if sentence is None:
        told = ", ".join(
            f"{name} {_cell(value)}" for name, value in facts.items() if value not in (None, "", [])
        )
        return f"{entry.event.replace('_', ' ')} by {_who(entry.actor)}" + (f": {told}" if told else "")
    said = {name: _cell(value) or "none" for name, value in facts.items()}
    return sentence.format_map(_Unsaid(said | _phrases(entry, facts)))


def _phrases(entry: Entry, facts: Mapping[str, Any]) -> dict[str, str]:
    image = facts.get("image") if isinstance(facts.get("image"), dict) else {}
    groups = facts.get("usergroups")
    return {
        "actor": _who(entry.actor),
        "instance": str(image.get("instance_id", "unknown")) if image else "unknown",
        "image_name": str(image.get("image_name", "")) if image else "",
        "instance_state": str(facts.get("instance", "unknown")).lower(),
        "behalf": f" on behalf of {facts['behalf_of']}" if facts.get("behalf_of") else "",
        "groups": f" as a member of {_cell(groups)}" if groups else "",
        "answer": f" ({_cell(facts['error'])})" if facts.get("error") else "",
        "why": in_words(_cell(facts.get("why") or facts.get("decided") or "no right")),
    }


def _rights(entry: Entry) -> str:
    """Say which statements of the allowlist decided it, if the log has them."""
    statements = _facts(entry).get("statements")
    return f" Decided by {_statements(statements)}." if statements else ""


def _statements(names: object) -> str:
    """Return statements as people count them: `approver[0]` is the first of the policy approver."""
    found = re.findall(r"(.+)\[(\d+)\](?:, |$)", _cell(names)) if isinstance(names, list) else []
    told = [f"statement {int(index) + 1} of the policy {policy}" for policy, index in found]
    return " and ".join(told) or _cell(names)


class _Unsaid(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "none"


def _facts(entry: Entry) -> dict[str, Any]:
    details = _details(entry.details)
    if not isinstance(details, dict):
        return {}
    facts = dict(details)
    if "decision" in facts:
        facts["decided"] = facts.pop("decision")  # the policies' answer; ours is approve or reject
    status = facts.pop("status", None)
    if isinstance(status, dict):
        facts |= {"status_from": status.get("from"), "status_to": status.get("to")}
    return facts


def _details(written: object) -> object:
    """Return what was recorded, or the plain text when it isn't valid JSON: an export shows what is there."""
    try:
        return json.loads(written) if isinstance(written, str) else repr(written)
    except ValueError:
        return written


def _who(actor: str) -> str:
    return {BOT: "The bot", OPERATOR: "An operator, at the bot's own shell,"}.get(actor, actor)


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case list() | tuple():
            return ", ".join(map(_cell, value))
        case {"key": key, "value": text}:  # a tag
            return f"{key}={text}"
        case dict():
            return json.dumps(value, ensure_ascii=False, sort_keys=True)
        case _:
            return str(value)


def _plain(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _time(at: object) -> str:
    try:
        return (
            datetime.fromtimestamp(float(str(at)), UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        )
    except (ValueError, OverflowError, OSError):
        return str(at)
