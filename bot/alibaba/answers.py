"""From the bytes of an answer to its body, or to the exception that says what went wrong. No I/O.

Envelope: Alibaba Cloud, "Common responses" ({RequestId, HostId, Code, Message}, JSON or XML), plus the
product's own {Success, Code, Message, Data, RequestId}. HTTP 200 with Success false is an error; Code may
be a number or text; "Message": "NULL" is no message.
"""

import html
import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.alibaba.errors import NOT_THE_CLOUD, UNREADABLE, Refusal, refusal
from bot.domain.untrusted_json import from_json
from bot.errors import CloudError

Body = Mapping[str, Any]
Redact = Callable[[str], str]
"""Takes the secrets out of a text; applied before anything is cut, or half a secret would be left."""
_NO_MESSAGE = ("", "null", "none", "success", "successful", "ok")
_NO_ERROR = ("", "200", "ok", "success")
_DENIED = ("AuthAction", "AuthPrincipalDisplayName", "AuthPrincipalType", "NoPermissionType", "PolicyType")
_LONGEST_WAIT = 120.0
_LONGEST_MESSAGE = 500
_LONGEST_READ = 20_000


def read(
    operation: str, status: int, headers: Mapping[str, str], content: bytes, redact: Redact = str
) -> Body:
    """Return the body of a call that succeeded; raises the `CloudError` of one that did not."""
    body = _decoded(content)
    if body is None or (status < 300 and not _is_consistent(body)):
        return _raise_unreadable(operation, status, content, redact)
    if status < 300 and not _code(body):
        return body
    code = _code(body)
    raise error(
        refusal(code, status),
        redact(code) or f"HTTP {status}",
        operation,
        message=message_of(body, redact),
        status=status,
        request_id=_text(body.get("RequestId")),
        retry_after=_retry_after(headers),
    )


def error(meaning: Refusal, code: str, operation: str, **known: Any) -> CloudError:  # noqa: ANN401 - CloudError's
    """Return the exception for a refusal."""
    known["retry_after"] = known.get("retry_after") or meaning.wait
    return meaning.raises(
        code,
        operation=operation,
        fault=meaning.fault,
        retry=meaning.retry,
        explanation=meaning.explanation,
        **known,
    )


def message_of(body: Body, redact: Redact = str) -> str:
    """Return the cloud's own message, including who lacked which permission if it says so."""
    message = redact(str(body.get("Message") or "")[:_LONGEST_READ]).strip()
    said = "" if message.lower() in _NO_MESSAGE else message[:_LONGEST_MESSAGE]
    whole = " ".join(filter(None, [said, redact(_denial(body.get("AccessDeniedDetail")))]))
    return whole.encode("utf-8", "replace").decode()  # JSON can carry lone surrogates, nothing behind us can


def _code(body: Body) -> str:
    """Return the error code, "" when Code says that there is no error."""
    code = str(body.get("Code", "")).strip()
    return "" if code.lower() in _NO_ERROR else code


def _is_consistent(body: Body) -> bool:
    """Tell whether the body has a RequestId, as all of the cloud's answers should, or says that it is a
    success; and doesn't claim both success and an error.
    """
    said = str(body.get("Success", "")).lower()
    claims = said == "true" if said else not _code(body)
    return bool(body.get("RequestId") or said == "true") and claims is not bool(_code(body))


def _raise_unreadable(operation: str, status: int, content: bytes, redact: Redact) -> Body:
    """Raise for something that isn't an answer of the cloud's.

    With 3xx and 4xx something in between rejected the call; with anything else the outcome is unknown.
    """
    start = redact(content[:_LONGEST_READ].decode("utf-8", "replace"))[:200].strip()
    meaning = NOT_THE_CLOUD if 300 <= status < 500 else UNREADABLE
    if status == 429:
        meaning = refusal("Throttling", status)
    raise error(meaning, f"HTTP {status}", operation, message=start, status=status)


def _decoded(content: bytes) -> Body | None:
    body = from_json(content)
    if body is None:
        return _decoded_xml(content)
    return body if isinstance(body, dict) else None


def _decoded_xml(content: bytes) -> Body | None:
    """Return the flat `<Error>` that the gateway sends to callers whose Accept header it didn't see."""
    text = content.decode("utf-8", "replace")
    found = re.findall(r"<(Code|Message|RequestId)>([^<]*)</\1>", text)
    body = {name: html.unescape(value) for name, value in found}
    return body if "Code" in body else None


def _denial(detail: object) -> str:
    """AccessDeniedDetail in one line, without EncodedDiagnosticMessage, which is for the account's owner."""
    if isinstance(detail, str):
        detail = _decoded(detail.encode())
    if not isinstance(detail, dict):
        return ""
    return "(" + ", ".join(f"{key} {str(detail[key])[:100]}" for key in _DENIED if detail.get(key)) + ")"


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """`x-acs-retry-after` in milliseconds (Python SDK), else `Retry-After` in seconds; as seconds."""
    for name, unit in (("x-acs-retry-after", 1000.0), ("retry-after", 1.0)):
        value = headers.get(name, "")
        if value.isdecimal():
            return min(float(value[:12]) / unit, _LONGEST_WAIT)
    return None


def _text(value: object) -> str | None:
    return str(value) if value else None
