"""The local cloud turns down every signature that the gateway would, each with the gateway's own code."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.alibaba.signing import Keys, Signature
from bot.playground.cloud import Account, LocalCloud

Headers = httpx.Headers
KEYS = Keys(Account().access_key_id, Account().access_key_secret)


@pytest.fixture
async def local() -> AsyncIterator[LocalCloud]:
    """A cloud."""
    async with LocalCloud() as local:
        yield local


def signed(
    local: LocalCloud, keys: Keys = KEYS, at: datetime | None = None, nonce: str = "n"
) -> httpx.Request:
    """A ListImage call, signed."""
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-acs-action": "ListImage",
        "x-acs-version": "2021-09-01",
    }
    request = httpx.Request("POST", f"{local.url}/?Distro=a+b", content=b"PageSize=10", headers=headers)
    signature = Signature(keys, now=lambda: at or datetime.now(UTC), nonce=lambda: nonce)
    return next(signature.sync_auth_flow(request))


async def send(request: httpx.Request) -> tuple[int, str]:
    """Status and code of the answer."""
    async with httpx.AsyncClient(trust_env=False) as client:
        response = await client.send(request)
    return response.status_code, str(response.json()["Code"])


def tamper(name: str, value: str | None) -> Callable[[Headers], None]:
    """Change or drop a header after signing."""

    def apply(headers: Headers) -> None:
        if value is None:
            del headers[name]
        else:
            headers[name] = value

    return apply


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        (tamper("x-acs-request-id", "unsigned"), (400, "IncompleteSignature")),
        (tamper("authorization", None), (400, "IncompleteSignature")),
        (tamper("authorization", "ACS3-HMAC-SHA256 Credential=x"), (400, "IncompleteSignature")),
        (tamper("x-acs-signature-nonce", None), (400, "IncompleteSignature")),
        (tamper("x-acs-date", "yesterday"), (400, "InvalidTimeStamp.Format")),
        (tamper("x-acs-content-sha256", "0" * 64), (400, "SignatureDoesNotMatch")),
        (tamper("x-acs-signature-nonce", "another"), (400, "SignatureDoesNotMatch")),
        (tamper("x-acs-action", "DeleteImage"), (400, "SignatureDoesNotMatch")),
    ],
)
async def test_tampered_request_is_turned_down(
    local: LocalCloud, change: Callable[[Headers], None], answer: tuple[int, str]
) -> None:
    """Whatever was changed after signing; the ledger has the same verdict."""
    request = signed(local)
    change(request.headers)

    assert await send(request) == answer
    assert [call.verdict for call in local.ledger] == [answer[1]]


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (Keys("LTAI-nobody", "x"), (404, "InvalidAccessKeyId.NotFound")),
        (Keys(KEYS.access_key_id, "wrong"), (400, "SignatureDoesNotMatch")),
        (Keys(KEYS.access_key_id, KEYS.access_key_secret, "token"), (400, "InvalidSecurityToken.Malformed")),
    ],
)
async def test_wrong_keys_are_turned_down(local: LocalCloud, keys: Keys, answer: tuple[int, str]) -> None:
    """Unknown id, wrong secret, a token that is not the account's."""
    assert await send(signed(local, keys)) == answer


@pytest.mark.parametrize(
    ("skew", "code"),
    [
        (timedelta(minutes=14), "200"),
        (timedelta(minutes=-14), "200"),
        (timedelta(minutes=16), "InvalidTimeStamp.Expired"),
        (timedelta(minutes=-16), "InvalidTimeStamp.Expired"),
    ],
)
async def test_clock_may_be_a_quarter_of_an_hour_off(local: LocalCloud, skew: timedelta, code: str) -> None:
    """Not more, in either direction."""
    assert (await send(signed(local, at=datetime.now(UTC) + skew)))[1] == code


async def test_nonce_counts_once(local: LocalCloud) -> None:
    """A replayed request is turned down."""
    first, again, other = (signed(local, nonce=nonce) for nonce in ("a", "a", "b"))

    assert [await send(request) for request in (first, again, other)] == [
        (200, "200"),
        (400, "SignatureNonceUsed"),
        (200, "200"),
    ]


async def test_operation_or_version_that_is_not_there_is_told(local: LocalCloud) -> None:
    """DescribeDesktops belongs to ecd's version, not to App Streaming's."""
    headers = {"x-acs-action": "DescribeDesktops", "x-acs-version": "2021-09-01"}
    request = httpx.Request("POST", f"{local.url}/", headers=headers)

    assert await send(next(Signature(KEYS).sync_auth_flow(request))) == (404, "InvalidApi.NotFound")
