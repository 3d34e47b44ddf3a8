"""The environment: names and defaults as documented, every problem at once."""

import re
from collections.abc import Mapping

import pytest

from bot.settings import GET, NEEDED_FOR, BadSettings, Mode, Settings, read_settings


def read(
    environment: Mapping[str, str] | None = None,
    *,
    hears_slack: bool = False,
    mode: Mode | None = None,
    **more: str,
) -> Settings:
    """Read settings from this environment and no other."""
    return read_settings(
        {"SLACK_BOT_TOKEN": "xoxb-t", **(environment or {}), **more}, hears_slack=hears_slack, mode=mode
    )


def test_a_bot_token_is_all_that_has_to_be_set() -> None:
    settings = read()
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.database_url == "sqlite:///image-bot.db"
    assert settings.allowlist == "allowlist.yaml"
    assert (settings.watch_seconds, settings.image_timeout, settings.port) == (5.0, 6 * 3600.0, 8080)
    assert not settings.socket_mode


def test_an_app_token_means_socket_mode() -> None:
    assert read({"SLACK_APP_TOKEN": "xapp-1"}).socket_mode


def test_an_empty_variable_is_one_left_out() -> None:
    assert not read({"SLACK_APP_TOKEN": ""}).socket_mode


@pytest.mark.parametrize(
    ("written", "seconds"), [("45s", 45), ("15m", 900), ("4h", 14400), ("7", 7), ("0.2", 0.2)]
)
def test_durations_are_written_as_people_do_or_in_seconds(written: str, seconds: float) -> None:
    assert read(IMAGE_TIMEOUT=written).image_timeout == seconds


@pytest.mark.parametrize(("written", "days"), [("90", 90), ("90d", 90), ("2 weeks", 14), ("48h", 2)])
def test_days_are_a_number_or_a_duration(written: str, days: int) -> None:
    assert read(KEEP_DAYS=written).keep_days == days


def test_a_base_url_without_its_slash_is_given_one() -> None:
    assert read(SLACK_API_URL="http://127.0.0.1:9/api").slack_api_url == "http://127.0.0.1:9/api/"


PROBLEMS = {
    "SLACK_API_URL": "http://slack.example.com/",
    "APPSTREAM_ENDPOINT": "http://cloud.example.com",
    "ECD_ENDPOINT": "http://10.0.0.1",
    "IMAGE_TIMEOUT": "soon",
    "WATCH_SECONDS": "0",
    "IMAGES_AT_ONCE": "none",
    "PORT": "99999",
    "LOG_LEVEL": "loud",
    "LOG_FORMAT": "xml",
    "IMAGE_CHANNEL": "#images",
    "DEFAULT_LOCALE": "de",
    "STOP_TIMEOUT": "never",
    "KEEP_DAYS": "0",
    "ALIBABA_CLOUD_ACCOUNT_ID": "my-account",
    "SLACK_APP_TOKEN": "foo",
}


NO_URLS = [
    *(("SLACK_API_URL", url) for url in ("ftp://slack.example.com", "slack.example.com", "https://")),
    *(
        ("APPSTREAM_ENDPOINT", url)
        for url in ("ftp://cloud.example.com", "cloud.example.com/api", "https://a?b")
    ),
    *(("ECD_ENDPOINT", url) for url in ("ftp://cloud.example.com", "https://me:secret@cloud", "host:port")),
    ("ECD_REGION", "cn shanghai"),
    ("ECD_REGION", "cn-shanghai,,Hangzhou"),
    ("ECD_REGION", ","),
    ("SLACK_BOT_TOKEN", "xoxp-of-a-person"),
    ("SLACK_BOT_TOKEN", "xoxb-with space"),
    ("SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN=xoxb-1"),
    ("SLACK_BOT_TOKEN", "Bearer xoxb-1"),
    ("SLACK_BOT_TOKEN", "xoxb\u20111"),
    *(("SLACK_API_URL", f"https://slack.com/api/{more}") for more in ("?x=1", "#x")),
    *(("SLACK_API_URL", url) for url in ("https://a b/", "https://.", "https://@slack.com", "https://h\\@x")),
    *(
        ("APPSTREAM_ENDPOINT", url)
        for url in ("http://127.0.0.1.example.com", "http://2130706433", "a:99999")
    ),
    *(("HOST", host) for host in ("http://x", "0.0.0.0:80", "*", "a b")),
    ("ECD_REGION", "evil.example/x"),
    ("IMAGE_CHANNEL", "C0IMAGES1,C0OTHER11"),
    ("IMAGE_TIMEOUT", "999999999999"),
    ("IMAGE_TIMEOUT", "inf"),
    ("IMAGE_TIMEOUT", "nan"),
    ("KEEP_DAYS", "99999999999999999999"),
    *(("KEEP_DAYS", value) for value in ("12h", "36h", "36501d", "-1d", "1.5", "soon")),
    *(("APPSTREAM_REGION", region) for region in ("shanghai!", "cn shanghai", "cn_shanghai")),
    ("APPSTREAM_COPY_PROFILE", "maybe"),
    ("PORT", "tcp://10.0.0.1:8080"),
]


