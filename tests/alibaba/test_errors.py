"""Each documented code by name: what it becomes, who can act, whether to send again."""

import json
from typing import Any

import pytest

from bot.alibaba.answers import read
from bot.alibaba.errors import (
    CREATE_IMAGE,
    EXPLANATIONS,
    FAMILIES,
    GATEWAY,
    POWER,
    UNKNOWN_CODE_SECONDS,
    refusal,
)
from bot.errors import CloudBusy, CloudError, CloudRefused, CloudUnknown, Fault, Retry
from bot.playground.cloud.envelopes import DOCUMENTED

REFUSED, BUSY, UNKNOWN = CloudRefused, CloudBusy, CloudUnknown
REQUESTER, OPERATOR, CLOUD, NOBODY = Fault.REQUESTER, Fault.OPERATOR, Fault.CLOUD, Fault.NOBODY
NEVER, LATER, LOOK_FIRST = Retry.NEVER, Retry.LATER, Retry.LOOK_FIRST

CODES = [
    # CreateImageByInstance reference page, "Error codes": all with HTTP 400
    ("Instance.NotFound", 400, REFUSED, REQUESTER, NEVER),
    ("DesktopInstance.NotFound", 400, REFUSED, REQUESTER, NEVER),
    ("Instance.ImageUnsupported", 400, REFUSED, REQUESTER, NEVER),
    ("Instance.PhysicalNodeNotExist", 400, REFUSED, OPERATOR, NEVER),
    ("ImageCreateByInstance.TaskExist", 400, BUSY, NOBODY, LOOK_FIRST),
    ("ExceedBuilderQuota", 400, BUSY, NOBODY, LATER),
    ("InvalidBaseImage.NotConfigured", 400, REFUSED, OPERATOR, NEVER),
    ("CreateDesktopImageRecord.Failed", 400, REFUSED, CLOUD, NEVER),
    ("Image.NotExist", 400, REFUSED, OPERATOR, NEVER),
    ("ImageRegionDistribute.NotAllow", 400, REFUSED, OPERATOR, NEVER),
    ("ImageUpdateFailed.NotAllow", 400, REFUSED, OPERATOR, NEVER),
    ("ImageUpdateSharedImageFailed.NotAllow", 400, REFUSED, OPERATOR, NEVER),
    ("ParentImageRegionDistribute.NotExist", 400, REFUSED, OPERATOR, NEVER),
    ("InternalError", 400, UNKNOWN, CLOUD, LOOK_FIRST),
    # ListImage
    ("InvalidBizType", 400, REFUSED, OPERATOR, NEVER),
    ("Forbidden.NoPermission", 403, REFUSED, OPERATOR, NEVER),
    # the gateway
    ("Throttling", 400, BUSY, NOBODY, LATER),
    ("Throttling.User", 400, BUSY, NOBODY, LATER),
    ("Throttling.Api", 503, BUSY, NOBODY, LATER),
    ("Rejected.Throttling", 400, BUSY, NOBODY, LATER),
    ("ServiceUnavailable", 503, UNKNOWN, CLOUD, LOOK_FIRST),
    ("InvalidTimeStamp.Format", 400, REFUSED, OPERATOR, NEVER),
    ("InvalidTimeStamp.Expired", 400, REFUSED, OPERATOR, NEVER),
    ("SignatureNonceUsed", 400, UNKNOWN, CLOUD, LOOK_FIRST),
    ("SignatureDoesNotMatch", 400, REFUSED, OPERATOR, NEVER),
    ("IncompleteSignature", 400, REFUSED, OPERATOR, NEVER),
    ("InvalidAccessKeyId.NotFound", 404, REFUSED, OPERATOR, NEVER),
    ("InvalidAccessKeyId.Inactive", 400, REFUSED, OPERATOR, NEVER),
    ("InvalidSecurityToken.Expired", 400, REFUSED, OPERATOR, NEVER),
    ("MissingSecurityToken", 400, REFUSED, OPERATOR, NEVER),
    ("InvalidApi.NotFound", 404, REFUSED, OPERATOR, NEVER),
    ("InvalidProtocol.NeedSsl", 404, REFUSED, OPERATOR, NEVER),
    ("MissingInstanceId", 400, REFUSED, OPERATOR, NEVER),
    ("InvalidParameter", 400, REFUSED, OPERATOR, NEVER),
    ("NoPermission", 403, REFUSED, OPERATOR, NEVER),
    ("Forbidden.RAM", 403, REFUSED, OPERATOR, NEVER),
    # ecd StopDesktops, StartDesktops
    ("InvalidDesktopId.NotFound", 400, REFUSED, REQUESTER, NEVER),
    ("IncorrectDesktopStatus", 400, BUSY, NOBODY, LOOK_FIRST),
    ("InvalidRegionId", 400, REFUSED, OPERATOR, NEVER),
    # no page lists these: the status decides
    ("Something.New", 400, BUSY, CLOUD, LATER),
    ("Something.New", 403, REFUSED, OPERATOR, NEVER),
    ("Something.New", 429, BUSY, NOBODY, LATER),
    ("Something.New", 500, UNKNOWN, CLOUD, LOOK_FIRST),
]


