"""The examination: every check in order, each on what the settings name and nothing beyond."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.alibaba import AlibabaCloud, Credentials, DefaultChain
from bot.allowlist import Allowlist, AllowlistBroken, inspect, load
from bot.allowlist.access import AccessRequests
from bot.allowlist.principal import Principal, Snapshot
from bot.domain.request import Person
from bot.domain.vocabulary import ANYWHERE, Deployment
from bot.errors import SlackDoesNotTell
from bot.ports import Profile, Usergroups
from bot.process.doctor import cloud, database, host, image, quorums, report, slack_app, slack_names
from bot.process.doctor.finding import Finding, finding, note, ok
from bot.settings import BadSettings, Settings, read_setting
from bot.store.database_clock import DatabaseClock
from bot.store.engine import open_engine
from handlers.people.directory import home_of
from handlers.people.existence_check import profile, usergroups
from handlers.transport.connection import web_client, web_session
from handlers.transport.token_check import TokenCheck, check_tokens

CALL_SECONDS = 10.0
MOST_PEOPLE = 300
"""People who are looked up; Slack lets an app ask about a hundred a minute."""


@dataclass(frozen=True)
class OptIns:
    """What is done only when asked for: a direct message to somebody, an image of an instance."""

    message_to: str | None = None
    make_image: str | None = None


async def examine(
    settings: Settings,
    opt_ins: OptIns = OptIns(),
    credentials: Credentials | None = None,
    clock: Callable[[], float] = time.time,
) -> AsyncIterator[Finding]:
    """Yield what every check finds, as it finds it."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(web_session())
        slack = web_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session)
        engine = open_engine(settings.database_url)
        stack.push_async_callback(engine.dispose)
        allowlist, broken = _allowlist(settings.allowlist, settings.deployment)
        for each in broken:
            yield each
        checked = await check_tokens(slack, _app_token(settings))
        async for each in _slack(settings, slack, checked, allowlist, engine, opt_ins):
            yield each
        for each in database.audit_key_findings(settings):
            yield each
        async for each in database.database_findings(engine):
            yield each
        chain = credentials or DefaultChain()
        alibaba = AlibabaCloud.from_settings(settings, chain, seconds=CALL_SECONDS)
        stack.push_async_callback(alibaba.aclose)
        async for each in _cloud(settings, alibaba, chain, opt_ins):
            yield each
        for each in host.clock_findings(await _ahead(checked, alibaba, engine, clock)):
            yield each
        yield await asyncio.to_thread(host.port_finding, settings.address, settings.port)


def _app_token(settings: Settings) -> str | None:
    return settings.slack_app_token.get_secret_value() if settings.slack_app_token else None


async def examine_without_settings() -> AsyncIterator[Finding]:
    """Yield what can be looked at where the settings can't be used as a whole: allowlist and database."""
    try:
        file, url = read_setting("ALLOWLIST"), read_setting("DATABASE_URL")
        engine = open_engine(url)
    except BadSettings:  # that is told already
        return
    try:
        for each in _allowlist(file, ANYWHERE)[1]:
            yield each
        async for each in database.database_findings(engine):
            yield each
    finally:
        await engine.dispose()


def _allowlist(file: str, deployment: Deployment) -> tuple[Allowlist | None, list[Finding]]:
    todo = f"see `image-bot policy check {file}`"
    try:
        allowlist = inspect(load(Path(file)), deployment)
    except AllowlistBroken as broken:
        return None, [finding("allowlist", each, todo) for each in broken.lines]
    warnings = [note("allowlist-warning", str(each), todo) for each in allowlist.warnings]
    return allowlist, warnings or [
        ok("allowlist", f"{file} is sound: {report.count(len(allowlist.rules), 'rule')}")
    ]


async def _slack(
    settings: Settings,
    slack: AsyncWebClient,
    checked: TokenCheck,
    allowlist: Allowlist | None,
    engine: AsyncEngine,
    opt_ins: OptIns,
) -> AsyncIterator[Finding]:
    for each in (*slack_app.token_findings(checked), *slack_app.scope_findings(checked)):
        yield each
    for each in slack_app.socket_finding(settings.socket_mode):
        yield each
    if not checked.bot.ok:
        return
    refusals = await database.refused_lately(engine)
    yield await slack_app.messages_tab(slack, refusals, opt_ins.message_to)
    scopes = checked.bot.scopes or frozenset()
    for channel_id, named_by in slack_names.channels_of(settings.image_channel, allowlist).items():
        yield await slack_names.channel(slack, channel_id, named_by, scopes)
    if allowlist is None:
        return
    try:
        for each in await _people(settings, slack, checked, allowlist):
            yield each
    except SlackDoesNotTell as silent:
        yield slack_names.untold(silent)


async def _people(
    settings: Settings, slack: AsyncWebClient, checked: TokenCheck, allowlist: Allowlist
) -> list[Finding]:
    """Look up whom the allowlist names, and whom its usergroups hold; say who is missing, and what for."""
    home = home_of(checked.bot.body)
    groups = await usergroups(slack) if allowlist.usergroups else Usergroups()
    members = frozenset[str]().union(*(groups.members.get(each, ()) for each in allowlist.usergroups))
    wanted = [*sorted(allowlist.users), *sorted(members - allowlist.users)][:MOST_PEOPLE]
    found = {
        user_id: await profile(slack, user_id, home) or slack_names.nobody(user_id) for user_id in wanted
    }
    named = {user_id: found[user_id] for user_id in wanted if user_id in allowlist.users}
    principals = _principals(settings, allowlist, groups, found)
    return [
        *slack_names.user_findings(named),
        *slack_names.usergroup_findings(allowlist, groups),
        *quorums.quorum_findings(allowlist, principals),
    ]


def _principals(
    settings: Settings, allowlist: Allowlist, groups: Usergroups, profiles: Mapping[str, Profile]
) -> dict[str, Principal]:
    snapshot = Snapshot(allowlist, groups, AccessRequests(settings.deployment, time.time()))
    return {
        user_id: Principal(Person(user_id, known.team_id, settings.image_channel or ""), known, snapshot)
        for user_id, known in profiles.items()
    }


async def _cloud(
    settings: Settings, alibaba: AlibabaCloud, chain: Credentials, opt_ins: OptIns
) -> AsyncIterator[Finding]:
    found = list(cloud.probe_findings(await alibaba.probe(), getattr(chain, "provider", "")))
    for each in found:
        yield each
    if any(each.code in cloud.USELESS for each in found):
        return
    async for each in cloud.identity(alibaba, settings.alibaba_cloud_account_id):
        yield each
    if opt_ins.make_image is None:
        yield note("cloud-image", image.UNASKED, image.ASK)
    else:
        yield await image.image_finding(alibaba, opt_ins.make_image, settings.lookup_seconds)


async def _ahead(
    checked: TokenCheck, alibaba: AlibabaCloud, engine: AsyncEngine, clock: Callable[[], float]
) -> dict[str, float]:
    """Return by how many seconds each clock that tells is ahead of ours."""
    ahead = {"the database": await database.clock_ahead(engine, DatabaseClock(clock))}
    for whose, told in (("Slack", checked.bot.time), ("Alibaba Cloud", await alibaba.server_time())):
        ahead[whose] = None if told is None else told.timestamp() - clock()
    return {whose: seconds for whose, seconds in ahead.items() if seconds is not None}
