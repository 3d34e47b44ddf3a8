"""The environment as one frozen value; every problem is reported at once.

Names and defaults are public (README, "Settings"). Secrets are `SecretStr`: they print as asterisks.
"""

import os
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.database_url import read_database_url
from bot.domain.durations import duration
from bot.errors import ImageBotError

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
REGION = re.compile(r"[a-z]{2}(-[a-z0-9]+)+")
REGIONS = frozenset({"cn-shanghai", "ap-southeast-1"})
"""Where appstream-center answers (Alibaba Cloud, App Streaming, Endpoints)."""


class BadSettings(ImageBotError):
    """The environment cannot be used; `problems` has one sentence for each thing to mend."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def _seconds(value: object) -> object:
    """Read a duration as people write it (`45s`, `6h`); a bare number is seconds."""
    if not isinstance(value, str) or value.replace(".", "", 1).isdigit():
        return value
    try:
        return duration(value)
    except ValueError:  # its message repeats the value, which might be a secret in the wrong place
        raise ValueError("is no duration such as 45s, 15m, 4h or 2d") from None


def _check_url(url: str) -> SplitResult:
    """Read a URL that calls may go to; a secret in it is not repeated."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise ValueError("is no http(s) URL of a host, without a user")
    _ = parts.port  # raises ValueError for what is no port
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("http:// is only for this machine itself (127.0.0.1); use https://")
    return parts


Seconds = Annotated[float, BeforeValidator(_seconds), Field(gt=0)]


class Settings(BaseSettings):
    """Everything the operator can set."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    slack_bot_token: SecretStr
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"

    appstream_endpoint: str | None = None
    appstream_region: str = "cn-shanghai"
    appstream_biz_type: int | None = None
    appstream_product_type: str | None = None
    ecd_region: str = "cn-shanghai"
    ecd_endpoint: str | None = None

    database_url: str = "sqlite:///image-bot.db"
    allowlist: str = "allowlist.yaml"
    image_channel: str | None = None

    watch_seconds: Seconds = 5.0
    lookup_seconds: Seconds = 90.0  # how long a listing may lag before an image surely was not made
    image_timeout: Seconds = 6 * 3600.0
    images_at_once: int = Field(default=5, ge=1, le=100)
    lease_seconds: Seconds = 30.0

    host: str = "0.0.0.0"  # noqa: S104  # probes and Slack come from outside
    port: int = Field(default=8080, ge=0, le=65535)
    log_format: Literal["console", "json"] | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("slack_api_url")
    @classmethod
    def _is_a_url(cls, url: str) -> str:
        _check_url(url)
        return url

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

    @field_validator("log_level", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("slack_api_url")
    @classmethod
    def _ends_with_slash(cls, url: str) -> str:
        return url if url.endswith("/") else url + "/"

    @field_validator("ecd_region")
    @classmethod
    def _reads_like_a_region(cls, region: str) -> str:
        if not REGION.fullmatch(region):
            raise ValueError("is no region id, such as cn-shanghai")
        return region

    @field_validator("appstream_region")
    @classmethod
    def _somebody_answers_there(cls, region: str, others: ValidationInfo) -> str:
        if region in REGIONS or others.data.get("appstream_endpoint"):
            return region
        raise ValueError(f"{region} has no App Streaming endpoint; {' or '.join(sorted(REGIONS))} has one")

    @property
    def socket_mode(self) -> bool:
        """Whether Slack is reached by Socket Mode; else it comes to us over HTTP."""
        return self.slack_app_token is not None


def read_settings(*, hears_slack: bool = False) -> Settings:
    """Read the environment; raise `BadSettings` with all problems at once.

    `hears_slack`: one of the two ways in which Slack reaches the bot has to be set as well.
    """
    problems: tuple[str, ...] = ()
    if hears_slack and not (os.environ.get("SLACK_APP_TOKEN") or os.environ.get("SLACK_SIGNING_SECRET")):
        problems = ("SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP mode) is not set",)
    try:
        settings = Settings()
    except ValidationError as invalid:
        raise BadSettings((*(_sentence(error) for error in invalid.errors()), *problems)) from None
    if problems:
        raise BadSettings(problems)
    return settings


def _sentence(error: Mapping[str, Any]) -> str:
    """Turn a finding of pydantic's into a line that names the variable; values are not repeated (secrets)."""
    name = "_".join(str(part) for part in error["loc"]).upper()
    if error["type"] == "missing":
        return f"{name} is not set"
    text = str(error["msg"]).removeprefix("Value error, ")
    return f"{name}: {text}" if name else text
