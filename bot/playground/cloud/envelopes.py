"""How the cloud says yes and no.

Sources: Alibaba Cloud, CreateImageByInstance reference page, "Sample success responses" and "Error codes";
common response envelope; common error codes.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DOCUMENTED = {
    "Instance.NotFound": "The instance is not found.",
    "DesktopInstance.NotFound": "The cloud computer instance does not exist.",
    "Instance.ImageUnsupported": "A non-centralized image does not support this type of operation.",
    "Instance.PhysicalNodeNotExist": "The instance physical node does not exist.",
    "ImageCreateByInstance.TaskExist": "The image task of instance creation already exists.",
    "ExceedBuilderQuota": "The maximum number of builders is reached.",
    "InvalidBaseImage.NotConfigured": "Configuration required for Vhd/Container images.",
    "CreateDesktopImageRecord.Failed": "Create cloud computer image failed.",
    "Image.NotExist": "The image does not exist.",
    "ImageRegionDistribute.NotAllow": "This image cannot be distributed.",
    "ImageUpdateFailed.NotAllow": "The image is not allowed to be modified.",
    "ImageUpdateSharedImageFailed.NotAllow": "The shared image is not allowed to be modified.",
    "ParentImageRegionDistribute.NotExist": (
        "The target distribution region of the parent image does not exist."
    ),
    "InternalError": "Internal error.",
}
POWER = {
    "InvalidDesktopId.NotFound": "The specified cloud computer does not exist.",
    "IncorrectDesktopStatus": "The current status of the desktop does not support this operation.",
}
GATEWAY = {
    "IncompleteSignature": (400, "The request signature does not conform to Alibaba Cloud standards."),
    "InvalidTimeStamp.Format": (400, "Specified time stamp or date value is not well formatted."),
    "InvalidTimeStamp.Expired": (400, "Specified time stamp or date value is expired."),
    "SignatureNonceUsed": (400, "Specified signature nonce was used already."),
    "SignatureDoesNotMatch": (400, "Specified signature is not matched with our calculation."),
    "InvalidAccessKeyId.NotFound": (404, "Specified access key is not found."),
    "InvalidAccessKeyId.Inactive": (400, "Specified access key is disabled."),
    "InvalidSecurityToken.Expired": (400, "Specified SecurityToken is expired."),
    "InvalidSecurityToken.Malformed": (400, "The specified parameter SecurityToken is malformed."),
    "InvalidApi.NotFound": (404, "Specified api is not found, please check your url and method."),
    "InvalidProtocol.NeedSsl": (404, "Your request is denied as it requires HTTPS."),
    "InvalidParameter": (400, "The specified parameter is not valid."),
    "Throttling.User": (400, "Request was denied due to user flow control."),
    "NoPermission": (403, "You are not authorized to perform this action."),
    "Forbidden.RAM": (403, "User not authorized to operate on the specified resource."),
    "Forbidden.NoPermission": (403, "No permission to access."),
    "InvalidBizType": (400, "The specified BizType is invalid."),
    "ServiceUnavailable": (503, "The request has failed due to a temporary failure of the server."),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over the wire."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):
    """The operation is refused with one of the codes."""

    def __init__(self, code: str, message: str | None = None, status: int | None = None, **more: Any) -> None:  # noqa: ANN401 - JSON
        super().__init__(code)
        known_status, known_message = GATEWAY.get(code, (400, (DOCUMENTED | POWER).get(code, code)))
        self.code = code
        self.message = message or known_message
        self.status = status or known_status
        self.more = more


def request_id() -> str:
    """Return an ID in the cloud's format."""
    return str(uuid.uuid4()).upper()


def refusal(refused: Refused, call_id: str, host: str) -> Answer:
    """Return the gateway's error envelope."""
    named = {"RequestId": call_id, "HostId": host, "Code": refused.code, "Message": refused.message}
    return Answer(refused.status, named | refused.more)


def unsuccessful(code: str, call_id: str) -> Answer:
    """Return an HTTP 200 that is an error nevertheless."""
    message = DOCUMENTED.get(code, code)
    return Answer(200, {"Success": False, "Code": code, "Message": message, "RequestId": call_id})


def success(call_id: str, **fields: Any) -> Answer:  # noqa: ANN401 - JSON
    """Return the product's envelope, with the literal NULL of the reference page."""
    return Answer(200, fields | {"Success": True, "Code": 200, "Message": "NULL", "RequestId": call_id})


RAM_CODES = {"2021-09-01": "appstreaming", "2020-09-30": "ecd", "2015-04-01": "sts"}
"""How RAM calls the service of each API version."""


def denied(version: str, operation: str, account: str) -> Refused:
    """Return RAM's refusal, with the details that newer gateways add."""
    return Refused(
        "NoPermission",
        AccessDeniedDetail={
            "AuthAction": f"{RAM_CODES.get(version, 'appstreaming')}:{operation}",
            "AuthPrincipalType": "SubUser",
            "AuthPrincipalDisplayName": account,
            "NoPermissionType": "ImplicitDeny",
            "PolicyType": "AccountLevelIdentityBasedPolicy",
            "EncodedDiagnosticMessage": "AQEAAAAAaGVsbG8taGVsbG8taGVsbG8=",
        },
    )