@pytest.mark.parametrize(("name", "value"), [*PROBLEMS.items(), *NO_URLS])
def test_a_value_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSettings) as bad:
        read({name: value})
    (problem,) = bad.value.problems
    assert problem.startswith(f"{name}: ")
    assert len(value) < 2 or value not in problem
    assert not re.search("isnt|Input|Value|pydantic", problem)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("KEEP_DAYS", "-1", "has to be 1 day or more; unset it to keep requests forever"),
        ("KEEP_DAYS", "0", "has to be 1 day or more; unset it to keep requests forever"),
        ("KEEP_DAYS", "36501", "has to be 36,500 or less"),
        ("KEEP_DAYS", "soon", "isn't a whole number of days, such as 90 or 90d"),
        ("IMAGES_AT_ONCE", "0", "has to be 1 or more"),
        ("PORT", "99999", "has to be 65,535 or less"),
        ("WATCH_SECONDS", "0", "has to be more than 0"),
        ("SLACK_API_URL", "http://[::1", "isn't an http(s) URL of a host"),
    ],
)
def test_a_value_out_of_bounds_is_told_the_bounds(name: str, value: str, said: str) -> None:
    with pytest.raises(BadSettings) as bad:
        read({name: value})
    assert bad.value.problems == (f"{name}: {said}",)


def test_every_problem_is_reported_at_once() -> None:
    with pytest.raises(BadSettings) as bad:
        read(PROBLEMS, SLACK_BOT_TOKEN="")
    assert len(bad.value.problems) == len(PROBLEMS) + 1
    assert f"SLACK_BOT_TOKEN is not set: {GET['SLACK_BOT_TOKEN']}" in bad.value.problems


def test_how_slack_reaches_the_bot_is_missed_together_with_the_rest() -> None:
    with pytest.raises(BadSettings) as bad:
        read(PORT="99999", SLACK_BOT_TOKEN="", hears_slack=True)
    assert [problem.split()[0] for problem in bad.value.problems] == [
        "SLACK_BOT_TOKEN",
        "PORT:",
        "SLACK_APP_TOKEN",
    ]


@pytest.mark.parametrize("endpoint", ["cloud.example.com", "https://cloud.example.com", "http://127.0.0.1:9"])
def test_an_endpoint_is_a_host_or_its_url(endpoint: str) -> None:
    assert read(APPSTREAM_ENDPOINT=endpoint).appstream_endpoint == endpoint


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("DEFAULT_LOCALE", "zh_CN", "zh-CN"),
        ("DEFAULT_LOCALE", "EN", "en"),
        ("LOG_LEVEL", "Warning", "warning"),
        ("LOG_FORMAT", "JSON", "json"),
        ("ECD_STOPPED_MODE", "stopcharging", "StopCharging"),
        ("APPSTREAM_REGION", " CN-Shanghai", "cn-shanghai"),
        (
            "ECD_REGION",
            "cn-shanghai;CN－Hangzhou、cn-beijing cn-shanghai",
            ("cn-shanghai", "cn-hangzhou", "cn-beijing"),
        ),
        ("IMAGE_CHANNEL", "“C0IMAGES1”", "C0IMAGES1"),
        ("IMAGE_TIMEOUT", "1d12h", 129_600.0),
        ("HOST", "::", "::"),
        ("APPSTREAM_ENDPOINT", "http://[::1]:9", "http://[::1]:9"),
    ],
)
def test_a_value_is_read_as_it_was_meant(name: str, written: str, value: object) -> None:
    assert getattr(read({name: written}), name.lower()) == value


def test_a_region_where_nobody_answers_needs_an_endpoint() -> None:
    with pytest.raises(BadSettings, match="cn-beijing"):
        read(APPSTREAM_REGION="cn-beijing")
    assert read(APPSTREAM_REGION="cn-beijing", APPSTREAM_ENDPOINT="https://example.com").appstream_region


def test_desktops_may_be_in_several_regions() -> None:
    assert read(ECD_REGION="cn-shanghai, cn-hangzhou，cn-shanghai").ecd_region == (
        "cn-shanghai",
        "cn-hangzhou",
    )


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({"SLACK_APP_TOKEN": "xapp-1"}, "127.0.0.1"),
        ({"SLACK_SIGNING_SECRET": "s"}, "0.0.0.0"),
        ({"SLACK_APP_TOKEN": "xapp-1", "HOST": "0.0.0.0"}, "0.0.0.0"),
        ({"HOST": "10.1.2.3"}, "10.1.2.3"),
    ],
)
def test_the_port_is_open_to_others_only_where_slack_has_to_reach_it(
    environment: dict[str, str], address: str
) -> None:
    assert read(environment).address == address


BOTH_WAYS = {"SLACK_APP_TOKEN": "xapp-1", "SLACK_SIGNING_SECRET": "s"}


@pytest.mark.parametrize(("mode", "socket_mode"), [(None, True), (Mode.SOCKET, True), (Mode.HTTP, False)])
def test_where_both_ways_are_set_one_can_be_picked(mode: Mode | None, socket_mode: bool) -> None:
    assert read(BOTH_WAYS, hears_slack=True, mode=mode).socket_mode is socket_mode


@pytest.mark.parametrize("mode", Mode)
def test_a_way_that_is_picked_needs_its_secret(mode: Mode) -> None:
    needed = NEEDED_FOR[mode]
    with pytest.raises(BadSettings) as bad:
        read(
            {name: value for name, value in BOTH_WAYS.items() if name != needed}, hears_slack=True, mode=mode
        )
    assert bad.value.problems == (f"{needed} is not set: {GET[needed]}",)
