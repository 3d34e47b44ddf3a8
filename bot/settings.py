"""Everything the operator can set, as one frozen value; every problem is reported at once.

Names and defaults are public (docs/reference/settings.md). Secrets are `SecretStr`: they print as asterisks.
"""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from bot.database_url import read_database_url
from bot.domain.durations import LONGEST, duration
from bot.domain.text import identifier
from bot.domain.vocabulary import UNKNOWN_ACCOUNT, Deployment
from bot.environment import UnusableValue, read_environment
from bot.errors import ImageBotError
from bot.regions import APPSTREAM_REGIONS, is_host, is_loopback, is_region

DAY_SECONDS = 86_400.0
CHANNEL = re.compile(r"[CG][A-Z0-9]{6,30}")
TOKEN_SHAPES = {"slack_bot_token": "xoxb-", "slack_app_token": "xapp-"}
"""How Slack's tokens begin (Slack, "Token types")."""


class BadSettings(ImageBotError):
    """The environment can't be used; `problems` has one sentence for each thing to change."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def _seconds(value: object) -> object:
    """Read a duration as people write it (`45s`, `6 hours`); a bare number is seconds."""
    if not isinstance(value, str) or value.replace(".", "", 1).isdigit():
        return value
    try:
        return duration(value)
    except ValueError:  # its message repeats the value, which might be a secret in the wrong place
        raise ValueError("isn't a duration such as 45s, 15m, 4h or 2d") from None


def _days(value: object) -> object:
    """Read a number of days, also as the duration that it is (`90d`, `12 weeks`)."""
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"[+-]?[0-9]{1,9}", value) and int(value) < 1:
        raise ValueError("has to be 1 day or more; unset it to keep requests forever")
    if value.isdigit():
        return value
    with suppress(ValueError):
        days, rest = divmod(duration(value), DAY_SECONDS)
        if not rest:
            return int(days)
    raise ValueError("isn't a whole number of days, such as 90 or 90d")


def check_url(url: str) -> SplitResult:
    """Read a URL that calls may go to; a secret in it is not repeated."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError("isn't an http(s) URL of a host") from None
    host = parts.hostname or ""
    if re.search(r"\s", url):
        raise ValueError("has a space in it")
    if parts.scheme not in ("http", "https") or not is_host(host) or "@" in parts.netloc:
        raise ValueError("isn't an http(s) URL of a host, without a user")
    try:
        _ = parts.port
    except ValueError:  # its message repeats the value
        raise ValueError("has a port that can't be one") from None
    if parts.query or parts.fragment:
        raise ValueError("has something behind its path that calls don't take: ? or #")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError(
            "begins with http://, which is only for this machine itself (127.0.0.1); use https://"
        )
    return parts


def _listed(value: object) -> object:
    """Read a list of IDs, whatever stands between them."""
    if not isinstance(value, str):
        return value
    return tuple(filter(None, map(_region, re.split(r"[\s,;\uff0c\u3001\uff1b]+", value))))


def _region(value: object) -> object:
    return identifier(value).lower() if isinstance(value, str) else value


def _in_any_case(*choices: str) -> BeforeValidator:
    """Read one of a few words in any case, `zh_CN` as `zh-CN`."""
    known = {choice.casefold(): choice for choice in choices}

    def read(value: object) -> object:
        return known.get(value.casefold().replace("_", "-"), value) if isinstance(value, str) else value

    return BeforeValidator(read)


Days = Annotated[int, BeforeValidator(_days), Field(ge=1, le=36_500)]
Seconds = Annotated[float, BeforeValidator(_seconds), Field(gt=0, le=LONGEST)]
Locale = Annotated[Literal["en", "zh-CN"], _in_any_case("en", "zh-CN")]
StoppedMode = Annotated[Literal["StopCharging", "KeepCharging"], _in_any_case("StopCharging", "KeepCharging")]
LogFormat = Annotated[Literal["console", "json"], _in_any_case("console", "json")]
LogLevel = Annotated[
    Literal["debug", "info", "warning", "error"], _in_any_case("debug", "info", "warning", "error")
]


