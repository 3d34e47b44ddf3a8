"""The environment as one frozen value; every problem is reported at once.

Names and defaults are public (README, "Settings"). Secrets are `SecretStr`: they print as asterisks.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.durations import duration
from bot.errors import ImageBotError

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
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

    @field_validator("slack_api_url", "appstream_endpoint", "ecd_endpoint")
    @classmethod
    def _plain_http_stays_on_this_machine(cls, url: str | None) -> str | None:
        parts = urlsplit(url or "")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise ValueError("http:// is only for this machine itself (127.0.0.1); use https://")
        return url

    @field_validator("log_level", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("slack_api_url")
    @classmethod
    def _ends_with_slash(cls, url: str) -> str:
        return url if url.endswith("/") else url + "/"

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


def read_settings() -> Settings:
    """Read the environment; raise `BadSettings` with all problems at once."""
    try:
        return Settings()
    except ValidationError as invalid:
        raise BadSettings(tuple(_sentence(error) for error in invalid.errors())) from None


def _sentence(error: Mapping[str, Any]) -> str:
    """Turn a finding of pydantic's into a line that names the variable; values are not repeated (secrets)."""
    name = "_".join(str(part) for part in error["loc"]).upper()
    if error["type"] == "missing":
        return f"{name} is not set"
    text = str(error["msg"]).removeprefix("Value error, ")
    return f"{name}: {text}" if name else text
