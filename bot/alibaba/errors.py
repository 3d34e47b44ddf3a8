"""The catalog of error codes, from the reference pages and the gateway, and what to do about each.

Sources: Alibaba Cloud, CreateImageByInstance and ListImage reference pages, "Error codes"; the API gateway's
common error codes; Python SDK (throttling). Codes decide, never the HTTP status alone: the gateway answers
throttling with 400.
"""

from dataclasses import dataclass

from bot.errors import CloudBusy, CloudError, CloudRefused, CloudUnknown, CloudUnreachable, Fault, Retry


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a code means: its exception, who can act, whether to send again, what people read.

    `wait` is how many seconds to let pass before it is sent again, None when the caller knows best.
    """

    raises: type[CloudError]
    fault: Fault
    retry: Retry
    explanation: str
    wait: float | None = None


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
POWER = {
    "InvalidRegionId": _final(Fault.OPERATOR, "cloud-parameter"),
    "InvalidDesktopId.NotFound": _final(Fault.REQUESTER, "cloud-desktop-not-found"),
    # The instance to stop isn't running, or the other way around: look at the state again.
    "IncorrectDesktopStatus": Refusal(CloudBusy, Fault.NOBODY, Retry.LOOK_FIRST, "cloud-instance-state"),
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
    "ServiceUnavailable": _unknown("cloud-unavailable"),
    "Rejected.Throttling": _later("cloud-throttled"),
}
FAMILIES = {
    "Throttling": _later("cloud-throttled"),
    "InvalidAccessKeyId": _final(Fault.OPERATOR, "cloud-access-key"),
    "InvalidSecurityToken": _final(Fault.OPERATOR, "cloud-security-token"),
    "NoPermission": _final(Fault.OPERATOR, "cloud-forbidden"),
    "Forbidden": _final(Fault.OPERATOR, "cloud-forbidden"),
    "Missing": _final(Fault.OPERATOR, "cloud-parameter"),
    "InvalidParameter": _final(Fault.OPERATOR, "cloud-parameter"),
}
KEYS_REFUSED = frozenset({"cloud-access-key", "cloud-security-token", "cloud-signature"})
"""Explanations of refusals that other keys may fix: they may have been rotated meanwhile."""

UNKNOWN_CODE_SECONDS = 300.0
# An undocumented refusal made nothing, and it may pass: the bot keeps trying, slowly.
OTHER = Refusal(CloudBusy, Fault.CLOUD, Retry.LATER, "cloud-other", UNKNOWN_CODE_SECONDS)
NOT_THE_CLOUD = _final(Fault.OPERATOR, "cloud-not-the-cloud")
NO_ANSWER = _unknown("cloud-no-answer")
UNREADABLE = _unknown("cloud-unreadable")
SERVER_ERROR = _unknown("cloud-server-error")
UNREACHABLE = Refusal(CloudUnreachable, Fault.CLOUD, Retry.LATER, "cloud-unreachable")

KNOWN = CREATE_IMAGE | POWER | GATEWAY
EXPLANATIONS = frozenset(
    {
        *(known.explanation for known in (KNOWN | FAMILIES).values()),
        *(known.explanation for known in (OTHER, NOT_THE_CLOUD, NO_ANSWER, UNREADABLE, SERVER_ERROR)),
        UNREACHABLE.explanation,
        "cloud-credentials",
    }
)


def refusal(code: str, status: int) -> Refusal:
    """Return what a code means; the HTTP status matters only for undocumented codes."""
    known = KNOWN.get(code)
    if known:
        return known
    for family, meaning in FAMILIES.items():
        if code.startswith(family):
            return meaning
    counts_as = int(code[:4]) if code.isdecimal() else status
    if 429 in (status, counts_as):
        return FAMILIES["Throttling"]
    if 403 in (status, counts_as):
        return FAMILIES["Forbidden"]
    return SERVER_ERROR if max(status, counts_as) >= 500 else OTHER