class Settings(BaseModel):
    """Everything the operator can set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slack_bot_token: SecretStr
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"

    appstream_endpoint: str | None = None
    appstream_region: Annotated[str, BeforeValidator(_region)] = "cn-shanghai"
    appstream_biz_type: int | None = None
    appstream_product_type: str | None = None
    appstream_copy_profile: bool | None = None
    ecd_region: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ("cn-shanghai",)
    ecd_endpoint: str | None = None
    ecd_stopped_mode: StoppedMode | None = None
    alibaba_cloud_account_id: str | None = Field(default=None, pattern=r"^[0-9]{1,20}$")

    database_url: str = "sqlite:///image-bot.db"
    allowlist: str = "allowlist.yaml"
    image_channel: str | None = None
    default_locale: Locale = "en"
    audit_key: SecretStr | None = None
    keep_days: Days | None = None

    watch_seconds: Seconds = 5.0
    lookup_seconds: Seconds = 90.0  # how long a listing may lag before an image surely was not made
    image_timeout: Seconds = 6 * 3600.0
    stop_timeout: Seconds = 15 * 60.0
    images_at_once: int = Field(default=5, ge=1, le=100)
    lease_seconds: Seconds = 30.0
    open_requests_per_person: int = Field(default=1000, ge=1)
    requests_per_person_and_minute: int = Field(default=300, ge=1)

    host: str | None = None
    port: int = Field(default=8080, ge=0, le=65535)
    log_format: LogFormat | None = None
    log_level: LogLevel = "info"

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _looks_like_a_token(cls, token: SecretStr | None, field: ValidationInfo) -> SecretStr | None:
        prefix = TOKEN_SHAPES[field.field_name or ""]
        if token is None or re.fullmatch(rf"{prefix}[!-~]+", token.get_secret_value()):
            return token
        raise ValueError(f"isn't a Slack token of the kind that begins with {prefix}")

    @field_validator("slack_api_url")
    @classmethod
    def _is_a_url(cls, url: str) -> str:
        check_url(url)
        return url if url.endswith("/") else url + "/"

    @field_validator("appstream_endpoint", "ecd_endpoint")
    @classmethod
    def _is_a_host_or_its_url(cls, endpoint: str | None) -> str | None:
        if endpoint is not None:
            parts = check_url(endpoint if "://" in endpoint else f"https://{endpoint}")
            if parts.path not in ("", "/"):
                raise ValueError("an endpoint has no path")
        return endpoint

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, url: str) -> str:
        read_database_url(url)
        return url

    @field_validator("host")
    @classmethod
    def _is_an_address(cls, host: str | None) -> str | None:
        if host is None or is_host(host):
            return host
        raise ValueError("isn't an address or name of a host, such as 0.0.0.0, without a port")

    @field_validator("image_channel")
    @classmethod
    def _is_a_channel_id(cls, channel: str | None) -> str | None:
        if channel is None or CHANNEL.fullmatch(channel):
            return channel
        raise ValueError("isn't a channel ID such as C0123456789 (in Slack: channel details, at the bottom)")

    @field_validator("ecd_region")
    @classmethod
    def _read_like_regions(cls, regions: tuple[str, ...]) -> tuple[str, ...]:
        if not (regions and all(map(is_region, regions))):
            raise ValueError("isn't a region ID such as cn-shanghai, or several separated by commas")
        return tuple(dict.fromkeys(regions))

    @field_validator("appstream_region")
    @classmethod
    def _is_served(cls, region: str, others: ValidationInfo) -> str:
        if not is_region(region):
            raise ValueError("isn't a region ID such as cn-shanghai")
        if region in APPSTREAM_REGIONS or others.data.get("appstream_endpoint"):
            return region
        raise ValueError(f"{region} has no App Streaming endpoint; {' or '.join(APPSTREAM_REGIONS)} has one")

    @property
    def image_filters(self) -> dict[str, str]:
        """The two parameters of ListImage that have to fit what CreateImageByInstance was sent."""
        sent = {"BizType": self.appstream_biz_type, "ProductType": self.appstream_product_type}
        return {name: str(value) for name, value in sent.items() if value is not None}

    @property
    def image_extras(self) -> dict[str, str]:
        """What is sent with CreateImageByInstance besides: on no reference page, in the SDK."""
        copy = self.appstream_copy_profile
        return {} if copy is None else {"CopyProfile": str(copy).lower()}

    @property
    def deployment(self) -> Deployment:
        """Where the bot works, as resource names of policies have it."""
        return Deployment(self.appstream_region, self.alibaba_cloud_account_id or UNKNOWN_ACCOUNT)

    @property
    def socket_mode(self) -> bool:
        """Whether Slack is reached by Socket Mode; else it comes to us over HTTP."""
        return self.slack_app_token is not None

    @property
    def address(self) -> str:
        """The address that PORT is opened on: this machine alone, unless Slack has to reach it."""
        return self.host or ("127.0.0.1" if self.socket_mode else "0.0.0.0")  # noqa: S104 - Slack comes from outside


class Mode(StrEnum):
    """How Slack reaches the bot."""

    SOCKET = "socket"
    HTTP = "http"


GET = {
    "SLACK_BOT_TOKEN": "copy the Bot User OAuth Token from the Slack app's settings, OAuth & Permissions",
    "SLACK_APP_TOKEN": "make an app-level token with connections:write in the Slack app's settings, "
    "Basic Information",
    "SLACK_SIGNING_SECRET": "copy the Signing Secret from the Slack app's settings, Basic Information",
}
"""Where what isn't set comes from."""
NEEDED_FOR = {Mode.SOCKET: "SLACK_APP_TOKEN", Mode.HTTP: "SLACK_SIGNING_SECRET"}


