"""Checks ACS3-HMAC-SHA256 signatures like the gateway; written only from the published description.

Source: Alibaba Cloud, "V3 request structure and signature"; common error codes for what is wrong with one.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from bot.playground.cloud.accounts import Account, Accounts
from bot.playground.cloud.envelopes import Refused

SKEW = timedelta(minutes=15)
_AUTHORIZATION = re.compile(
    r"ACS3-HMAC-SHA256\s+Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})"
)
_REQUIRED = {
    "host",
    "x-acs-action",
    "x-acs-version",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-content-sha256",
}


def canonical_text(
    method: str,
    path: str,
    query: Sequence[tuple[str, str]],
    headers: Mapping[str, str],
    signed: Sequence[str],
    body_hash: str,
) -> str:
    """Return the six parts of the canonical request."""
    escaped = [(quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in sorted(query)]
    return "\n".join(
        (
            method,
            path,
            "&".join(name + "=" + value for name, value in escaped),
            "\n".join(f"{name}:{headers[name].strip()}" for name in signed) + "\n",
            ";".join(signed),
            body_hash,
        )
    )


class Verifier:
    """Knows the keys and remembers the nonces."""

    def __init__(self, accounts: Accounts, now: Callable[[], datetime]) -> None:
        self._accounts = accounts
        self._now = now
        self._nonces: dict[str, datetime] = {}

    def verify(
        self,
        method: str,
        path: str,
        query: Sequence[tuple[str, str]],
        headers: Mapping[str, str],
        body: bytes,
    ) -> Account:
        """Return who signed the request. Raises `Refused`; header names are in lower case."""
        parsed = _AUTHORIZATION.fullmatch(headers.get("authorization", ""))
        if not parsed:
            raise Refused("IncompleteSignature")
        key_id, names, signature = parsed.groups()
        account = self._accounts.get(key_id)
        if account is None:
            raise Refused("InvalidAccessKeyId.NotFound")
        if account.inactive:
            raise Refused("InvalidAccessKeyId.Inactive")
        signed = names.split(";")
        _check_headers(headers, signed, with_body=bool(body))
        self._check_time(headers["x-acs-date"])
        _check_token(account, headers)
        body_hash = hashlib.sha256(body).hexdigest()
        if headers["x-acs-content-sha256"] != body_hash:
            raise Refused("SignatureDoesNotMatch", "The hash of the body is not x-acs-content-sha256.")
        _check_signature(account, canonical_text(method, path, query, headers, signed, body_hash), signature)
        self._check_nonce(headers["x-acs-signature-nonce"])
        return account

    def _check_time(self, date: str) -> None:
        try:
            sent = datetime.strptime(date, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            raise Refused("InvalidTimeStamp.Format") from None
        if abs(self._now() - sent) > SKEW:
            raise Refused("InvalidTimeStamp.Expired")

    def _check_nonce(self, nonce: str) -> None:
        now = self._now()
        self._nonces = {seen: at for seen, at in self._nonces.items() if now - at <= 2 * SKEW}
        if nonce in self._nonces:
            raise Refused("SignatureNonceUsed")
        self._nonces[nonce] = now


def _check_headers(headers: Mapping[str, str], signed: Sequence[str], *, with_body: bool) -> None:
    """Check that host, every x-acs-* header and a body's content-type are there and signed, in order."""
    common = {"content-type"} if with_body else set()
    sent = {name for name in headers if name.startswith("x-acs-") or name in common}
    named = set(signed)
    if list(signed) != sorted(signed) or not (_REQUIRED | sent) <= named <= set(headers):
        raise Refused("IncompleteSignature")


def _check_token(account: Account, headers: Mapping[str, str]) -> None:
    if headers.get("x-acs-security-token") != account.security_token:
        raise Refused("InvalidSecurityToken.Malformed")
    if account.expired:
        raise Refused("InvalidSecurityToken.Expired")


def _check_signature(account: Account, text: str, signature: str) -> None:
    to_sign = "ACS3-HMAC-SHA256\n" + hashlib.sha256(text.encode()).hexdigest()
    wanted = hmac.new(account.access_key_secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted, signature):
        raise Refused(
            "SignatureDoesNotMatch",
            "Specified signature is not matched with our calculation. "
            f"server StringToSign is [{to_sign}], server CanonicalRequest is [{text}]",
        )