@pytest.mark.parametrize(("code", "status", "raises", "fault", "retry"), CODES)
def test_code_becomes_the_exception_that_says_what_to_do(
    code: str, status: int, raises: type[CloudError], fault: Fault, retry: Retry
) -> None:
    """Whatever the envelope around it; the message and the request id come along."""
    body = {"Code": code, "Message": "Why not.", "RequestId": "R-1", "HostId": "h"}

    with pytest.raises(CloudError) as caught:
        read("CreateImageByInstance", status, {}, json.dumps(body).encode())
    error = caught.value

    assert type(error) is raises
    assert (error.code, error.status, error.message, error.request_id) == (code, status, "Why not.", "R-1")
    assert (error.operation, error.fault, error.retry) == ("CreateImageByInstance", fault, retry)
    assert error.explanation in EXPLANATIONS


@pytest.mark.parametrize("code", sorted(CREATE_IMAGE))
def test_documented_code_means_the_same_inside_http_200(code: str) -> None:
    """Success false is an error whatever the status."""
    body = {"Code": code, "Success": False, "RequestId": "R-1"}

    with pytest.raises(refusal(code, 200).raises) as caught:
        read("CreateImageByInstance", 200, {}, json.dumps(body).encode())

    assert caught.value.code == code


def test_table_above_names_every_code_of_the_catalog() -> None:
    """The 14 of the page, and the gateway's."""
    named = {row[0] for row in CODES}

    assert len(CREATE_IMAGE) == 14
    assert named >= CREATE_IMAGE.keys() | POWER.keys() | GATEWAY.keys()
    assert all(any(code.startswith(family) for code in named) for family in FAMILIES)


def test_local_cloud_knows_the_same_documented_codes() -> None:
    """Two lists, written apart."""
    assert DOCUMENTED.keys() == CREATE_IMAGE.keys()


@pytest.mark.parametrize(
    ("code", "raises"), [(500, UNKNOWN), ("503", UNKNOWN), (403, REFUSED), ("9" * 5000, UNKNOWN)]
)
def test_number_as_code_inside_http_200_counts_as_a_status(code: Any, raises: type[CloudError]) -> None:
    """Alibaba writes Code as a number and as text."""
    body = {"Code": code, "Success": False, "RequestId": "R-1"}

    with pytest.raises(raises):
        read("ListImage", 200, {}, json.dumps(body).encode())


def test_refusal_that_no_page_lists_is_tried_on_slowly() -> None:
    """It made nothing, and nobody knows whether it passes: final refusals are a list."""
    with pytest.raises(CloudBusy) as caught:
        read("CreateImageByInstance", 400, {}, b'{"Code": "Something.New", "RequestId": "R-1"}')

    assert caught.value.retry_after == UNKNOWN_CODE_SECONDS