def read_settings(
    environment: Mapping[str, str] | None = None, *, hears_slack: bool = False, mode: Mode | None = None
) -> Settings:
    """Read the environment (the process's own by default); raise `BadSettings` with all problems at once.

    `hears_slack`: one of the two ways in which Slack reaches the bot has to be set as well. `mode` picks one
    where both are.
    """
    others = {name for each, name in NEEDED_FOR.items() if mode not in (None, each)}
    names = frozenset(name.upper() for name in Settings.model_fields) - others
    found = read_environment(os.environ if environment is None else environment, names)
    problems = [f"{name}: {value}" for name, value in found.items() if isinstance(value, UnusableValue)]
    values = {name.lower(): value for name, value in found.items() if isinstance(value, str)}
    if hears_slack and mode is not None and NEEDED_FOR[mode] not in found:
        problems.append(_unset(NEEDED_FOR[mode]))
    elif hears_slack and not set(NEEDED_FOR.values()) & found.keys():
        either = "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP mode) is not set"
        problems.append(f"{either}: get one from the Slack app's settings, Basic Information")
    try:
        settings = Settings.model_validate(values)
    except ValidationError as invalid:
        unusable = {name.lower() for name, value in found.items() if isinstance(value, UnusableValue)}
        missing_twice = [error for error in invalid.errors() if error["loc"][0] not in unusable]
        raise BadSettings((*map(_sentence, missing_twice), *problems)) from None
    if problems:
        raise BadSettings(tuple(problems))
    return settings


def read_setting(name: str, environment: Mapping[str, str] | None = None) -> str:
    """Read one setting as text, its default ("" for none) when it isn't set; raise `BadSettings`.

    For commands that need no other.
    """
    found = read_environment(os.environ if environment is None else environment, frozenset({name}))
    value = found.get(name)
    if isinstance(value, UnusableValue):
        raise BadSettings((f"{name}: {value}",))
    return value if value is not None else str(Settings.model_fields[name.lower()].default or "")


def _unset(name: str) -> str:
    return f"{name} is not set: {GET[name]}"


def _sentence(error: Mapping[str, Any]) -> str:
    """Turn a finding of pydantic's into a line that names the variable; values are not repeated (secrets)."""
    name = str(error["loc"][0]).upper()
    if error["type"] == "missing":
        return _unset(name)
    return f"{name}: {_words(error).removeprefix('Value error, ')}"


def _words(error: Mapping[str, Any]) -> str:
    """Say in an operator's words what pydantic says in a programmer's."""
    context = error.get("ctx", {})
    match error["type"]:
        case "int_parsing" | "float_parsing":
            return "isn't a number"
        case "string_pattern_mismatch":
            return "isn't made of digits alone"
        case "greater_than":
            return f"has to be more than {context['gt']:g}"
        case "greater_than_equal":
            return f"has to be {context['ge']} or more"
        case "less_than_equal":
            return f"has to be {context['le']:,.0f} or less"
        case "literal_error":
            return f"isn't one of {context['expected'].replace(chr(39), '')}"
        case "bool_parsing":
            return "isn't true or false"
    return str(error["msg"])
