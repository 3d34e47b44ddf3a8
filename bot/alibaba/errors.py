"""The catalogue of refusals: each code of the reference pages and of the gateway, and what to do about it.

Sources: Alibaba Cloud, CreateImageByInstance and ListImage reference pages, "Error codes"; the API gateway's
common error codes; Python SDK (throttling). Codes decide, never the HTTP status alone: the gateway answers
throttling with 400.
"""

from dataclasses import dataclass

from bot.errors import CloudBusy, CloudError, CloudRefused, CloudUnknown, Fault, Retry


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a code means: the exception it becomes, who can act, whether to send again, what people read."""

    raises: type[CloudError]
    fault: Fault
    retry: Retry
    explanation: str


def _final(fault: Fault, explanation: str) -> Refusal:
    return Refusal(CloudRefused, fault, Retry.NEVER, explanation)


def _later(explanation: str) -> Refusal:
    return Refusal(CloudBusy, Fault.NOBODY, Retry.LATER, explanation)


def _unknown(explanation: str) -> Refusal:
    return Refusal(CloudUnknown, Fault.CLOUD, Retry.LOOK_FIRST, explanation)


CREATE_IMAGE = {
    "Instance.NotFound": _final(Fault.REQUESTER, "cloud-instance-not-found"),
    "DesktopInstance.NotFound": _final(Fault.REQUESTER, "cloud-desktop-not-found"),
    "Instance.ImageUnsupported": _final(Fault.REQUESTER, "cloud-image-unsupported"),
    "Instance.PhysicalNodeNotExist": _final(Fault.OPERATOR, "cloud-physical-node-missing"),
    # Somebody's image of this instance is under way; it may be our own, made by a call whose answer was lost.
    "ImageCreateByInstance.TaskExist": Refusal(
        CloudBusy, Fault.NOBODY, Retry.LOOK_FIRST, "cloud-task-exists"
    ),
    "ExceedBuilderQuota": _later("cloud-builder-quota"),
    "InvalidBaseImage.NotConfigured": _final(Fault.OPERATOR, "cloud-base-image-not-configured"),
    "CreateDesktopImageRecord.Failed": _final(Fault.CLOUD, "cloud-image-record-failed"),
    "Image.NotExist": _final(Fault.OPERATOR, "cloud-image-missing"),
    "ImageRegionDistribute.NotAllow": _final(Fault.OPERATOR, "cloud-distribution-not-allowed"),
    "ImageUpdateFailed.NotAllow": _final(Fault.OPERATOR, "cloud-image-update-not-allowed"),
    "ImageUpdateSharedImageFailed.NotAllow": _final(Fault.OPERATOR, "cloud-shared-image-not-allowed"),
    "ParentImageRegionDistribute.NotExist": _final(Fault.OPERATOR, "cloud-parent-region-missing"),
    "InternalError": _unknown("cloud-internal-error"),
}
GATEWAY = {
    "InvalidBizType": _final(Fault.OPERATOR, "cloud-biz-type"),
    "InvalidTimeStamp.Format": _final(Fault.OPERATOR, "cloud-clock"),
    "InvalidTimeStamp.Expired": _final(Fault.OPERATOR, "cloud-clock"),
    # Our nonces are random: one that was seen means that this very request arrived twice.
    "SignatureNonceUsed": _unknown("cloud-nonce-used"),
    "SignatureDoesNotMatch": _final(Fault.OPERATOR, "cloud-signature"),
    "IncompleteSignature": _final(Fault.OPERATOR, "cloud-signature"),
    "MissingSecurityToken": _final(Fault.OPERATOR, "cloud-security-token"),
    "InvalidApi.NotFound": _final(Fault.OPERATOR, "cloud-api-not-found"),
    "InvalidProtocol.NeedSsl": _final(Fault.OPERATOR, "cloud-needs-https"),
    "NoPermission": _final(Fault.OPERATOR, "cloud-forbidden"),
    "ServiceUnavailable": _unknown("cloud-unavailable"),
    "Rejected.Throttling": _later("cloud-throttled"),
}
FAMILIES = {
    "Throttling": _later("cloud-throttled"),
    "InvalidAccessKeyId": _final(Fault.OPERATOR, "cloud-access-key"),
    "InvalidSecurityToken": _final(Fault.OPERATOR, "cloud-security-token"),
    "Forbidden": _final(Fault.OPERATOR, "cloud-forbidden"),
    "Missing": _final(Fault.OPERATOR, "cloud-parameter"),
    "InvalidParameter": _final(Fault.OPERATOR, "cloud-parameter"),
}
OTHER = _final(Fault.CLOUD, "cloud-other")
NOT_THE_CLOUD = _final(Fault.OPERATOR, "cloud-not-the-cloud")
NO_ANSWER = _unknown("cloud-no-answer")
UNREADABLE = _unknown("cloud-unreadable")
SERVER_ERROR = _unknown("cloud-server-error")

EXPLANATIONS = frozenset(
    {
        *(known.explanation for known in (CREATE_IMAGE | GATEWAY | FAMILIES).values()),
        *(known.explanation for known in (OTHER, NOT_THE_CLOUD, NO_ANSWER, UNREADABLE, SERVER_ERROR)),
        "cloud-unreachable",
        "cloud-credentials",
    }
)


def refusal(code: str, status: int) -> Refusal:
    """What a code means; the status is asked only about codes that no page lists."""
    known = (CREATE_IMAGE | GATEWAY).get(code)
    if known:
        return known
    for family, meaning in FAMILIES.items():
        if code.startswith(family):
            return meaning
    if status == 429:
        return FAMILIES["Throttling"]
    return SERVER_ERROR if status >= 500 or (code.isdecimal() and int(code[:4]) >= 500) else OTHER
