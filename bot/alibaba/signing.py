"""ACS3-HMAC-SHA256: pure functions, and the `httpx.Auth` that applies them to each attempt.

Source: Alibaba Cloud, "V3 request structure and signature".
"""

import hmac
import secrets
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import parse_qsl, quote, urlencode

import httpx

ALGORITHM = "ACS3-HMAC-SHA256"
Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Keys:
    """What a request is signed with. Its repr shows no secret; `security_token` is that of STS, if any."""

    access_key_id: str
    access_key_secret: str = field(repr=False)
    security_token: str | None = field(default=None, repr=False)


def encoded(text: str) -> str:
    """Return the text percent-encoded by RFC 3986: everything but letters, digits and `-_.~`."""
    return quote(text, safe="~")


def form(parameters: Pairs) -> bytes:
    """Return a form body with its names in order, as the official SDK writes it."""
    return urlencode(sorted(parameters), errors="replace").encode()


def canonical_query(query: Pairs) -> str:
    """Return the query as it is signed; on the wire a space may be `+`, here it is `%20`."""
    return "&".join(f"{encoded(name)}={encoded(value)}" for name, value in sorted(query))


def canonical_request(
    method: str, path: str, query: Pairs, headers: Mapping[str, str], body_hash: str
) -> str:
    """Return the canonical request; exactly the given headers are signed."""
    signed = {name.lower(): value.strip() for name, value in headers.items()}
    lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
    return "\n".join([method, path, canonical_query(query), lines, ";".join(sorted(signed)), body_hash])


def string_to_sign(request: str) -> str:
    """Return the algorithm and the hash of the canonical request."""
    return f"{ALGORITHM}\n{sha256(request.encode()).hexdigest()}"


def authorization(
    keys: Keys, method: str, path: str, query: Pairs, headers: Mapping[str, str], body_hash: str
) -> str:
    """Return the value of the Authorization header."""
    request = canonical_request(method, path, query, headers, body_hash)
    signature = hmac.new(
        keys.access_key_secret.encode(), string_to_sign(request).encode(), sha256
    ).hexdigest()
    names = ";".join(sorted(name.lower() for name in headers))
    return f"{ALGORITHM} Credential={keys.access_key_id},SignedHeaders={names},Signature={signature}"


def _now() -> datetime:
    return datetime.now(UTC)


class Signature(httpx.Auth):
    """Signs host, content-type and every x-acs-* header; date and nonce are new with every attempt.

    `accept` and `user-agent` stay unsigned, unlike the SDK's: proxies rewrite them.
    """

    requires_request_body = True

    def __init__(
        self,
        keys: Keys,
        now: Callable[[], datetime] = _now,
        nonce: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        self._keys = keys
        self._now = now
        self._nonce = nonce

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the headers that the signature is made of, then the signature."""
        body_hash = sha256(request.content).hexdigest()
        request.headers["x-acs-date"] = self._now().strftime("%Y-%m-%dT%H:%M:%SZ")
        request.headers["x-acs-signature-nonce"] = self._nonce()
        request.headers["x-acs-content-sha256"] = body_hash
        if self._keys.security_token:
            request.headers["x-acs-accesskey-id"] = self._keys.access_key_id
            request.headers["x-acs-security-token"] = self._keys.security_token
        request.headers["Authorization"] = authorization(
            self._keys,
            request.method,
            request.url.path,
            parse_qsl(request.url.query.decode(), keep_blank_values=True),
            {name: value for name, value in request.headers.items() if _is_signed(name)},
            body_hash,
        )
        yield request


def _is_signed(name: str) -> bool:
    return name in ("host", "content-type") or name.startswith("x-acs-")
