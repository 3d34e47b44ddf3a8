"""Every shape of answer ends in a body or in one named exception."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alibaba.answers import Body, read
from bot.errors import CloudBusy, CloudError, CloudRefused, CloudUnknown

HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"


def answer(**fields: Any) -> bytes:
    """An envelope."""
    return json.dumps({"RequestId": "R-1"} | fields).encode()


def refused(status: int, content: bytes, **headers: str) -> CloudError:
    """The exception that an answer becomes."""
    with pytest.raises(CloudError) as caught:
        read("ListImage", status, headers, content)
    return caught.value


@pytest.mark.parametrize(
    "fields",
    [
        {"Success": True, "Code": 200, "Message": "NULL"},
        {"Success": True, "Code": "200", "Message": "success"},
        {"Success": "true", "Code": "OK"},
        {"Code": 200},
        {"TotalCount": 0},
        {"Success": True, "Code": "200", "RequestId": ""},
    ],
)
def test_success_is_read_in_every_documented_spelling(fields: dict[str, Any]) -> None:
    """Numbers or text, with or without Success: ListWuyingServer and ecd have neither Success nor Code."""
    assert read("ListImage", 200, {}, answer(**fields)) == {"RequestId": "R-1"} | fields


@pytest.mark.parametrize(
    ("status", "content", "raises", "explanation"),
    [
        (200, HTML, CloudUnknown, "cloud-unreadable"),
        (200, b"", CloudUnknown, "cloud-unreadable"),
        (200, b"null", CloudUnknown, "cloud-unreadable"),
        (200, b"[]", CloudUnknown, "cloud-unreadable"),
        (200, b"{}", CloudUnknown, "cloud-unreadable"),
        (200, b'{"Data": [', CloudUnknown, "cloud-unreadable"),
        (200, b"[" * 100_000, CloudUnknown, "cloud-unreadable"),
        (200, b"\xff\xfe\x00", CloudUnknown, "cloud-unreadable"),
        (200, b'{"Code": "200", "Data": []}', CloudUnknown, "cloud-unreadable"),
        (200, b'{"Success": "yes", "Code": "200"}', CloudUnknown, "cloud-unreadable"),
        (200, b'{"RequestId": "R-1", "Success": false}', CloudUnknown, "cloud-unreadable"),
        (200, b'{"RequestId": "R-1", "Success": false, "Code": 200}', CloudUnknown, "cloud-unreadable"),
        (200, b'{"RequestId": "R-1", "Success": true, "Code": "X"}', CloudUnknown, "cloud-unreadable"),
        (502, HTML, CloudUnknown, "cloud-unreadable"),
        (504, b"", CloudUnknown, "cloud-unreadable"),
        (500, b'{"RequestId": "R-1"}', CloudUnknown, "cloud-server-error"),
        (403, HTML, CloudRefused, "cloud-not-the-cloud"),
        (407, HTML, CloudRefused, "cloud-not-the-cloud"),
        (301, b"", CloudRefused, "cloud-not-the-cloud"),
        (429, HTML, CloudBusy, "cloud-throttled"),
    ],
)
def test_answer_that_is_not_the_clouds_keeps_its_status_and_first_bytes(
    status: int, content: bytes, raises: type[CloudError], explanation: str
) -> None:
    """A proxy's 4xx means that nothing was made; with anything else nobody knows."""
    error = refused(status, content)

    assert type(error) is raises
    assert (error.status, error.explanation) == (status, explanation)
    assert len(error.message) <= 200
    if content is HTML:
        assert "502 Bad Gateway" in error.message


@pytest.mark.parametrize("nothing", ["NULL", "null", "", None, "success", "successful"])
def test_null_is_no_message(nothing: str | None) -> None:
    """The reference page's own sample has the text NULL."""
    assert refused(400, answer(Code="Image.NotExist", Message=nothing)).message == ""


def test_xml_error_is_read_like_json() -> None:
    """The gateway writes it for callers whose Accept it did not see."""
    error = refused(
        400,
        b"<?xml version='1.0'?><Error><RequestId>R-9</RequestId><HostId>h</HostId>"
        b"<Code>Throttling.User</Code><Message>too &lt;many&gt;</Message></Error>",
    )

    assert type(error) is CloudBusy
    assert (error.code, error.message, error.request_id) == ("Throttling.User", "too <many>", "R-9")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x-acs-retry-after": "1500"}, 1.5),
        ({"retry-after": "7"}, 7.0),
        ({"x-acs-retry-after": "9" * 400}, 120.0),
        ({"x-acs-retry-after": "soon"}, None),
        ({"x-acs-retry-after": "-1"}, None),
        ({}, None),
    ],
)
def test_cloud_says_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    """Milliseconds in the cloud's header, seconds in HTTP's; at most two minutes."""
    assert refused(400, answer(Code="Throttling"), **headers).retry_after == seconds


DENIED = {
    "AuthAction": "appstreaming:ListImage",
    "AuthPrincipalDisplayName": "image-bot",
    "NoPermissionType": "ImplicitDeny",
    "PolicyType": "AccountLevelIdentityBasedPolicy",
    "EncodedDiagnosticMessage": "AQEsecret",
}


@pytest.mark.parametrize("detail", [DENIED, json.dumps(DENIED)])
def test_denial_says_who_lacks_what(detail: object) -> None:
    """As an object or as text; the encoded message is for the account's owner, not for a card."""
    message = refused(403, answer(Code="NoPermission", Message="No.", AccessDeniedDetail=detail)).message

    assert message.startswith("No. (AuthAction appstreaming:ListImage, ")
    assert "ImplicitDeny" in message
    assert "AQEsecret" not in message


def test_message_can_always_be_shown() -> None:
    """JSON can escape half a character; nothing that is posted or stored can hold one."""
    content = rb'{"RequestId": "R-1", "Code": "X", "Message": "a \ud800 b"}'

    assert refused(400, content).message == "a ? b"


def test_long_message_is_cut() -> None:
    """A card has room for a sentence."""
    assert len(refused(400, answer(Code="X", Message="m" * 9000)).message) <= 500


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(["Success", "Code", "Message", "RequestId", "Data", "AccessDeniedDetail"])


@given(
    status=st.integers(200, 599),
    content=st.binary(max_size=40)
    | st.dictionaries(names, json_values).map(lambda body: json.dumps(body).encode()),
)
def test_any_answer_at_all_is_a_body_or_a_cloud_error(status: int, content: bytes) -> None:
    """Nothing else escapes."""
    outcome = outcome_of(status, content)

    if isinstance(outcome, CloudError):
        assert outcome.status == status
    else:
        assert status < 300
        assert outcome.get("RequestId") or str(outcome["Success"]).lower() == "true"


def outcome_of(status: int, content: bytes) -> Body | CloudError:
    """The body, or the exception as a value."""
    try:
        return read("ListImage", status, {}, content)
    except CloudError as error:
        return error
