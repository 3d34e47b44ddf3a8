"""Everything the operator can set, as one frozen value; every problem is reported at once.

Names and defaults are public (docs/reference/settings.md). Secrets are `SecretStr`: they print as asterisks.
"""

import os
import re
from collections.abc import Mapping
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
from bot.domain.durations import duration
from bot.domain.vocabulary import UNKNOWN_ACCOUNT, Deployment
from bot.environment import UnusableValue, read_environment
from bot.errors import ImageBotError
from bot.regions import APPSTREAM_REGIONS, is_loopback, is_region

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


def _check_url(url: str) -> SplitResult:
    """Read a URL that calls may go to; a secret in it is not repeated."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise ValueError("isn't an http(s) URL of a host, without a user")
    _ = parts.port  # raises ValueError for what is no port
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("http:// is only for this machine itself (127.0.0.1); use https://")
    return parts


def _listed(value: object) -> object:
    """Read a list separated by commas."""
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in re.split("[,\uff0c]", value) if part.strip())


Seconds = Annotated[float, BeforeValidator(_seconds), Field(gt=0)]


class Settings(BaseModel):
    """Everything the operator can set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slack_bot_token: SecretStr
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"

    appstream_endpoint: str | None = None
    appstream_region: str = "cn-shanghai"
    appstream_biz_type: int | None = None
    appstream_product_type: str | None = None
    appstream_copy_profile: bool | None = None
    ecd_region: Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)] = ("cn-shanghai",)
    ecd_endpoint: str | None = None
    ecd_stopped_mode: Literal["StopCharging", "KeepCharging"] | None = None
    alibaba_cloud_account_id: str | None = Field(default=None, pattern=r"^[0-9]{1,20}$")

    database_url: str = "sqlite:///image-bot.db"
    allowlist: str = "allowlist.yaml"
    image_channel: str | None = None
    default_locale: Literal["en", "zh-CN"] = "en"
    audit_key: SecretStr | None = None
    keep_days: int | None = Field(default=None, ge=1)

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
    log_format: Literal["console", "json"] | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"

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
        _check_url(url)
        return url if url.endswith("/") else url + "/"

    @field_validator("appstream_endpoint", "ecd_endpoint")
    @classmethod
    def _is_a_host_or_its_url(cls, endpoint: str | None) -> str | None:
        if endpoint is not None:
            parts = _check_url(endpoint if "://" in endpoint else f"https://{endpoint}")
            if parts.path not in ("", "/") or parts.query or parts.fragment:
                raise ValueError("an endpoint has no path or query")
        return endpoint

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, url: str) -> str:
        read_database_url(url)
        return url

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

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
        problems.append(f"{NEEDED_FOR[mode]} is not set")
    elif hears_slack and not set(NEEDED_FOR.values()) & found.keys():
        problems.append("SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP mode) is not set")
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


def _sentence(error: Mapping[str, Any]) -> str:
    """Turn a finding of pydantic's into a line that names the variable; values are not repeated (secrets)."""
    name = str(error["loc"][0]).upper()
    if error["type"] == "missing":
        return f"{name} is not set"
    return f"{name}: {_words(error).removeprefix('Value error, ')}"


def _words(error: Mapping[str, Any]) -> str:
    """Say in an operator's words what pydantic says in a programmer's."""
    context = error.get("ctx", {})
    match error["type"]:
        case "int_parsing" | "float_parsing":
            return "isn't a number"
        case "string_pattern_mismatch":
            return "isn't made of digits alone"
        case "greater_than" | "greater_than_equal":
            return f"is too small: at least {context.get('ge', 'more than 0')}"
        case "less_than_equal":
            return f"is too large: at most {context['le']}"
        case "literal_error":
            return f"isn't one of {context['expected']}".replace("'", "")
    return str(error["msg"])
