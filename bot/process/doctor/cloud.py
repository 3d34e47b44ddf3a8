"""Alibaba Cloud: the credentials, who they belong to, what they may do, the account."""

from collections.abc import AsyncIterator, Iterator

from bot.alibaba import AlibabaCloud
from bot.alibaba.probes import Probe
from bot.errors import CloudBusy, CloudCredentials, CloudError, CloudUnknown, CloudUnreachable
from bot.ports import Caller
from bot.process.doctor.finding import Finding, finding, note, ok

ALLOW = "attach the policy that `image-bot ram-policy` prints to the bot's RAM user or role"
WRITES = "CreateImageByInstance, and what stops, starts and distributes"
TODO = {
    "cloud-forbidden": ALLOW,
    "cloud-access-key": "set ALIBABA_CLOUD_ACCESS_KEY_ID and _SECRET to a key that is active",
    "cloud-security-token": "renew the security token, or let the credential chain fetch one",
    "cloud-signature": "set ALIBABA_CLOUD_ACCESS_KEY_SECRET to the secret of that key",
    "cloud-clock": "set this host's clock (NTP)",
    "cloud-biz-type": "correct or remove APPSTREAM_BIZ_TYPE",
    "cloud-parameter": "check APPSTREAM_BIZ_TYPE, APPSTREAM_PRODUCT_TYPE and ECD_REGION",
    "cloud-not-the-cloud": "check APPSTREAM_ENDPOINT and ECD_ENDPOINT: something else answers there",
}
"""What to do about a refusal, by its explanation."""
REACH = "check the region, the endpoint, HTTPS_PROXY and the firewall"
CREDENTIALS = (
    "set ALIBABA_CLOUD_ACCESS_KEY_ID and _SECRET, or another way of Alibaba Cloud's credential chain"
)
ALL_DENIED = frozenset({"cloud-access-key", "cloud-security-token", "cloud-signature", "cloud-clock"})
"""Problems with the key or the clock are reported once, not for each call."""
USELESS = ALL_DENIED | {"cloud-credentials-missing"}
"""Codes of findings after which there is nothing left to ask."""


def probe_findings(probes: tuple[Probe, ...], provider: str) -> Iterator[Finding]:
    """Say whether the credentials work, and what each harmless call returned."""
    errors = [each.error for each in probes if each.error]
    nobody = next((each for each in errors if isinstance(each, CloudCredentials)), None)
    refused = next((each for each in errors if each.explanation in ALL_DENIED), None)
    if nobody is not None:
        yield finding(
            "cloud-credentials-missing",
            f"there are no credentials: {nobody.message or nobody.code}",
            CREDENTIALS,
        )
        return
    if refused is not None:
        yield finding(
            refused.explanation,
            f"Alibaba Cloud refuses the credentials: {refused.code}",
            TODO[refused.explanation],
        )
        return
    yield ok("cloud-credentials", f"credentials come from {provider or 'the settings'}")
    for each in probes:
        yield _probe(each)
    yield note("cloud-writes", f"not checked, as no harmless call shows it: {WRITES}", ALLOW)


def _probe(probe: Probe) -> Finding:
    name = probe.operation.name
    where = f"{name} in {probe.region}" if probe.region else name
    host = probe.endpoint.partition("://")[2]
    error = probe.error
    if error is None:
        return ok("cloud-call", f"{where} works ({host})")
    if isinstance(error, CloudUnreachable):
        return finding("cloud-unreachable", f"{host} can't be reached for {where}: {error.words}", REACH)
    if isinstance(error, CloudBusy | CloudUnknown):
        return note("cloud-busy", f"{where} didn't answer this time: {error.words}", "run doctor again")
    return finding(
        error.explanation, f"Alibaba Cloud refuses {where}: {error.code}", TODO.get(error.explanation, ALLOW)
    )


async def identity(cloud: AlibabaCloud, account_id: str | None) -> AsyncIterator[Finding]:
    """Say who the cloud says we are; the settings don't name STS, so without an answer it's a note."""
    try:
        caller = await cloud.caller()
    except CloudError as failed:
        yield note("cloud-identity", f"STS didn't say who the credentials belong to: {failed.words}")
        return
    yield ok("cloud-identity", f"Alibaba Cloud knows the bot as {caller.arn or caller.identity_type}")
    yield _account(caller, account_id)


def _account(caller: Caller, account_id: str | None) -> Finding:
    if account_id is None:
        sentence = (
            "ALIBABA_CLOUD_ACCOUNT_ID isn't set: an account written as digits in the allowlist allows nothing"
        )
        return note("cloud-account", sentence, f"set it to {caller.account_id}")
    if account_id != caller.account_id:
        sentence = f"ALIBABA_CLOUD_ACCOUNT_ID is {account_id}, the credentials' account {caller.account_id}"
        return finding("cloud-account", sentence, "set it to the account of the credentials")
    return ok("cloud-account", f"the account is {account_id}")
